"""Tell what a device reports: plate reads, signs of life, and everything else."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Literal

from .document import parse_documents
from .node import Node, PlainNode
from .plate_read import PlateRead, channel_of, parse_plate_read
from .timestamps import parse_device_time

type EventKind = Literal["heartbeat", "video_loss", "input", "answer", "other"]

PLATE_EVENTS: Final = frozenset({"anpr", "vehicledetection"})
"""Event types that carry plates; the second is the vendor manual's (reference 1.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEvent:
    """Hold an event that is no plate read.

    `kind` is `heartbeat` (the device lives), `video_loss` (an input of a recorder
    is dead), `input` (alarm input, whose number is `port`), `answer` (the device
    answers a request on the stream), or `other`. `event_type` is the device's own word;
    `sent_at` its time.
    """

    kind: EventKind
    event_type: str
    active: bool
    channel: int
    sent_at: datetime | None = None
    port: int | None = None


type DeviceMessage = PlateRead | DeviceEvent


def parse_messages(body: bytes, default_zone: tzinfo) -> list[DeviceMessage]:
    """Read all messages of one part; what cannot be understood is left out.

    `default_zone` applies to device times without an offset. Never raises.
    """
    return [
        message
        for document in parse_documents(body)
        for alert in document.every("EventNotificationAlert") or [document]
        if (message := _parse_message(alert, default_zone)) is not None
    ]


def _parse_message(document: Node, default_zone: tzinfo) -> DeviceMessage | None:
    """Turn one document into a message, None where it is none of a device."""
    if document.name.lower().startswith("subscribeevent"):
        return DeviceEvent(
            kind="answer", event_type=document.name, active=True, channel=0
        )
    if document.name.upper() == "FTP":
        return parse_plate_read(document, default_zone)
    event_type = document.value("eventType")
    if event_type is None:
        return None
    if event_type.lower() in PLATE_EVENTS:
        if read := parse_plate_read(document, default_zone):
            return read
    elif read := _access_read(document, default_zone):
        return read
    return _device_event(document, event_type, default_zone)


def _access_read(document: Node, default_zone: tzinfo) -> PlateRead | None:
    """Read the plate that access terminals send in an event of their own.

    Field report only (reference 1.10): JSON, the plate beside the card number.
    Terminals dump their history at first; live events say currentEvent.
    """
    access = document.child("AccessControllerEvent")
    plate = access.value("licensePlate") if access else None
    if access is None or plate is None:
        return None
    fields = {
        name: node
        for name in ("dateTime", "macAddress", "channelID", "dynChannelID", "UUID")
        if (node := document.child(name))
    }
    anpr = PlainNode("ANPR", children={"licenseplate": (PlainNode(text=plate),)})
    history = "true" if access.flag("currentEvent") is False else "false"
    alert = PlainNode(
        "EventNotificationAlert",
        children={
            "anpr": (anpr,),
            "isdataretransmission": (PlainNode(text=history),),
            **{name.lower(): (node,) for name, node in fields.items()},
        },
    )
    return parse_plate_read(alert, default_zone)


def _device_event(document: Node, event_type: str, default_zone: tzinfo) -> DeviceEvent:
    """Classify an event that is no plate read (reference 2.2, 2.3)."""
    active = (document.value("eventState") or "active").lower() == "active"
    relation = document.child("DurationList", "Duration")
    return DeviceEvent(
        kind=_kind(event_type.lower(), active),
        event_type=(relation and relation.value("relationEvent")) or event_type,
        active=active,
        channel=channel_of(document),
        sent_at=parse_device_time(document.value("dateTime") or "", default_zone),
        port=document.integer("inputIOPortID"),
    )


def _kind(event_type: str, active: bool) -> EventKind:
    """Return the kind of an event type.

    Video loss that is inactive is how cameras say that they live; active, it is a
    recorder's dead input (reference 2.2).
    """
    if event_type == "heartbeat" or (event_type == "videoloss" and not active):
        return "heartbeat"
    if event_type == "videoloss":
        return "video_loss"
    return "input" if event_type == "io" else "other"
