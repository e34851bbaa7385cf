"""Test the ANPR events of each dialect against the elements of the reference."""

from datetime import UTC, datetime
from typing import Unpack

from hypothesis import given, strategies as st
import pytest

from simulator import DEEPINVIEW, DS_2CD4A26, ENTRANCE, Passage, Picture, Profile
from simulator.clock import DeviceClock
from simulator.events import anpr_event, heartbeat, state_event
from simulator.faults import Faults
from simulator.passage import Facts

from .elements import DEEPINVIEW_ELEMENTS, ENTRANCE_ELEMENTS
from .xml_reading import names, text, tree


def passage(
    plate: str = "MXY123",
    pictures: tuple[Picture, ...] = tuple(Picture),
    **facts: Unpack[Facts],
) -> Passage:
    """Return a passage at a fixed time."""
    return Passage(
        uuid="7b2e",
        plate=plate,
        captured_at=datetime(2026, 1, 2, 3, 4, 5, 678000, UTC),
        index=7,
        pictures=pictures,
        picture_ids={picture: f"id-{picture}" for picture in pictures},
        jpegs={},
        **facts,
    )


def event(profile: Profile, what: Passage, count: int = 1) -> bytes:
    """Return the event of a passage."""
    return anpr_event(profile, DeviceClock(faults=Faults()), what, count)


@pytest.mark.parametrize(
    ("profile", "elements"),
    [(DEEPINVIEW, DEEPINVIEW_ELEMENTS), (ENTRANCE, ENTRANCE_ELEMENTS)],
    ids=["deepinview", "entrance"],
)
def test_elements_and_their_order(profile: Profile, elements: list[str]) -> None:
    """Write exactly the elements of the captures, in their order."""
    pictures = (Picture.PLATE, Picture.SCENE)
    assert names(event(profile, passage(pictures=pictures))) == elements


@pytest.mark.parametrize("profile", [DEEPINVIEW, ENTRANCE, DS_2CD4A26])
def test_root(profile: Profile) -> None:
    """Write the root in the model's namespace, version 2.0."""
    root = tree(event(profile, passage()))
    assert root.tag == f"{{{profile.namespace}}}EventNotificationAlert"
    assert root.get("version") == "2.0"


@pytest.mark.parametrize(
    ("profile", "list_name", "element", "word"),
    [
        (DEEPINVIEW, "allow", "vehicleListName", "allowList"),
        (DEEPINVIEW, "block", "vehicleListName", "blockList"),
        (DEEPINVIEW, None, "vehicleListName", "otherList"),
        (DEEPINVIEW, "Staff", "vehicleListName", "Staff"),
        (DS_2CD4A26, "allow", "vehicleListName", "whiteList"),
        (DS_2CD4A26, "block", "vehicleListName", "blackList"),
        (ENTRANCE, "allow", "listType", "white"),
        (ENTRANCE, "block", "listType", "black"),
        (ENTRANCE, "temporary", "listType", "temporary"),
        (ENTRANCE, None, "listType", None),
    ],
)
def test_lists_have_the_models_words(
    profile: Profile, list_name: str | None, element: str, word: str | None
) -> None:
    """Say which list the vehicle is on in the model's vocabulary."""
    body = event(profile, passage(list_name=list_name))
    assert text(body, f"ANPR/{element}") == word


def test_unread_plate() -> None:
    """Write an unread plate as the capture does: text, confidence, no characters."""
    body = event(DEEPINVIEW, passage("unknown", (Picture.VEHICLE,), color="white"))
    assert text(body, "ANPR/licensePlate") == "unknown"
    assert text(body, "ANPR/originalLicensePlate") == "unknown"
    assert text(body, "ANPR/confidenceLevel") == "0"
    assert text(body, "ANPR/country") == "0"
    assert text(body, "ANPR/plateCharBelieve") is None
    assert text(body, "ANPR/vehicleInfo/color") == "white"
    assert text(body, "picNum") == "1"


@pytest.mark.parametrize("profile", [DEEPINVIEW, ENTRANCE])
def test_late_events_say_so(profile: Profile) -> None:
    """Mark what is uploaded again, and what is history."""
    body = event(profile, passage(retransmitted=True, history=True))
    assert text(body, "isDataRetransmission") == "true"
    assert text(body, "ANPR/alarmDataType") == "1"


@pytest.mark.parametrize("profile", [DEEPINVIEW, ENTRANCE])
def test_first_of_two_messages_says_so(profile: Profile) -> None:
    """Mark an event whose pictures come in a second message."""
    assert text(event(profile, passage(has_more_data=True)), "ANPR/hasMoreData") == (
        "true"
    )


def test_times_by_dialect() -> None:
    """Write seconds on DeepinView, milliseconds on entrance cameras."""
    assert text(event(DEEPINVIEW, passage()), "dateTime") == "2026-01-02T03:04:05+00:00"
    told = text(event(ENTRANCE, passage()), "dateTime")
    assert told == "2026-01-02T03:04:05.678+00:00"
    assert b"<absTime>20260102030405678</absTime>" in event(DEEPINVIEW, passage())


def test_post_count_runs_on_entrance_cameras_only() -> None:
    """Count alarms on entrance cameras; DeepinView always says 1."""
    assert text(event(ENTRANCE, passage(), 18), "activePostCount") == "18"
    assert text(event(DEEPINVIEW, passage(), 18), "activePostCount") == "1"


def test_direction_turns_the_car() -> None:
    """Say in carDirectionType what direction says."""
    body = event(ENTRANCE, passage(direction="reverse", lane=2))
    assert text(body, "ANPR/direction") == "reverse"
    assert text(body, "carDirectionType") == "1"
    assert text(body, "ANPR/line") == "2"


def test_overrides_replace_add_and_remove() -> None:
    """Let the caller change any element by its path."""
    changes = {"ANPR/country": "253", "ANPR/area": "DXB", "ANPR/vehicleInfo": None}
    body = event(DEEPINVIEW, passage(overrides=changes))
    assert text(body, "ANPR/country") == "253"
    assert text(body, "ANPR/area") == "DXB"
    assert "ANPR/vehicleInfo" not in names(body)


def test_override_below_a_text_is_refused() -> None:
    """Refuse a path that leads through an element without children."""
    with pytest.raises(TypeError, match="channelName"):
        event(DEEPINVIEW, passage(overrides={"channelName/x": "1"}))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1))
def test_any_plate_survives(plate: str) -> None:
    """Escape whatever a plate holds."""
    body = event(DEEPINVIEW, passage(plate))
    assert text(body, "ANPR/licensePlate") == plate


def test_heartbeat_and_other_events() -> None:
    """Write a heartbeat as videoloss inactive, and other events as they are."""
    clock = DeviceClock(faults=Faults())
    quiet = heartbeat(DEEPINVIEW, clock)
    assert text(quiet, "eventType") == "videoloss"
    assert text(quiet, "eventState") == "inactive"
    motion = state_event(DEEPINVIEW, clock, "VMD", count=3)
    assert text(motion, "eventState") == "active"
    assert text(motion, "activePostCount") == "3"
