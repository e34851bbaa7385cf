"""Build the events that a device sends on its own (reference 1, 2.2, 2.3)."""

from typing import Final

from . import dialect_deepinview, dialect_entrance
from .clock import DeviceClock
from .document import Tree, render
from .faults import Fault
from .passage import Passage
from .profiles import Dialect, Profile

CHANNEL_NAME_WITH_AMPERSAND: Final = "Gate & Yard"


def anpr_event(
    profile: Profile, clock: DeviceClock, passage: Passage, count: int
) -> bytes:
    """Return the ANPR event of a passage, in the device's dialect.

    Args:
        profile: The device.
        clock: Its clock, which writes the event's time.
        passage: What happened.
        count: How many alarms the device has sent since it started.

    Raises:
        ValueError: The device reads no plates.
    """
    match profile.dialect:
        case Dialect.DEEPINVIEW:
            tree = dialect_deepinview.event(profile, clock, passage)
        case Dialect.ENTRANCE:
            tree = dialect_entrance.event(profile, clock, passage, count)
        case None:
            raise ValueError(f"{profile.model} reads no plates")
    for path, text in passage.overrides.items():
        _override(tree, path.split("/"), text)
    return _bytes(profile, clock, tree)


def heartbeat(profile: Profile, clock: DeviceClock) -> bytes:
    """Return the videoloss document that says nothing but "still here"."""
    return state_event(profile, clock, "videoloss", state="inactive", count=0)


def state_event(
    profile: Profile,
    clock: DeviceClock,
    event_type: str,
    *,
    state: str = "active",
    count: int = 1,
    extra: Tree | None = None,
) -> bytes:
    """Return an event of another kind, such as IO or VMD.

    Args:
        profile: The device.
        clock: Its clock.
        event_type: The eventType as on the wire.
        state: active or inactive.
        count: The activePostCount.
        extra: Elements that follow, such as inputIOPortID.
    """
    tree: Tree = {
        "ipAddress": "192.0.2.10",
        "portNo": "80",
        "protocol": "HTTP",
        "macAddress": profile.mac_address,
        "channelID": "1",
        "dateTime": clock.text(clock.now()),
        "activePostCount": str(count),
        "eventType": event_type,
        "eventState": state,
        "eventDescription": f"{event_type} alarm",
        **(extra or {}),
        "channelName": profile.device_name,
    }
    return _bytes(profile, clock, tree)


def _override(tree: Tree, path: list[str], text: str | None) -> None:
    """Replace or remove the element at a path; a missing one is added."""
    *parents, name = path
    for parent in parents:
        below = tree.setdefault(parent, {})
        if not isinstance(below, dict):
            raise TypeError(f"{parent} holds no elements of its own")
        tree = below
    if text is None:
        tree.pop(name, None)
    else:
        tree[name] = text


def _bytes(profile: Profile, clock: DeviceClock, tree: Tree) -> bytes:
    """Return the event as bytes, encoded and escaped as the faults say."""
    ampersand = clock.faults.strikes(Fault.UNESCAPED_AMPERSAND)
    if ampersand:
        tree["channelName"] = CHANNEL_NAME_WITH_AMPERSAND
    text = render(
        "EventNotificationAlert",
        tree,
        namespace=profile.namespace,
        prolog='<?xml version="1.0" encoding="utf-8"?>' if profile.event_prolog else "",
        newline=profile.newline,
    )
    if ampersand:
        text = text.replace("&amp;", "&")
    return text.encode("gbk" if clock.faults.strikes(Fault.GBK_BYTES) else "utf-8")
