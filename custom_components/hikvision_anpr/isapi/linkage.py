"""Read and change what a device does when it reads a plate (reference 7.4).

Each kind of read has a trigger, a document that lists what is done: tell the
surveillance centre, upload, send a mail, record, switch outputs.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from .client import IsapiClient
from .detection_mode import async_in_order
from .errors import NOT_TOLD, NotSupportedError, NotTakenError
from .http_host_document import put
from .stored_document import async_store
from .writable_document import Element, child, name_of, parse, text, whole_number

type Trigger = Literal[
    "vehicle_detection", "allow_list", "block_list", "other_list", "all_lists"
]
type Link = tuple[str, int | None]
"""A method in lower case, and the channel it records or the output it switches."""

TRIGGERS: Final[dict[Trigger, tuple[str, ...]]] = {
    "vehicle_detection": ("vehicledetection", "HVTVehicleDetection"),
    "allow_list": ("whiteList",),
    "block_list": ("blackList",),
    "other_list": ("otherVehicleList",),
    "all_lists": ("allVehicleList",),
}
"""How devices call the triggers; the last two are inferred from their event types."""

CENTER: Final = "center"
RECORD: Final = "record"
OUTPUT: Final = "io"
METHODS: Final[dict[str, str]] = {
    CENTER: CENTER,
    "ftp": "FTP",
    "email": "email",
    "beep": "beep",
}
"""The methods that have no number, as devices write them."""

_CAPABILITIES: Final[dict[Trigger, str]] = {
    "vehicle_detection": "VehicleDetectionTriggerCap",
    "allow_list": "WhiteListTriggerCap",
    "block_list": "BlackListTriggerCap",
}
DIRECTIONS: Final = ("both", "forward", "reverse")

_LIST: Final = "EventTriggerNotificationList"
_NOTIFICATION: Final = "EventTriggerNotification"
_METHOD: Final = "notificationMethod"
_RECURRENCE: Final = "notificationRecurrence"
_NUMBERED: Final = {
    RECORD: ("videoInputID", "dynVideoInputID"),
    OUTPUT: ("outputIOPortID",),
}
"""What holds a number; recorders write the second (samples of their triggers)."""
WORDS: Final = {RECORD: "record", OUTPUT: "IO", **METHODS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """Hold what a trigger does; None where its document does not say."""

    links: tuple[Link, ...] | None
    direction: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageChange:
    """Hold what is to be done, or no longer, and for which direction; None stays."""

    add: frozenset[Link] = frozenset()
    remove: frozenset[Link] = frozenset()
    direction: str | None = None


async def async_get_linkage(
    client: IsapiClient, channel: int, trigger: Trigger
) -> Linkage:
    """Ask what a trigger of a channel does.

    Raises NotSupportedError where there is no such trigger, and the errors of the
    client.
    """
    _, root = await _async_document(client, channel, trigger)
    return _linkage(root)


async def async_get_offered(
    client: IsapiClient, trigger: Trigger
) -> frozenset[str] | None:
    """Ask by what methods a device can act on a trigger; None if it does not say.

    Raises the errors of the client.
    """
    try:
        answer = await client.get("/ISAPI/Event/triggersCap")
    except NOT_TOLD:
        return None
    found = answer.find(_CAPABILITIES.get(trigger, ""))
    if found is None:
        return None
    return frozenset(word for word in WORDS if found.flag(f"isSupport{WORDS[word]}"))


async def async_change_linkage(
    client: IsapiClient, channel: int, trigger: Trigger, change: LinkageChange
) -> bool:
    """Change what is named, send all of the document back, and read it again.

    Nothing is written where all is so already. Tells whether the device wants a
    restart. Raises NotSupportedError where the document has no place for it, NotTakenError where the device shows something else
    afterwards, and the errors of the client.
    """
    path, root = await _async_document(client, channel, trigger)
    if _has_taken(_linkage(root), change):
        return False
    _apply(root, change)
    reboot_required = await async_store(client, path, root)
    kept = _linkage(parse(await client.get_bytes(path)))
    if not reboot_required and not _has_taken(kept, change):
        raise NotTakenError("The device does not keep the link", path=path)
    return reboot_required


async def _async_document(
    client: IsapiClient, channel: int, trigger: Trigger
) -> tuple[str, Element]:
    """Return where a trigger is and what it says; the list of all fails on some models.

    A camera that detects two-wheelers, too, knows its trigger by another name.
    """
    names = await async_in_order(client, channel, TRIGGERS[trigger])
    *first, last = (f"/ISAPI/Event/triggers/{one}-{channel}" for one in names)
    for path in first:
        try:
            return path, parse(await client.get_bytes(path))
        except NotSupportedError:
            continue
    return last, parse(await client.get_bytes(last))


def _linkage(root: Element) -> Linkage:
    """Return what a document says."""
    trigger = _trigger(root)
    listed = child(trigger, _LIST)
    return Linkage(
        links=None
        if listed is None
        else tuple(dict.fromkeys(_link(one) for one in _notifications(listed))),
        direction=text(trigger, "direction") or None,
    )


def _has_taken(linkage: Linkage, change: LinkageChange) -> bool:
    """Tell whether a trigger is as it was to become."""
    links = frozenset(linkage.links or ())
    if (change.add or change.remove) and linkage.links is None:
        return False
    return (
        change.add <= links
        and not change.remove & links
        and change.direction in {None, linkage.direction}
    )


def _apply(root: Element, change: LinkageChange) -> None:
    """Put a change into a document. Raises NotSupportedError."""
    trigger = _trigger(root)
    listed = child(trigger, _LIST)
    if listed is None and (change.add or change.remove):
        raise NotSupportedError("The device's trigger has no list of what is done")
    if listed is not None:
        for one in list(_notifications(listed)):
            if _link(one) in change.remove:
                listed.remove(one)
        there = {_link(one) for one in _notifications(listed)}
        for link in sorted(change.add - there, key=str):
            listed.append(_notification(trigger, listed, link))
    if change.direction is not None:
        direction = child(trigger, "direction")
        if direction is None:
            raise NotSupportedError("The device's trigger has no direction")
        direction.text = change.direction


def _trigger(root: Element) -> Element:
    """Return the trigger of a document, which may be wrapped."""
    inner = child(root, "EventTrigger")
    return root if inner is None else inner


def _notifications(listed: Element) -> Iterator[Element]:
    """Yield what is done."""
    return (one for one in listed if name_of(one) == _NOTIFICATION.lower())


def _link(notification: Element) -> Link:
    """Return what a notification does; its id may tell the number that it lacks."""
    method = (text(notification, _METHOD) or "").lower()
    if method not in _NUMBERED:
        return method, None
    told = (text(notification, name) for name in _NUMBERED[method])
    number = next(filter(None, told), None)
    if not number:
        number = (text(notification, "id") or "").rpartition("-")[2]
    return method, whole_number(number)


def _notification(trigger: Element, listed: Element, link: Link) -> Element:
    """Return a notification, written like one of its method if there is any."""
    method, number = link
    word = WORDS[method]
    like = (one for one in _notifications(listed) if _link(one)[0] == method)
    made = deepcopy(next(like, None))
    if made is None:
        made = _plain(trigger, listed, method)
    put(made, ("id",), word if number is None else f"{word}-{number}")
    for name in _NUMBERED.get(method, ()):
        if number is not None and child(made, name) is not None:
            put(made, (name,), str(number))
    return made


def _plain(trigger: Element, listed: Element, method: str) -> Element:
    """Return a notification of a method that a document has none of."""
    namespace = etree.QName(listed).namespace
    made = etree.Element(etree.QName(namespace, _NOTIFICATION))
    names = ["id", _METHOD]
    others = list(_notifications(listed))
    if not others or any(child(one, _RECURRENCE) is not None for one in others):
        names.append(_RECURRENCE)
    if numbered := _NUMBERED.get(method):
        names.append(numbered[-1] if _is_of_recorder(trigger) else numbered[0])
    for name in names:
        etree.SubElement(made, etree.QName(namespace, name))
    put(made, (_METHOD,), WORDS[method])
    if _RECURRENCE in names:
        put(made, (_RECURRENCE,), "beginning")
    return made


def _is_of_recorder(trigger: Element) -> bool:
    """Tell whether a trigger names its channel as recorders do."""
    return (
        child(trigger, "dynVideoInputChannelID") is not None
        and child(trigger, "videoInputChannelID") is None
    )
