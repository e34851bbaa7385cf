"""Check the manifest as Home Assistant's loader and hassfest read it."""

import re
import tomllib
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.loader import Integration, Manifest
from homeassistant.util.json import load_json_object
import pytest

import custom_components

from .house import DOMAIN, INTEGRATION, ROOT

MANIFEST: Final = load_json_object(INTEGRATION / "manifest.json")
REPOSITORY: Final = "https://github.com/hikvision-anpr/hikvision-anpr-ha"


async def test_loader_accepts_manifest(hass: HomeAssistant) -> None:
    """Load the integration as Home Assistant does."""
    integration = Integration.resolve_from_root(hass, custom_components, DOMAIN)

    assert integration is not None
    assert integration.domain == INTEGRATION.name
    assert integration.config_flow
    assert integration.integration_type == "hub"
    assert integration.iot_class == "local_push"


def test_keys_are_in_hassfest_order() -> None:
    """Keep domain and name first, then the alphabet."""
    keys = list(MANIFEST)
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])


def test_keys_are_known_to_the_oldest_supported_hassfest() -> None:
    """Keep out keys that an older hassfest refuses."""
    too_new = {"categories", "connectivity"}
    assert set(MANIFEST) <= set(Manifest.__annotations__) - too_new


@pytest.mark.parametrize(
    ("key", "url"),
    [("documentation", REPOSITORY), ("issue_tracker", f"{REPOSITORY}/issues")],
)
def test_links_lead_to_the_repository(key: str, url: str) -> None:
    """Point the links of the integration page at this repository."""
    assert MANIFEST[key] == url


def test_known_devices_are_followed_by_dhcp() -> None:
    """Ask for the new address of devices that are set up."""
    assert MANIFEST["dhcp"] == [{"registered_devices": True}]


def test_codeowners_are_github_handles() -> None:
    """Name at least one owner, each with an @."""
    owners = MANIFEST["codeowners"]
    assert isinstance(owners, list)
    assert owners
    assert all(str(owner).startswith("@") for owner in owners)


def test_version_is_the_same_everywhere() -> None:
    """Keep the tools' file and the changelog at the manifest's version."""
    version = str(MANIFEST["version"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert project["project"]["version"] == version
    assert re.search(rf"^## .*{re.escape(version)}", changelog, re.MULTILINE)
