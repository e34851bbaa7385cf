"""Check the icons of entities, actions, triggers and conditions."""

from collections import defaultdict
from importlib.util import find_spec
import json
from pathlib import Path
import re
from typing import Final

import pytest

from .house import ENGLISH, INTEGRATION, flat_json

ICONS: Final = flat_json(INTEGRATION / "icons.json")
KEY: Final = "[a-z0-9_-]+"
PATH: Final = re.compile(
    rf"""entity\.{KEY}\.{KEY}\.(?:default|state\.{KEY}|range\.[0-9.]+
        |state_attributes\.{KEY}\.(?:default|state\.{KEY}))
    |services\.{KEY}\.(?:service|sections\.{KEY})
    |triggers\.{KEY}\.trigger
    |conditions\.{KEY}\.condition""",
    re.VERBOSE,
)
# Home Assistant itself has the texts of these states.
OWN_STATES: Final = {
    "binary_sensor": {"on", "off"},
    "cover": {"closed", "closing", "open", "opening"},
    "switch": {"on", "off"},
}


def entities(paths: dict[str, str]) -> set[str]:
    """Return platform and key of each entity."""
    return {".".join(path.split(".")[1:3]) for path in paths if _is_entity(path)}


def states(paths: dict[str, str]) -> dict[str, set[str]]:
    """Return the states below each entity or attribute."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        owner, dot, state = path.rpartition(".state.")
        if _is_entity(path) and dot:
            found[owner].add(state)
    return found


def _is_entity(path: str) -> bool:
    """Tell whether a path belongs to an entity."""
    return path.startswith("entity.")


def test_icons_follow_the_schema() -> None:
    """Use known keys and Material Design names only."""
    assert [path for path in ICONS if not PATH.fullmatch(path)] == []
    assert [
        icon for icon in ICONS.values() if not re.match(r"mdi:[a-z0-9-]+$", icon)
    ] == []


def test_every_icon_has_an_entity() -> None:
    """Draw nothing for an entity that has no name."""
    assert entities(ICONS) - entities(flat_json(ENGLISH)) == set()


def test_every_state_icon_has_a_state() -> None:
    """Draw nothing for a state that does not exist."""
    texts = states(flat_json(ENGLISH))
    unknown = {
        f"{owner}.{state}"
        for owner, drawn in states(ICONS).items()
        for state in drawn - texts[owner] - OWN_STATES.get(owner.split(".")[1], set())
    }
    assert not unknown


def test_every_drawn_entity_has_a_default() -> None:
    """Give an icon to the states that have none of their own."""
    missing = {
        entity for entity in entities(ICONS) if f"entity.{entity}.default" not in ICONS
    }
    assert not missing


def test_state_icons_differ_from_the_default() -> None:
    """Leave out state icons that say no more than the default."""
    same = {
        path
        for path, icon in ICONS.items()
        if ".state." in path
        and icon == ICONS.get(f"{path.rpartition('.state.')[0]}.default")
    }
    assert not same


@pytest.mark.skipif(find_spec("hass_frontend") is None, reason="needs the frontend")
def test_icons_exist() -> None:
    """Name icons that the frontend has."""
    spec = find_spec("hass_frontend")
    assert spec is not None
    assert spec.origin is not None
    catalogue = Path(spec.origin).parent / "static/mdi/iconList.json"
    known = {icon["name"] for icon in json.loads(catalogue.read_text(encoding="utf-8"))}
    assert {icon.removeprefix("mdi:") for icon in ICONS.values()} - known == set()
