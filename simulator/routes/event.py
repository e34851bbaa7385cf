"""/ISAPI/Event: arming and triggers."""

from collections.abc import Callable, Iterator
from typing import Final

from aiohttp import web
from lxml import etree

from simulator.alert_stream import Subscription
from simulator.answers import (
    ARMING_FULL,
    BAD_CONTENT,
    BAD_PARAMETERS,
    DEVICE_ERROR,
    NOT_SUPPORT,
)
from simulator.configuration import fields, parse
from simulator.device import (
    MIXED_SCHEDULE,
    MIXED_TRIGGER,
    SCHEDULE_FOLDERS,
    TRIGGERS,
    VEHICLE_TRIGGER,
    Device,
)
from simulator.document import Tree
from simulator.events import state_event
from simulator.faults import Fault
from simulator.multipart import Part
from simulator.profiles import Dialect, Profile
from simulator.schedule import whole_week

from .route import Handler, Route, document, reads_plates, status, stored, written

_LONGEST_HEARTBEAT: Final = 30


async def alert_stream(device: Device, request: web.Request) -> web.StreamResponse:
    """Arm the device: send its events until the connection ends (reference 2.1)."""
    if Fault.ALERT_STREAM_MISSING in device.faults:
        return status(device, request, NOT_SUPPORT)
    if device.streams.full:
        return status(device, request, ARMING_FULL)
    return await device.streams.serve(request)


async def subscribe(device: Device, request: web.Request) -> web.StreamResponse:
    """Send all events until the connection ends, with an answer first (reference 2.5)."""
    try:
        asked = fields(parse(await request.read()))
        seconds = int(asked.get("heartbeat", str(_LONGEST_HEARTBEAT)))
    except etree.XMLSyntaxError, ValueError:
        return status(device, request, BAD_CONTENT)
    if not 1 <= seconds <= _LONGEST_HEARTBEAT or asked.get("eventMode") != "all":
        return status(device, request, BAD_PARAMETERS)
    if device.streams.full:
        return status(device, request, ARMING_FULL)
    answer = written(device, "SubscribeEventResponse", {"id": "1"})
    subscription = Subscription(
        seconds=seconds,
        heartbeat=lambda: [Part(body=_subscribed_heartbeat(device))],
        answer=[Part(body=answer)],
    )
    return await device.streams.serve(request, subscription)


def _subscribed_heartbeat(device: Device) -> bytes:
    """Return what says that a subscription lasts (reference 2.2)."""
    return state_event(device.profile, device.clock, "heartBeat", count=0)


async def subscription_capabilities(
    device: Device, _request: web.Request
) -> web.Response:
    """Answer what can be subscribed to."""
    longest = str(_LONGEST_HEARTBEAT)
    choice: Tree = {"@opt": "all"}
    return document(
        device,
        "SubscribeEventCap",
        {"heartbeat": {"@min": "1", "@max": longest}, "eventMode": choice},
    )


def _trigger(kind: str, event_type: str, description: str) -> Tree:
    """Return one trigger that notifies the surveillance centre (reference 7.4)."""
    center: Tree = {
        "id": "center",
        "notificationMethod": "center",
        "notificationRecurrence": "beginning",
    }
    return {
        "id": kind,
        "eventType": event_type,
        "eventDescription": f"{description} Event trigger Information",
        "videoInputChannelID": "1",
        "dynVideoInputChannelID": "1",
        "EventTriggerNotificationList": {"EventTriggerNotification": center},
    }


def _output(number: int) -> Tree:
    """Return what switches an output (reference 6.3)."""
    return {
        "id": f"IO-{number}",
        "notificationMethod": "IO",
        "notificationRecurrence": "beginning",
        "outputIOPortID": str(number),
    }


def _vehicle_trigger(device: Device) -> Tree:
    """Return the trigger of vehicle detection as it left the factory."""
    profile = device.profile
    trigger = _trigger("vehicledetection-1", "vehicledetection", "vehicle Detection")
    if not profile.linked_to_centre:
        trigger["EventTriggerNotificationList"] = {}
    if linked := profile.linked_outputs.get("vehicledetection"):
        _link(trigger, linked)
    return trigger | {"direction": "both"}


def _mixed_trigger(_device: Device) -> Tree:
    """Return what a camera does in mixed mode as it left the factory: nothing."""
    trigger = _trigger("HVTVehicleDetection-1", "HVTVehicleDetection", "HVT")
    trigger["EventTriggerNotificationList"] = {}
    return trigger | {"direction": "both"}


def _mixed_schedule(_device: Device) -> Tree:
    """Return when a camera detects in mixed mode as it left the factory: never."""
    return {
        "id": "HVTVehicleDetection-1",
        "eventType": "HVTVehicleDetection",
        "videoInputChannelID": "1",
        "TimeBlockList": {"@size": "8"},
    }


def _has_modes(profile: Profile) -> bool:
    """Tell whether a camera can detect people and two-wheelers, too."""
    return profile.dialect is Dialect.DEEPINVIEW


def _list_trigger(kind: str) -> Callable[[Device], Tree]:
    """Return the factory of the trigger of one of the two lists."""

    def make(device: Device) -> Tree:
        """Return the trigger as it left the factory."""
        trigger = _trigger(f"{kind}-1", kind, kind)
        if linked := device.profile.linked_outputs.get(kind):
            _link(trigger, linked)
        return trigger

    return make


def _link(trigger: Tree, output: int) -> None:
    """Let a trigger switch an output, too."""
    listed = trigger["EventTriggerNotificationList"]
    assert isinstance(listed, dict)
    told = listed.get("EventTriggerNotification")
    told = [told] if isinstance(told, dict) else []
    listed["EventTriggerNotification"] = [*told, _output(output)]


def _io_trigger(number: int) -> Tree:
    """Return the trigger of one alarm input, which has no video channel."""
    trigger = _trigger(f"IO-{number}", "IO", "IO")
    del trigger["videoInputChannelID"], trigger["dynVideoInputChannelID"]
    return {"inputIOPortID": str(number)} | trigger


async def triggers(device: Device, request: web.Request) -> web.Response:
    """Answer every trigger, or fail as the DS-2CD4A26 does (reference 7.4)."""
    if not device.profile.list_triggers:
        return status(device, request, DEVICE_ERROR)
    found = [
        _trigger("VMD-1", "VMD", "VMD"),
        _trigger("tamper-1", "tamperdetection", "shelteralarm"),
        *(_io_trigger(number) for number in sorted(device.inputs)),
    ]
    if reads_plates(device.profile):
        found.append(_vehicle_trigger(device))
    return document(device, "EventTriggerList", {"EventTrigger": found})


async def channel_capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer which events the channel can raise."""
    kinds = ["VMD", "tamperdetection"]
    if reads_plates(device.profile):
        kinds.append("vehicledetection")
    channel: Tree = {"eventType": {"@opt": ",".join(kinds)}, "channelID": "1"}
    return document(device, "ChannelEventCapList", {"ChannelEventCap": channel})


def _has_list(profile: Profile) -> bool:
    """Tell whether a model keeps a list."""
    return profile.list_dialect is not None


async def trigger_capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer what the triggers can do (reference 7.4)."""
    can = {
        f"isSupport{what}": "true"
        for what in ("Center", "Record", "IO", "FTP", "Email")
    }
    caps: Tree = {"VehicleDetectionTriggerCap": {**can, "isSupportBeep": "false"}}
    return document(device, "EventTriggersCap", caps)


def _lists_triggers(profile: Profile) -> bool:
    """Tell whether the device answers what its channels can raise."""
    return profile.list_triggers


def _schedule(trigger: str) -> Iterator[Route]:
    """Yield who answers for the schedule of a trigger; it never ends at first."""

    def factory(device: Device) -> Tree:
        """Return the schedule as it left the factory."""
        return whole_week(device.profile.schedule_id(trigger), trigger)

    there = reads_plates if trigger == "vehicledetection" else _has_list
    for method, handler in zip(
        ("GET", "PUT"), stored("Schedule", factory), strict=True
    ):
        path = f"{SCHEDULE_FOLDERS[trigger]}/{{name}}"
        yield Route(method, path, _of_its_name(trigger, handler), there)


def _of_its_name(trigger: str, handler: Handler) -> Handler:
    """Answer at the one name by which the device knows a schedule."""

    async def answer(device: Device, request: web.Request) -> web.StreamResponse:
        """Answer, or know no such schedule."""
        if request.match_info["name"] != device.profile.schedule_id(trigger):
            return status(device, request, NOT_SUPPORT)
        return await handler(device, request)

    return answer


_get_trigger, _put_trigger = stored("EventTrigger", _vehicle_trigger)
_get_allow, _put_allow = stored("EventTrigger", _list_trigger("whiteList"))
_get_block, _put_block = stored("EventTrigger", _list_trigger("blackList"))
_get_mixed, _put_mixed = stored("EventTrigger", _mixed_trigger)
_get_mixed_week, _put_mixed_week = stored("Schedule", _mixed_schedule)

ROUTES = (
    Route("GET", MIXED_TRIGGER, _get_mixed, _has_modes),
    Route("PUT", MIXED_TRIGGER, _put_mixed, _has_modes),
    Route("GET", MIXED_SCHEDULE, _get_mixed_week, _has_modes),
    Route("PUT", MIXED_SCHEDULE, _put_mixed_week, _has_modes),
    Route("GET", "/ISAPI/Event/notification/alertStream", alert_stream),
    Route("POST", "/ISAPI/Event/notification/subscribeEvent", subscribe),
    Route(
        "GET",
        "/ISAPI/Event/notification/subscribeEventCap",
        subscription_capabilities,
    ),
    Route("GET", "/ISAPI/Event/triggers", triggers),
    Route("GET", VEHICLE_TRIGGER, _get_trigger, reads_plates),
    Route("PUT", VEHICLE_TRIGGER, _put_trigger, reads_plates),
    Route("GET", f"{TRIGGERS}/whiteList-1", _get_allow, _has_list),
    Route("PUT", f"{TRIGGERS}/whiteList-1", _put_allow, _has_list),
    Route("GET", f"{TRIGGERS}/blackList-1", _get_block, _has_list),
    Route("PUT", f"{TRIGGERS}/blackList-1", _put_block, _has_list),
    *(route for trigger in SCHEDULE_FOLDERS for route in _schedule(trigger)),
    Route("GET", "/ISAPI/Event/triggersCap", trigger_capabilities, _lists_triggers),
    Route(
        "GET",
        "/ISAPI/Event/channels/capabilities",
        channel_capabilities,
        _lists_triggers,
    ),
)
