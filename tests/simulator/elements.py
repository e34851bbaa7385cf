"""The elements of an ANPR event with two pictures, by dialect, as captures show them."""

from typing import Final

_GPS: Final = """
DeviceGPSInfo DeviceGPSInfo/longitudeType DeviceGPSInfo/latitudeType
DeviceGPSInfo/Longitude DeviceGPSInfo/Longitude/degree
DeviceGPSInfo/Longitude/minute DeviceGPSInfo/Longitude/sec
DeviceGPSInfo/Latitude DeviceGPSInfo/Latitude/degree
DeviceGPSInfo/Latitude/minute DeviceGPSInfo/Latitude/sec
"""

_RESOLUTION: Final = """
detectionBackgroundImageResolution detectionBackgroundImageResolution/height
detectionBackgroundImageResolution/width
"""


def _below(parent: str, children: str) -> str:
    """Return an element and the paths of its children."""
    return " ".join([parent, *(f"{parent}/{child}" for child in children.split())])


_PICTURE: Final = "ANPR/pictureInfoList/pictureInfo"
_RECT: Final = "X Y width height"
_SMALL_RECT: Final = "x y width height"

DEEPINVIEW_ELEMENTS: Final = f"""
ipAddress ipv6Address portNo protocol macAddress channelID dateTime activePostCount
eventType eventState eventDescription channelName
{
    _below(
        "ANPR",
        '''country licensePlate line direction confidenceLevel plateType
plateColor licenseBright dangmark twoWheelVehicle threeWheelVehicle plateCharBelieve
vehicleType detectDir detectType alarmDataType''',
    )
}
{
    _below(
        "ANPR/vehicleInfo",
        '''index colorDepth color length vehicleLogoRecog
vehileSubLogoRecog vehileModel''',
    )
}
ANPR/pictureInfoList
{_below(_PICTURE, "fileName type dataType picRecogMode absTime pId")}
{_below(_PICTURE, "fileName type dataType picRecogMode absTime")}
{_below(f"{_PICTURE}/plateRect", _RECT)} {_PICTURE}/pId
ANPR/originalLicensePlate ANPR/CRIndex ANPR/vehicleListName ANPR/plateSize
UUID picNum monitoringSiteID isDataRetransmission
{_GPS} {_RESOLUTION}
""".split()

ENTRANCE_ELEMENTS: Final = f"""
ipAddress ipv6Address protocol macAddress dynChannelID channelID dateTime
activePostCount eventType eventState eventDescription channelName deviceID
{
    _below(
        "ANPR",
        '''country licensePlate line direction confidenceLevel plateType
plateColor licenseBright pilotsafebelt vicepilotsafebelt pilotsunvisor
vicepilotsunvisor envprosign dangmark uphone pendant tissueBox frontChild label
smoking perfumeBox decoration playMobilePhone pdvs helmet nonMotorShedUmbrella
nonMotorManned pilotmask vicepilotMask plateCharBelieve speedLimit''',
    )
}
{_below("ANPR/illegalInfo", "illegalCode illegalName illegalDescription")}
ANPR/vehicleType ANPR/featurePicFileName ANPR/detectDir ANPR/relaLaneDirectionType
ANPR/detectType ANPR/barrierGateCtrlType ANPR/alarmDataType ANPR/dwIllegalTime
{
    _below(
        "ANPR/vehicleInfo",
        '''index vehicleType colorDepth color speed length
vehicleLogoRecog vehileSubLogoRecog vehileModel''',
    )
}
{_below("ANPR/vehicleInfo/CarWindowFeature", "tempPlate passCard carCard")}
{
    _below(
        "ANPR/vehicleInfo/CarBodyFeature",
        '''sparetire rack sunRoof words
reflectiveStripe''',
    )
}
ANPR/vehicleInfo/vehicleUseType
ANPR/pictureInfoList
{_below(_PICTURE, "fileName type dataType pId absTime")}
{_below(_PICTURE, "fileName type dataType pId absTime")}
{_below(f"{_PICTURE}/plateRect", _RECT)}
{_below(f"{_PICTURE}/vehicelRect", _RECT)}
{_below(f"{_PICTURE}/PilotRect", _SMALL_RECT)}
{_below(f"{_PICTURE}/VicepilotRect", _SMALL_RECT)}
{_below(f"{_PICTURE}/VehicelWindowRect", _SMALL_RECT)}
{_PICTURE}/capturePicSecurityCode
ANPR/listType ANPR/originalLicensePlate ANPR/CRIndex ANPR/ADRNo
UUID picNum monitoringSiteID monitorDescription
{_GPS}
carDirectionType deviceUUID
{
    _below(
        "VehicleGATInfo",
        '''palteTypeByGAT plateColorByGAT vehicleTypeByGAT
colorByGAT''',
    )
}
{_RESOLUTION}
""".split()
