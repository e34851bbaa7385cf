"""Check what HACS and the Marketplace ask of a repository."""

from typing import Final

from homeassistant.util.json import load_json_object
import pytest
import voluptuous as vol

from .house import DOMAIN, INTEGRATION, ROOT

HACS_JSON: Final = vol.Schema(
    {
        vol.Required("name"): str,
        vol.Optional("content_in_root"): bool,
        vol.Optional("country"): vol.Any(str, [str]),
        vol.Optional("filename"): str,
        vol.Optional("hacs"): str,
        vol.Optional("hide_default_branch"): bool,
        vol.Optional("homeassistant"): str,
        vol.Optional("persistent_directory"): str,
        vol.Optional("render_readme"): bool,
        vol.Optional("zip_release"): bool,
    }
)
MANIFEST: Final = load_json_object(INTEGRATION / "manifest.json")


def test_hacs_json_is_valid() -> None:
    """Hold to the schema, and to the name and the floor of the integration."""
    hacs = HACS_JSON(load_json_object(ROOT / "hacs.json"))
    assert hacs["name"] == MANIFEST["name"]
    assert hacs["homeassistant"] == "2026.10.0"


@pytest.mark.parametrize(
    "key",
    ["codeowners", "documentation", "domain", "issue_tracker", "name", "version"],
)
def test_manifest_has_what_hacs_requires(key: str) -> None:
    """Fill in each key that HACS demands."""
    assert MANIFEST[key]


def test_repository_holds_one_integration() -> None:
    """Keep to one folder: the first one found is installed."""
    folders = {
        path.name
        for path in INTEGRATION.parent.iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    assert folders == {DOMAIN}


@pytest.mark.parametrize("name", ["README.md", "LICENSE"])
def test_information_is_there(name: str) -> None:
    """Give the page that HACS shows, and the licence."""
    assert (ROOT / name).read_text(encoding="utf-8").strip()
