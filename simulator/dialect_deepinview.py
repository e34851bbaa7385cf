"""Write ANPR events as DeepinView cameras do (reference 1.3-1.7, 1.11)."""

from .anpr_elements import (
    character_confidence,
    gps_info,
    list_word,
    picture_link,
    picture_name,
    picture_time,
    plate_rectangle,
    resolution,
)
from .clock import DeviceClock
from .document import Tree
from .passage import Passage, Picture
from .profiles import Profile


def event(profile: Profile, clock: DeviceClock, passage: Passage) -> Tree:
    """Return the elements of the event, in the order of the captures."""
    return {
        "ipAddress": "192.0.2.10",
        "ipv6Address": "::ffff:192.0.2.10",
        "portNo": "80",
        "protocol": "HTTP",
        "macAddress": profile.mac_address,
        "channelID": "1",
        "dateTime": clock.text(passage.captured_at),
        "activePostCount": "1",
        "eventType": "ANPR",
        "eventState": "active",
        "eventDescription": "ANPR",
        "channelName": profile.device_name,
        "ANPR": _anpr(profile, clock, passage),
        "UUID": passage.uuid,
        "picNum": str(len(passage.pictures)),
        "monitoringSiteID": "",
        "isDataRetransmission": "true" if passage.retransmitted else "false",
        "DeviceGPSInfo": gps_info("N"),
        "detectionBackgroundImageResolution": resolution(profile),
    }


def _anpr(profile: Profile, clock: DeviceClock, passage: Passage) -> Tree:
    """Return the ANPR block."""
    read = passage.readable
    anpr: Tree = {
        "country": passage.country if read else "0",
        "licensePlate": passage.plate,
        "line": str(passage.lane),
        "direction": passage.direction,
        "confidenceLevel": str(passage.confidence if read else 0),
        "plateType": "unknown",
        "plateColor": passage.plate_color if read else "unknown",
        "licenseBright": "112" if read else "0",
        "dangmark": "no" if read else "unknown",
        "twoWheelVehicle": "no",
        "threeWheelVehicle": "no",
        "plateCharBelieve": character_confidence(passage),
        "vehicleType": passage.vehicle_type,
        "detectDir": "8",
        "detectType": "0",
        "alarmDataType": "1" if passage.history else "0",
        "vehicleInfo": _vehicle_info(passage),
        "pictureInfoList": {
            "pictureInfo": [
                _picture_info(clock, passage, picture) for picture in passage.pictures
            ]
        },
        "originalLicensePlate": passage.plate,
        "CRIndex": passage.country if read else "0",
        "vehicleListName": list_word(profile, passage),
        "plateSize": "0",
    }
    if passage.has_more_data:
        anpr["hasMoreData"] = "true"
    return anpr


def _vehicle_info(passage: Passage) -> Tree:
    """Return what the camera made of the vehicle itself."""
    return {
        "index": str(passage.index),
        "colorDepth": "2",
        "color": passage.color,
        "length": "0",
        "vehicleLogoRecog": str(passage.brand),
        "vehileSubLogoRecog": "0",
        "vehileModel": "0",
    }


def _picture_info(clock: DeviceClock, passage: Passage, picture: Picture) -> Tree:
    """Return the entry of one picture; only the full one tells where the plate is."""
    info = picture_name(picture) | {"picRecogMode": "0"} | picture_time(passage)
    if picture is Picture.SCENE:
        info["plateRect"] = plate_rectangle(passage)
    return info | picture_link(clock, passage, picture)
