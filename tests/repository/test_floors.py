"""Check that the rooms import only downwards, as one house with no way back up."""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
import sys
from typing import Final

import pytest

from .house import INTEGRATION, PACKAGE, ROOT, imported_names, is_below, modules

# From the ground up. A file at the top that is not named here stands on the roof:
# it imports what it needs and only __init__ imports it.
FLOORS: Final = (
    {"isapi"},
    {"const", "mounting", "number_field", "plate_sizes"},
    {"intake", "listeners", "shown_progress", "single_task"},
    {"archive"},
    {"vehicles", "parking"},
    {"gate"},
    {
        "channel",
        "addresses",
        "archive_move",
        "allowed_files",
        "given_plate",
        "clip",
        "centre_options",
        "channel_lists",
        "channel_options",
        "connection",
        "connection_form",
        "exceptions",
        "hidden_plates",
        "lapse",
        "followed_work",
        "mounting_request",
        "options_form",
        "parking_series",
        "passage_wording",
        "picture_cache",
    },
    {
        "centre",
        "area_flow",
        "centre_options_flow",
        "channel_lists",
        "channel_state",
        "device_check",
        "device_issues",
        "device_return",
        "mounting_flow",
        "export_order",
        "file_link",
        "media_folder",
        "parking_statistics",
        "image_undo",
        "receiver_flow",
        "restart_wanted",
        "strangers",
        "recorder",
    },
    {
        "centre_opening",
        "channels",
        "device_checks",
        "list_planning",
        "list_taking",
        "list_writing",
        "parking_areas",
        "picture_view",
        "posting_check",
        "silence",
    },
    {
        "alarm_ports",
        "centre_entity",
        "channel_states",
        "device_lists",
        "device_watch",
        "gates",
        "plate_watch",
        "recorder_watch",
    },
    {"passage_taking"},
    {
        "archive_services",
        "archive_websocket",
        "occupancy_services",
        "parking_services",
        "report_services",
        "vehicle_file_services",
        "vehicles_websocket",
        "coordinator",
        "device_flow",
        "discovery",
        "enrolment",
        "listening_flow",
    },
    {
        "discovered_flow",
        "barriers",
        "plate_origin",
        "platform_question",
        "capture_services",
        "channel_targets",
        "parking_binary_sensors",
        "parking_sensors",
        "parking_websocket",
        "entity",
        "options_flow",
        "several_flow",
    },
    {"detection_modes", "missing_recording", "restored_sensor", "setting_services"},
    {
        "repair",
        "detection_services",
        "device_search_services",
        "display_services",
        "image_services",
        "linkage_services",
        "detection_sensors",
        "list_sensors",
        "measured_sensors",
        "list_services",
        "overlay_services",
        "passage_import_services",
        "mounting_services",
        "recorded_clip",
        "schedule_services",
        "storage_sensors",
        "time_services",
        "upload_services",
        "search_flow",
    },
    {
        "passage_clip",
        "plate_data_services",
        "record_schedule_services",
        "recording_media",
        "recording_services",
        "vehicle_change_services",
        "vehicle_services",
        "views",
    },
    {"export_services", "gate_entity", "passage_media", "recording_websocket"},
    {"export_resuming", "export_websocket", "services"},
)
ROOF: Final = len(FLOORS)
ISAPI: Final = f"{PACKAGE}.isapi"
ISAPI_MAY_USE: Final = {
    "aiohttp",
    "lxml",
    "multidict",
    "openpyxl",
    "xlrd",
    "xlwt",
    "yarl",
}


def room(name: str) -> str:
    """Return the room of a dotted name: the first part below the package."""
    first = name.removeprefix(PACKAGE).lstrip(".").split(".")[0]
    is_room = (INTEGRATION / first).is_dir() or (INTEGRATION / f"{first}.py").exists()
    return first if first and is_room else "__init__"


def floor(of_room: str) -> int:
    """Return the height of a room."""
    if of_room == "__init__":
        return ROOF + 1
    return next((level for level, rooms in enumerate(FLOORS) if of_room in rooms), ROOF)


def climbing_imports() -> Iterator[str]:
    """Yield each import that leads to another room on the same floor or above."""
    for module in modules(INTEGRATION):
        here = room(module.name)
        for name in imported_names(module):
            if not is_below(name, PACKAGE) or (there := room(name)) == here:
                continue
            if floor(there) >= floor(here):
                yield f"{module.where} ({here}) imports {name} ({there})"


def test_imports_lead_down() -> None:
    """Let a room use only those below it."""
    assert list(climbing_imports()) == []


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("__init__", "sensor"),
        ("sensor", "entity"),
        ("entity", "coordinator"),
        ("coordinator", "gate"),
        ("gate", "vehicles"),
        ("parking", "archive"),
        ("intake", "const"),
        ("const", "isapi"),
    ],
)
def test_floors_stand_in_order(upper: str, lower: str) -> None:
    """Keep the order of the design."""
    assert floor(upper) > floor(lower)


def longest_module(name: str, known: set[str]) -> str | None:
    """Return the longest part of a dotted name that is a module."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


@pytest.mark.parametrize("folder", [INTEGRATION, ROOT / "simulator"])
def test_no_circle(folder: Path) -> None:
    """Keep the modules free of circular imports."""
    found = modules(folder)
    known = {module.name for module in found}
    graph = {
        module.name: {
            target
            for name in imported_names(module)
            if (target := longest_module(name, known)) and target != module.name
        }
        for module in found
    }
    assert set(TopologicalSorter(graph).static_order()) == known


def test_isapi_stands_alone() -> None:
    """Keep the protocol free of Home Assistant and of the rest of the house."""
    strangers = {
        (module.where, name)
        for module in modules(INTEGRATION / "isapi")
        for name in imported_names(module)
        if not is_below(name, ISAPI)
        and name.split(".")[0] not in ISAPI_MAY_USE | sys.stdlib_module_names
    }
    assert not strangers


def test_simulator_stands_alone() -> None:
    """Keep the simulator free of our own reading of the protocol."""
    shared = {
        (module.where, name)
        for module in modules(ROOT / "simulator")
        for name in imported_names(module)
        if is_below(name, "custom_components") or is_below(name, "homeassistant")
    }
    assert not shared


def test_integration_does_not_know_the_simulator() -> None:
    """Keep what is only for the demo and the tests out of what users install."""
    shared = {
        (module.where, name)
        for module in modules(INTEGRATION)
        for name in imported_names(module)
        if any(is_below(name, other) for other in ("simulator", "tests", "benchmarks"))
    }
    assert not shared
