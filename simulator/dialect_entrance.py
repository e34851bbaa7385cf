"""Write ANPR events as entrance cameras (DS-TCG) do (reference 1.3-1.6, 1.11)."""

from typing import Final

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

#: What the camera looks for on people and dashboards; it says "unknown" to all.
_LOOKED_FOR: Final = (
    "pilotsafebelt",
    "vicepilotsafebelt",
    "pilotsunvisor",
    "vicepilotsunvisor",
    "envprosign",
    "dangmark",
    "uphone",
    "pendant",
    "tissueBox",
    "frontChild",
    "label",
    "smoking",
    "perfumeBox",
    "decoration",
    "playMobilePhone",
    "pdvs",
    "helmet",
    "nonMotorShedUmbrella",
    "nonMotorManned",
    "pilotmask",
    "vicepilotMask",
)

#: ANPR/vehicleType as the number of vehicleInfo/vehicleType (reference 1.5).
_VEHICLE_NUMBERS: Final = {
    "vehicle": "1",
    "SUVMPV": "1",
    "van": "1",
    "buggy": "1",
    "truck": "2",
    "bus": "2",
    "twoWheelVehicle": "4",
    "threeWheelVehicle": "5",
}

_NOWHERE: Final[Tree] = {"x": "0", "y": "0", "width": "0", "height": "0"}


def event(profile: Profile, clock: DeviceClock, passage: Passage, count: int) -> Tree:
    """Return the elements of the event, in the order of the captures.

    The activePostCount runs from the device's start, and there is no portNo.
    """
    return {
        "ipAddress": "192.0.2.10",
        "ipv6Address": "::",
        "protocol": "HTTP",
        "macAddress": profile.mac_address,
        "dynChannelID": "1",
        "channelID": "1",
        "dateTime": clock.text(passage.captured_at, milliseconds=True),
        "activePostCount": str(count),
        "eventType": "ANPR",
        "eventState": "active",
        "eventDescription": "ANPR",
        "channelName": profile.device_name,
        "deviceID": "",
        "ANPR": _anpr(profile, clock, passage),
        "UUID": passage.uuid,
        "picNum": str(len(passage.pictures)),
        "monitoringSiteID": "",
        "monitorDescription": "",
        **({"isDataRetransmission": "true"} if passage.retransmitted else {}),
        "DeviceGPSInfo": gps_info("S"),
        "carDirectionType": "1" if passage.direction == "reverse" else "0",
        "deviceUUID": _device_uuid(profile),
        "VehicleGATInfo": {
            "palteTypeByGAT": "42",
            "plateColorByGAT": "5",
            "vehicleTypeByGAT": "X99",
            "colorByGAT": "K",
        },
        "detectionBackgroundImageResolution": resolution(profile),
    }


def _device_uuid(profile: Profile) -> str:
    """Return model, a space and the rest of the serial number."""
    return f"{profile.model} {profile.serial_number.removeprefix(profile.model)}"


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
        "licenseBright": "57",
    }
    anpr |= dict.fromkeys(_LOOKED_FOR, "unknown")
    anpr |= {
        "plateCharBelieve": character_confidence(passage),
        "speedLimit": "0",
        "illegalInfo": {
            "illegalCode": "0",
            "illegalName": "Normal",
            "illegalDescription": "",
        },
        "vehicleType": passage.vehicle_type,
        "featurePicFileName": "1",
        "detectDir": "8",
        "relaLaneDirectionType": "0",
        "detectType": "2",
        "barrierGateCtrlType": "0",
        "alarmDataType": "1" if passage.history else "0",
        "dwIllegalTime": "0",
        "vehicleInfo": _vehicle_info(passage),
        "pictureInfoList": {
            "pictureInfo": [
                _picture_info(clock, passage, picture) for picture in passage.pictures
            ]
        },
        "listType": list_word(profile, passage),
        "originalLicensePlate": passage.plate,
        "CRIndex": passage.country if read else "0",
        "ADRNo": "unknown",
    }
    if passage.has_more_data:
        anpr["hasMoreData"] = "true"
    return anpr


def _vehicle_info(passage: Passage) -> Tree:
    """Return what the camera made of the vehicle itself."""
    window = dict.fromkeys(("tempPlate", "passCard", "carCard"), "unknown")
    body = ("sparetire", "rack", "sunRoof", "words", "reflectiveStripe")
    return {
        "index": str(passage.index),
        "vehicleType": _VEHICLE_NUMBERS.get(passage.vehicle_type, "0"),
        "colorDepth": "0",
        "color": passage.color,
        "speed": "0",
        "length": "0",
        "vehicleLogoRecog": str(passage.brand),
        "vehileSubLogoRecog": "0",
        "vehileModel": "0",
        "CarWindowFeature": window,
        "CarBodyFeature": dict.fromkeys(body, "unknown"),
        "vehicleUseType": "unknown",
    }


def _picture_info(clock: DeviceClock, passage: Passage, picture: Picture) -> Tree:
    """Return the entry of one picture; the full one brings its rectangles."""
    info = (
        picture_name(picture)
        | picture_link(clock, passage, picture)
        | picture_time(passage)
    )
    if picture is not Picture.SCENE:
        return info
    return info | {
        "plateRect": plate_rectangle(passage),
        "vehicelRect": {"X": "318", "Y": "281", "width": "361", "height": "561"},
        "PilotRect": _NOWHERE,
        "VicepilotRect": _NOWHERE,
        "VehicelWindowRect": _NOWHERE,
        "capturePicSecurityCode": "",
    }
