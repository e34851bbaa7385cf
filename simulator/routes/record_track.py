"""/ISAPI/ContentMgmt/record/tracks: when and why channels are recorded (reference 8.4)."""

from typing import Final

from aiohttp import web

from simulator.answers import BAD_CONTENT, NOT_SUPPORT
from simulator.configuration import parse, text_of
from simulator.device import Device
from simulator.document import Tree

from .route import Handler, Route, document, status, stored

_TRACK: Final = r"/ISAPI/ContentMgmt/record/tracks/{track:\d+}"
_DAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_MODES: Final = "CMR,MOTION,ALARM,EDR,ALARMANDMOTION,AllEvent"
_DEFAULT_MODE: Final = "CMR"


def _track(_device: Device) -> Tree:
    """Return a track as it left the factory: always, whatever happens."""
    actions: list[Tree] = [
        {
            "id": str(number),
            "ScheduleActionStartTime": {"DayOfWeek": day, "TimeOfDay": "00:00:00"},
            "ScheduleActionEndTime": {"DayOfWeek": day, "TimeOfDay": "24:00:00"},
            "ScheduleDSTEnable": "false",
            "Description": "nothing",
            "Actions": {
                "Record": "true",
                "Log": "false",
                "SaveImg": "false",
                "ActionRecordingMode": "CMR",
            },
        }
        for number, day in enumerate(_DAYS, 1)
    ]
    return {
        "id": "101",
        "Channel": "101",
        "Enable": "true",
        "Description": "trackType=standard,trackType=video,codecType=H.264-BP",
        "TrackGUID": "{00000065-0000-0000-0000-000000000000}",
        "DefaultRecordingMode": _DEFAULT_MODE,
        "LoopEnable": "true",
        "TrackSchedule": {
            "ScheduleBlockList": {
                "ScheduleBlock": {
                    "ScheduleBlockGUID": "{00000000-0000-0000-0000-000000000000}",
                    "ScheduleBlockType": "www.std-cgi.com/racm/schedule/ver10",
                    "ScheduleAction": actions,
                }
            }
        },
        "CustomExtensionList": {
            "CustomExtension": {
                "CustomExtensionName": "www.hikvision.com/RaCM/trackExt/ver10",
                "enableSchedule": "true",
                "SaveAudio": "true",
                "PreRecordTimeSeconds": "5",
                "PostRecordTimeSeconds": "5",
            }
        },
    }


_get, _put = stored("Track", _track)


def _of_a_channel(handler: Handler) -> Handler:
    """Answer for the main stream of a channel that is there."""

    async def answer(device: Device, request: web.Request) -> web.StreamResponse:
        """Answer, or know no such track."""
        channel, stream = divmod(int(request.match_info["track"]), 100)
        known = device.recorder.channels if device.recorder else {1: None}
        if stream != 1 or channel not in known:
            return status(device, request, NOT_SUPPORT)
        return await handler(device, request)

    return answer


async def _put_track(device: Device, request: web.Request) -> web.StreamResponse:
    """Take a new document, unless the default mode is another one."""
    body = await request.read()
    try:
        mode = text_of(parse(body), "DefaultRecordingMode")
    except ValueError, SyntaxError:
        mode = _DEFAULT_MODE
    if mode != _DEFAULT_MODE:
        return status(device, request, BAD_CONTENT)
    return await _put(device, request)


async def capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer which modes there are."""
    return document(
        device,
        "Track",
        {
            "TrackSchedule": {
                "ScheduleBlockList": {
                    "ScheduleBlock": {
                        "ScheduleAction": {
                            "Actions": {"ActionRecordingMode": {"@opt": _MODES}}
                        }
                    }
                }
            }
        },
    )


ROUTES = (
    Route("GET", _TRACK, _of_a_channel(_get)),
    Route("PUT", _TRACK, _of_a_channel(_put_track)),
    Route("GET", f"{_TRACK}/capabilities", _of_a_channel(capabilities)),
)
