"""Test what the device answers to questions about itself."""

from http import HTTPStatus
from io import BytesIO

import aiohttp
from PIL import Image
import pytest

from simulator import (
    DEEPINVIEW,
    DS_2CD4A26,
    ENTRANCE,
    PLAIN_CAMERA,
    PROFILES,
    Profile,
    SimulatedCamera,
)

from .conftest import Connect, StartCamera
from .xml_reading import names, text, tree

WORKING = [profile for profile in PROFILES.values() if profile.activated]

#: Root and some elements of every document that each camera has.
EVERYWHERE = {
    "System/deviceInfo": ("DeviceInfo", {"model", "serialNumber", "macAddress"}),
    "System/capabilities": ("DeviceCap", {"SysCap/IOCap/IOInputPortNums"}),
    "System/status": ("DeviceStatus", {"currentDeviceTime", "deviceUpTime"}),
    "System/time": ("Time", {"timeMode", "localTime", "timeZone"}),
    "System/time/ntpServers": ("NTPServerList", {"NTPServer/hostName"}),
    "System/time/ntpServers/1": ("NTPServer", {"synchronizeInterval"}),
    "System/IO/inputs": ("IOInputPortList", set[str]()),
    "System/IO/outputs": ("IOOutputPortList", set[str]()),
    "System/Video/inputs/channels": (
        "VideoInputChannelList",
        {"VideoInputChannel/inputPort"},
    ),
    "System/Video/inputs/channels/1": ("VideoInputChannel", {"name"}),
    "System/Video/inputs/channels/1/motionDetection": ("MotionDetection", {"enabled"}),
    "Security/userCheck": ("userCheck", {"statusValue", "isActivated"}),
    "Security/adminAccesses": (
        "AdminAccessProtocolList",
        {"AdminAccessProtocol/protocol", "AdminAccessProtocol/portNo"},
    ),
    "Streaming/channels": ("StreamingChannelList", {"StreamingChannel/id"}),
    "Streaming/channels/101": (
        "StreamingChannel",
        {"channelName", "Video/videoResolutionWidth", "Audio/enabled"},
    ),
    "Event/notification/httpHosts": (
        "HttpHostNotificationList",
        {"HttpHostNotification/ipAddress", "HttpHostNotification/portNo"},
    ),
    "Event/notification/httpHosts/capabilities": (
        "HttpHostNotificationCap",
        {"hostNumber"},
    ),
    "ContentMgmt/Storage": ("storage", {"hddList/hdd/status", "nasList"}),
}


async def get(session: aiohttp.ClientSession, path: str) -> tuple[int, bytes]:
    """Return status and body of an ISAPI path."""
    async with session.get(f"/ISAPI/{path}") as response:
        return response.status, await response.read()


@pytest.mark.parametrize("profile", WORKING, ids=lambda profile: profile.name)
async def test_documents_have_the_devices_shape(
    profile: Profile, start_camera: StartCamera, connect: Connect
) -> None:
    """Answer every document in the device's namespace, with its elements."""
    session = await connect(await start_camera(profile))
    for path, (root, elements) in EVERYWHERE.items():
        status, body = await get(session, path)
        assert status == HTTPStatus.OK, path
        assert tree(body).tag == f"{{{profile.namespace}}}{root}"
        assert elements <= {*names(body)}, path


async def test_device_info_names_the_profile(session: aiohttp.ClientSession) -> None:
    """Say the profile's model, serial number, MAC and firmware."""
    _, body = await get(session, "System/deviceInfo")
    assert text(body, "model") == DEEPINVIEW.model
    assert text(body, "serialNumber") == DEEPINVIEW.serial_number
    assert text(body, "macAddress") == DEEPINVIEW.mac_address
    assert text(body, "firmwareVersion") == DEEPINVIEW.firmware_version
    assert text(body, "deviceType") == "IPCamera"


async def test_ports_name_the_port_in_use(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Say in adminAccesses the port that really answers."""
    _, body = await get(session, "Security/adminAccesses")
    assert f"<portNo>{camera.port}</portNo>".encode() in body


@pytest.mark.parametrize(
    ("profile", "path", "expected"),
    [
        (DEEPINVIEW, "ITC/capability", 200),
        (DEEPINVIEW, "ITC/capabilities", 200),
        (ENTRANCE, "ITC/capability", 403),
        (ENTRANCE, "ITC/capabilities", 200),
        (DS_2CD4A26, "ITC/capability", 200),
        (DS_2CD4A26, "ITC/capabilities", 403),
        (PLAIN_CAMERA, "ITC/capability", 403),
        (PLAIN_CAMERA, "ITC/capabilities", 403),
        (DEEPINVIEW, "Traffic/capabilities", 200),
        (PLAIN_CAMERA, "Traffic/capabilities", 403),
        (ENTRANCE, "Traffic/channels/1/vehicleDetect", 200),
        (PLAIN_CAMERA, "Traffic/channels/1/vehicleDetect", 403),
        (DEEPINVIEW, "System/Video/inputs/channels/1/VCAResource", 200),
        (ENTRANCE, "System/Video/inputs/channels/1/VCAResource", 403),
        (DEEPINVIEW, "Event/triggers", 200),
        (DS_2CD4A26, "Event/triggers", 500),
        (DS_2CD4A26, "Event/triggers/vehicledetection-1", 200),
        (PLAIN_CAMERA, "Event/triggers/vehicledetection-1", 403),
        (DS_2CD4A26, "Event/channels/capabilities", 403),
        (DEEPINVIEW, "ContentMgmt/InputProxy/channels", 403),
        (DEEPINVIEW, "System/Holidays", 403),
        (DEEPINVIEW, "ITC/TriggerMode/capabilities", 403),
        (DEEPINVIEW, "Security/sessionLogin/capabilities", 403),
        (DEEPINVIEW, "Streaming/channels/103", 403),
        (DEEPINVIEW, "System/IO/outputs/3/status", 403),
        (DEEPINVIEW, "NoSuchService/at/all", 404),
    ],
)
async def test_support_differs_by_model(
    profile: Profile,
    path: str,
    expected: int,
    start_camera: StartCamera,
    connect: Connect,
) -> None:
    """Answer what the model has, and refuse the rest with its usual status."""
    session = await connect(await start_camera(profile))
    status, body = await get(session, path)
    assert status == expected
    if status != HTTPStatus.OK:
        assert text(body, "requestURL") == f"/ISAPI/{path}"


async def test_not_support_in_xml_and_json(session: aiohttp.ClientSession) -> None:
    """Refuse in the format that was asked for, with the decimal error code."""
    _, body = await get(session, "System/Holidays")
    assert text(body, "statusCode") == "4"
    assert text(body, "subStatusCode") == "notSupport"
    assert text(body, "errorCode") == "1073741825"
    async with session.get("/ISAPI/System/Holidays?format=json") as response:
        assert response.status == HTTPStatus.FORBIDDEN
        refusal = await response.json()
    assert refusal["errorCode"] == 1073741825
    assert refusal["subStatusCode"] == "notSupport"


async def test_wrong_method_is_refused(session: aiohttp.ClientSession) -> None:
    """Answer methodNotAllowed to a DELETE of deviceInfo."""
    async with session.delete("/ISAPI/System/deviceInfo") as response:
        assert response.status == HTTPStatus.METHOD_NOT_ALLOWED
        assert text(await response.read(), "subStatusCode") == "methodNotAllowed"


async def test_triggers_notify_the_centre(session: aiohttp.ClientSession) -> None:
    """List the vehicle trigger with its notification to the surveillance centre."""
    _, body = await get(session, "Event/triggers/vehicledetection-1")
    notification = "EventTriggerNotificationList/EventTriggerNotification"
    assert text(body, f"{notification}/notificationMethod") == "center"
    assert text(body, "direction") == "both"
    _, every = await get(session, "Event/triggers")
    assert b"<id>vehicledetection-1</id>" in every


@pytest.mark.parametrize("channel", [1, 101, 102])
async def test_snapshot_is_a_picture_of_the_scene(
    channel: int, session: aiohttp.ClientSession
) -> None:
    """Answer a JPEG of the scene's size."""
    async with session.get(f"/ISAPI/Streaming/channels/{channel}/picture") as response:
        assert response.content_type == "image/jpeg"
        picture = Image.open(BytesIO(await response.read()))
    assert picture.size == (640, 360)


async def test_relay_latches(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Switch a relay on and off, and tell its state."""
    for state, told in (("high", "active"), ("low", "inactive")):
        body = f"<IOPortData><outputState>{state}</outputState></IOPortData>"
        path = "/ISAPI/System/IO/outputs/1"
        async with session.put(f"{path}/trigger", data=body) as response:
            assert text(await response.read(), "statusCode") == "1"
        assert camera.device.outputs == {1: state == "high", 2: False}
        _, document = await get(session, "System/IO/outputs/1/status")
        assert text(document, "ioState") == told


async def test_input_tells_its_state(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Tell that an alarm input is active."""
    camera.device.inputs[1] = True
    _, body = await get(session, "System/IO/inputs/1/status")
    assert text(body, "ioPortType") == "input"
    assert text(body, "ioState") == "active"
