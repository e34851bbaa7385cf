"""Describe the demo's dashboard: the last vehicle, its pictures, who passed before."""

from collections.abc import Mapping
from typing import Any, Final

from .api import HomeApi

URL_PATH: Final = "number-plates"
TITLE: Final = "Number plates"

type Card = dict[str, Any]

#: Rows of the last passages, newest first.
PASSAGES: Final = """\
| Time | Plate | Country | Vehicle | Direction | List |
|:--|:--|:--|:--|:--|:--|
{% for passage in state_attr("sensor.last_passages", "passages") or [] -%}
| {{ (passage.at | as_datetime | as_local).strftime("%H:%M:%S") }} \
| {% if passage.plate %}**{{ passage.plate }}**{% else %}*Unreadable*{% endif %} \
| {{ passage.country or "" }} \
| {{ passage.vehicle }} \
| {{ {"forward": "↓ Towards", "reverse": "↑ Away"}.get(passage.direction, "") }} \
| {{ LISTS.get(passage.list, "") }} |
{% endfor %}"""
LISTS: Final = """\
{% set LISTS = {
  "allow": "<font color='green'>Allowed</font>",
  "block": "<font color='red'>**Blocked**</font>",
} -%}
"""


async def furnish_dashboard(api: HomeApi) -> None:
    """Make the dashboard, or renew it, and show it first."""
    entities = await api.entities()
    existing = await api.command("lovelace/dashboards/list")
    if URL_PATH not in {dashboard["url_path"] for dashboard in existing}:
        await api.command(
            "lovelace/dashboards/create",
            url_path=URL_PATH,
            title=TITLE,
            icon="mdi:car-back",
            mode="storage",
            require_admin=False,
            show_in_sidebar=True,
        )
    await api.command(
        "lovelace/config/save", url_path=URL_PATH, config=dashboard(entities)
    )
    await api.command(
        "frontend/set_system_data", key="core", value={"default_panel": URL_PATH}
    )


def dashboard(entities: Mapping[str, str]) -> Card:
    """Return the dashboard, given our entities by their keys."""
    view = {
        "title": TITLE,
        "path": "passages",
        "type": "sections",
        "max_columns": 3,
        "badges": [
            _badge(entities["connected"]),
            _badge(entities["passages_today"]),
            _badge(entities["allowed_vehicle"]),
            _badge(entities["blocked_vehicle"]),
        ],
        "sections": [
            _section("Last vehicle", _last_vehicle(entities)),
            _section("At the gate", _gate(entities), column_span=2),
        ],
    }
    return {"title": TITLE, "views": [view]}


def _last_vehicle(entities: Mapping[str, str]) -> list[Card]:
    """Return the cards about the last vehicle."""
    return [
        _picture(entities["plate_picture"], columns=12),
        _tile(entities["last_plate"], "Plate"),
        _tile(entities["last_passage"], "Passed"),
        _tile(entities["direction"], "Direction", columns=12),
        _tile(entities["vehicle_type"], "Type"),
        _tile(entities["vehicle_brand"], "Brand"),
        _tile(entities["vehicle_color"], "Color"),
        _tile(entities["country"], "Country"),
        {
            "type": "logbook",
            "target": {"entity_id": [entities["passage"]]},
            "hours_to_show": 1,
            "grid_options": {"columns": 12, "rows": 6},
        },
    ]


def _gate(entities: Mapping[str, str]) -> list[Card]:
    """Return the cards that show what the camera saw, and who passed before."""
    live = _picture(entities["live"], columns=12)
    return [
        _picture(entities["scene_picture"], columns=12),
        live | {"camera_view": "auto"},
        _heading("Last passages"),
        {
            "type": "markdown",
            "content": LISTS + PASSAGES,
            "grid_options": {"columns": "full"},
        },
    ]


def _section(title: str, cards: list[Card], *, column_span: int = 1) -> Card:
    """Return a part of the view under a heading."""
    return {
        "type": "grid",
        "column_span": column_span,
        "cards": [_heading(title), *cards],
    }


def _heading(title: str) -> Card:
    """Return a heading."""
    return {"type": "heading", "heading": title}


def _picture(entity_id: str, *, columns: int) -> Card:
    """Return a card that is a picture."""
    return {
        "type": "picture-entity",
        "entity": entity_id,
        "show_name": False,
        "show_state": False,
        "grid_options": {"columns": columns},
    }


def _tile(entity_id: str, name: str, *, columns: int = 6) -> Card:
    """Return a tile under a short name."""
    return {
        "type": "tile",
        "entity": entity_id,
        "name": name,
        "grid_options": {"columns": columns},
    }


def _badge(entity_id: str) -> Card:
    """Return a badge with name and state."""
    return {"type": "entity", "entity": entity_id, "show_name": True}
