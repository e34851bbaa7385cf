"""Test telling plate reads, signs of life and everything else apart."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from custom_components.hikvision_anpr.isapi.events import DeviceEvent, parse_messages
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

from .fixtures import (
    OTHER_DOCUMENTS,
    PLATE_DOCUMENTS,
    alert,
    at,
    document,
    event_of,
    plate_alert,
    read_of,
)

SENT_AT = at("2026-04-07T08:15:40+02:00")

EVENTS: dict[str, DeviceEvent] = {
    "heartbeat_camera.xml": DeviceEvent(
        kind="heartbeat",
        event_type="videoloss",
        active=False,
        channel=1,
        sent_at=SENT_AT,
    ),
    "heartbeat_recorder.xml": DeviceEvent(
        kind="heartbeat",
        event_type="videoloss",
        active=False,
        channel=1,
        sent_at=SENT_AT,
    ),
    "heartbeat_subscription.xml": DeviceEvent(
        kind="heartbeat",
        event_type="heartBeat",
        active=True,
        channel=1,
        sent_at=SENT_AT,
    ),
    "video_loss.xml": DeviceEvent(
        kind="video_loss",
        event_type="videoloss",
        active=True,
        channel=4,
        sent_at=SENT_AT,
    ),
    "input.xml": DeviceEvent(
        kind="input", event_type="IO", active=True, channel=1, sent_at=SENT_AT, port=2
    ),
    "duration.xml": DeviceEvent(
        kind="other",
        event_type="fielddetection",
        active=True,
        channel=1,
        sent_at=SENT_AT,
    ),
    "motion.xml": DeviceEvent(
        kind="other", event_type="VMD", active=False, channel=2, sent_at=SENT_AT
    ),
    "subscribed.xml": DeviceEvent(
        kind="answer", event_type="SubscribeEventResponse", active=True, channel=0
    ),
    "access_door.json": DeviceEvent(
        kind="other",
        event_type="AccessControllerEvent",
        active=True,
        channel=1,
        sent_at=at("2026-04-07T08:15:30+02:00"),
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_event(name: str) -> None:
    """Classify what is no read (reference 2.2, 2.3)."""
    assert event_of(document(name)) == EVENTS[name]


def test_every_document_is_classified() -> None:
    """Have a read or an event for every document but the refusal."""
    assert set(OTHER_DOCUMENTS) == EVENTS.keys() | {"refusal.xml"}
    for name in PLATE_DOCUMENTS:
        assert read_of(document(name))
    assert parse_messages(document("refusal.xml"), UTC) == []


@pytest.mark.parametrize(
    ("event_type", "state", "kind"),
    [
        ("videoloss", "inactive", "heartbeat"),
        ("VideoLoss", "Inactive", "heartbeat"),
        ("heartBeat", "active", "heartbeat"),
        ("HEARTBEAT", "inactive", "heartbeat"),
        ("videoloss", "active", "video_loss"),
        ("videoloss", "", "video_loss"),
        ("IO", "inactive", "input"),
        ("io", "active", "input"),
        ("VMD", "active", "other"),
        ("duration", "active", "other"),
        ("vehicleMatchResult", "active", "other"),
    ],
)
def test_kind(event_type: str, state: str, kind: str) -> None:
    """Tell a heartbeat from a dead channel by its state (traps 32, 33)."""
    body = alert(envelope=f"<eventState>{state}</eventState>", event_type=event_type)
    event = event_of(body)
    assert (event.kind, event.event_type) == (kind, event_type)
    assert event.active is (state.lower() != "inactive")
    assert event.sent_at is None


@pytest.mark.parametrize("event_type", ["ANPR", "anpr", "vehicleDetection"])
def test_plate_events(event_type: str) -> None:
    """Read a plate from every event type that carries plates."""
    anpr = "<licensePlate>AB12</licensePlate>"
    assert read_of(alert(anpr, event_type=event_type)).plate == "AB12"
    assert event_of(alert("", event_type=event_type)).kind == "other"


@pytest.mark.parametrize(
    "event_type",
    ["VMD", "fielddetection", "videoloss", "ANPRx", "duration", "IO", "ptz"],
)
def test_nothing_else_is_a_read(event_type: str) -> None:
    """Read no plate from an event that is about something else."""
    event = event_of(alert("<licensePlate>AB12</licensePlate>", event_type=event_type))
    assert event.event_type == event_type


@pytest.mark.parametrize(
    "body",
    [
        b"<EventNotificationAlert></EventNotificationAlert>",
        b"<EventNotificationAlert><eventType/></EventNotificationAlert>",
        b"<a><licensePlate>AB12</licensePlate></a>",
        b"<ANPR><licensePlate>AB12</licensePlate></ANPR>",
        b"<Plates><Plate><plateNumber>AB12</plateNumber></Plate></Plates>",
        b"<FTP></FTP>",
        b'{"licensePlate": "AB12"}',
        b"licensePlate=AB12&eventType=ANPR",
        b"",
    ],
)
def test_nothing_of_a_device(body: bytes) -> None:
    """Leave out what is no message of a device."""
    assert parse_messages(body, UTC) == []


@pytest.mark.parametrize(
    ("current", "retransmitted"), [("true", False), ("false", True), ("null", False)]
)
def test_access_event(current: str, retransmitted: bool) -> None:
    """Take a terminal's history for kept back (reference 1.10, 2.4)."""
    body = document("access.json").replace(
        b'"currentEvent": true', f'"currentEvent": {current}'.encode()
    )
    read = read_of(body)
    assert (read.plate, read.retransmitted) == ("TR1CK5", retransmitted)


@pytest.mark.parametrize("plate", ["unknown", "noPlate"])
def test_access_event_without_a_plate(plate: str) -> None:
    """Know the sentinels in an access event as well."""
    body = document("access.json").replace(b"TR1CK5", plate.encode())
    assert read_of(body).is_unreadable


def test_access_event_names_its_channel_and_its_uuid() -> None:
    """Take what identifies an access event from its envelope."""
    body = document("access.json").replace(
        b'"channelID": 1', b'"dynChannelID": 5, "UUID": "0123456789abcdef"'
    )
    read = read_of(body)
    assert (read.channel, read.uuid) == (5, "0123456789abcdef")


def test_several_messages_in_one_part() -> None:
    """Read glued documents in their order, faulty ones left out."""
    body = (
        plate_alert("AA11111")
        + b"HTTP/1.1 200 OK\r\n\r\n"
        + document("refusal.xml")
        + document("heartbeat_camera.xml")
        + plate_alert("BB22222")
        + plate_alert("CC33333")[:-5]
    )
    messages = parse_messages(body, UTC)
    assert [type(message) for message in messages] == [
        PlateRead,
        DeviceEvent,
        PlateRead,
    ]


@pytest.mark.parametrize(
    "body",
    [
        '{"?xml": {"@version": "1.0"}, "EventNotificationAlert": %s}',
        '{"@xmlns": "urn:x", "EventNotificationAlert": %s}',
        '{"EventNotificationAlert": [%s]}',
        '[{"EventNotificationAlert": %s}]',
    ],
)
def test_json_wrapped_otherwise(body: str) -> None:
    """Find the alert beside what converters of XML put there (reference 1.10)."""
    inner = '{"eventType": "ANPR", "ANPR": {"licensePlate": "AB12"}}'
    assert read_of((body % inner).encode()).plate == "AB12"


def test_several_alerts_in_one_document() -> None:
    """Read all alerts that a document lists."""
    body = b"""{"EventNotificationAlert": [
        {"eventType": "ANPR", "ANPR": {"licensePlate": "AA11111"}},
        {"eventType": "ANPR", "ANPR": {"licensePlate": "BB22222"}}]}"""
    messages = parse_messages(body, UTC)
    assert [getattr(one, "plate", None) for one in messages] == ["AA11111", "BB22222"]


def test_zone_of_times_without_offset() -> None:
    """Read times without offset in the given zone."""
    body = document("heartbeat_camera.xml").replace(b"+02:00", b"")
    (event,) = parse_messages(body, ZoneInfo("Asia/Dubai"))
    assert isinstance(event, DeviceEvent)
    assert event.sent_at == at("2026-04-07T08:15:40+04:00")
