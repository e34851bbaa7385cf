"""Test what is found out about a device."""

import pytest

from custom_components.hikvision_anpr.isapi.capabilities import (
    Capabilities,
    async_get_capabilities,
)
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    AuthenticationError,
    BusyError,
    NotActivatedError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.vca_resource import VcaMode

from .conftest import MakeClient
from .web_server import WebServer

SYSTEM = "/ISAPI/System/capabilities"
ITC = "/ISAPI/ITC/capability"
ITC_PLURAL = "/ISAPI/ITC/capabilities"
TRAFFIC = "/ISAPI/Traffic/capabilities"
TRIGGER = "/ISAPI/ITC/TriggerMode/capabilities"
DETECT = "/ISAPI/Traffic/channels/1/vehicleDetect"
VCA = "/ISAPI/System/Video/inputs/channels/1/VCAResource"
PROTOCOLS = "/ISAPI/Security/adminAccesses"
INPUTS = "/ISAPI/System/IO/inputs"
OUTPUTS = "/ISAPI/System/IO/outputs"
STREAMS = "/ISAPI/Streaming/channels"
QUESTIONS = {
    SYSTEM,
    ITC,
    ITC_PLURAL,
    TRAFFIC,
    TRIGGER,
    DETECT,
    VCA,
    PROTOCOLS,
    INPUTS,
    OUTPUTS,
    STREAMS,
}

NOTHING = Capabilities(
    reads_plates=False,
    evidence=(),
    vca_resource=None,
    vca_allows_plates=None,
    vehicle_detection_enabled=None,
    plate_list_capacity=None,
    inputs=(),
    outputs=(),
    rtsp_port=None,
    subscribe_event=False,
    restarts=False,
)


@pytest.fixture(autouse=True)
def no_login(web_server: WebServer) -> None:
    """Leave out the login, which others test."""
    web_server.open_to_all = True


async def test_camera_that_reads_plates(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Put together what the answers of an ANPR camera say."""
    web_server.answer(
        SYSTEM,
        b'<DeviceCap version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
        b"<isSupportTime >true</isSupportTime ><isSupportReboot>true</isSupportReboot>"
        b"<SysCap><isSupportSubscribeEvent>true</isSupportSubscribeEvent><IOCap>"
        b"<IOInputPortNums>1</IOInputPortNums><IOOutputPortNums>2</IOOutputPortNums>"
        b"</IOCap></SysCap><ITCCap>"
        b"<isSupportVehicleDetection>true</isSupportVehicleDetection></ITCCap></DeviceCap>",
    )
    web_server.answer(
        ITC,
        b"<ITCCap><isSupportITC>false</isSupportITC>"
        b"<isSupportlicencePlateAuditData>true</isSupportlicencePlateAuditData></ITCCap>",
    )
    web_server.answer(
        TRAFFIC, b"<TrafficCap><plateListNum>10000</plateListNum></TrafficCap>"
    )
    web_server.answer(
        DETECT, b"<VehicleDetectCfg><enabled>true</enabled></VehicleDetectCfg>"
    )
    web_server.answer(VCA, b"<VCAResource><type>roadDetection</type></VCAResource>")
    web_server.answer(
        PROTOCOLS,
        b"<AdminAccessProtocolList><AdminAccessProtocol><protocol>HTTP</protocol>"
        b"<portNo>80</portNo></AdminAccessProtocol><AdminAccessProtocol>"
        b"<protocol>RTSP</protocol><portNo>10554</portNo></AdminAccessProtocol>"
        b"</AdminAccessProtocolList>",
    )
    assert await async_get_capabilities(client) == Capabilities(
        reads_plates=True,
        evidence=(SYSTEM, ITC, TRAFFIC, DETECT),
        vca_resource="roadDetection",
        vca_allows_plates=True,
        vehicle_detection_enabled=True,
        plate_list_capacity=10000,
        inputs=(1,),
        outputs=(1, 2),
        rtsp_port=10554,
        subscribe_event=True,
        restarts=True,
    )
    assert {seen.target for seen in web_server.seen} == QUESTIONS
    assert web_server.busiest == 1


@pytest.mark.parametrize(
    ("path", "body", "is_evidence"),
    [
        (
            SYSTEM,
            b"<DeviceCap><ITCCap><isSupportITC>true</isSupportITC></ITCCap></DeviceCap>",
            True,
        ),
        (SYSTEM, b"<DeviceCap><isSupportITC>true</isSupportITC></DeviceCap>", False),
        (SYSTEM, b"<DeviceCap><ITCCap/></DeviceCap>", False),
        (
            ITC,
            b"<ITCCap><isSupportHVTVehicleDetection>true</isSupportHVTVehicleDetection></ITCCap>",
            True,
        ),
        (
            ITC,
            b"<ITCCap><isSupportVehicleDetection>false</isSupportVehicleDetection></ITCCap>",
            False,
        ),
        (
            ITC,
            b"<ITCCap><isSupportIllegalDictionary>true</isSupportIllegalDictionary></ITCCap>",
            False,
        ),
        (ITC_PLURAL, b'{"ITCCap": {"isSupportSearchLPListAudit": true}}', True),
        (TRAFFIC, b"<TrafficCap><plateCap/></TrafficCap>", True),
        (
            TRAFFIC,
            b"<TrafficCap><isSupportPlateList>true</isSupportPlateList></TrafficCap>",
            True,
        ),
        (
            TRAFFIC,
            b"<TrafficCap><isSupportPlateList>false</isSupportPlateList></TrafficCap>",
            False,
        ),
        (TRAFFIC, b"<TrafficCap><plateListNum>0</plateListNum></TrafficCap>", False),
        (TRAFFIC, b"<TrafficCap/>", False),
        (
            TRIGGER,
            b"<TriggerModeCap><TriggerMode>rs485</TriggerMode></TriggerModeCap>",
            True,
        ),
        (TRIGGER, b"<Other/>", False),
        (
            DETECT,
            b"<VehicleDetectCfg><enabled>false</enabled></VehicleDetectCfg>",
            True,
        ),
        (DETECT, b"<Other/>", False),
        (VCA, b"<VCAResource><type>roadDetection</type></VCAResource>", False),
    ],
)
async def test_evidence(
    client: IsapiClient,
    web_server: WebServer,
    path: str,
    body: bytes,
    is_evidence: bool,
) -> None:
    """Take each single sign for enough, and nothing else."""
    web_server.answer(path, body)
    capabilities = await async_get_capabilities(client)
    assert capabilities.reads_plates is is_evidence
    assert capabilities.evidence == ((path,) if is_evidence else ())


async def test_device_that_answers_nothing(client: IsapiClient) -> None:
    """Find nothing out about a device that knows none of the questions."""
    assert await async_get_capabilities(client) == NOTHING


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b""),
        (
            403,
            b"<ResponseStatus><subStatusCode>lowPrivilege</subStatusCode></ResponseStatus>",
        ),
        (200, b"<ResponseStatus><statusCode>4</statusCode></ResponseStatus>"),
        (200, b"<ResponseStatus><statusCode>6</statusCode></ResponseStatus>"),
        (200, b"what?"),
        (500, b""),
        (503, b""),
    ],
)
async def test_one_question_fails(
    client: IsapiClient, web_server: WebServer, status: int, body: bytes
) -> None:
    """Go on when the device cannot answer one question, whichever."""
    for path in QUESTIONS:
        web_server.answers.clear()
        for answered in QUESTIONS - {path}:
            web_server.answer(answered, b"<Other/>")
        web_server.answer(path, body, status=status)
        assert await async_get_capabilities(client) == NOTHING


async def test_device_too_busy(client: IsapiClient, web_server: WebServer) -> None:
    """Do not call a camera one without plates because it is starting."""
    for path in QUESTIONS:
        web_server.answer(path, b"", status=503)
    with pytest.raises(BusyError):
        await async_get_capabilities(client)


async def test_not_activated(client: IsapiClient, web_server: WebServer) -> None:
    """Report a device in factory state."""
    web_server.answer(
        SYSTEM,
        b"<ResponseStatus><statusCode>4</statusCode>"
        b"<subStatusCode>notActivated</subStatusCode></ResponseStatus>",
    )
    with pytest.raises(NotActivatedError):
        await async_get_capabilities(client)


async def test_refused(client: IsapiClient, web_server: WebServer) -> None:
    """Stop at a refused login."""
    web_server.open_to_all = False
    web_server.challenge = 'Digest qop="auth", realm="another", nonce="{nonce}"'
    with pytest.raises(AuthenticationError):
        await async_get_capabilities(client)
    assert len(web_server.logins) == 1


async def test_unreachable(make_client: MakeClient, unused_tcp_port: int) -> None:
    """Stop where nobody answers."""
    with pytest.raises(UnreachableError):
        await async_get_capabilities(make_client(unused_tcp_port))


async def test_channel(client: IsapiClient, web_server: WebServer) -> None:
    """Ask about the channel meant."""
    web_server.answer(
        DETECT.replace("/1/", "/3/"),
        b"<VehicleDetectCfg><enabled>0</enabled></VehicleDetectCfg>",
    )
    web_server.answer(
        VCA.replace("/1/", "/3/"), b"<VCAResource><type>smart</type></VCAResource>"
    )
    capabilities = await async_get_capabilities(client, 3)
    assert capabilities.vehicle_detection_enabled is False
    assert capabilities.vca_resource == "smart"
    assert capabilities.vca_allows_plates is False


async def test_terminals_counted_one_by_one(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Count the terminals where the capabilities do not."""
    web_server.answer(
        OUTPUTS,
        b"<IOOutputPortList><IOOutputPort><id>1</id></IOOutputPort>"
        b"<IOOutputPort><id>3</id></IOOutputPort></IOOutputPortList>",
    )
    web_server.answer(
        INPUTS,
        b"<IOInputPortList><IOInputPort><id>1</id></IOInputPort></IOInputPortList>",
    )
    capabilities = await async_get_capabilities(client)
    assert (capabilities.inputs, capabilities.outputs) == ((1,), (1, 3))


async def test_no_rtsp(client: IsapiClient, web_server: WebServer) -> None:
    """Find no port for live video where there is none."""
    web_server.answer(
        PROTOCOLS,
        b"<AdminAccessProtocolList><AdminAccessProtocol><protocol>HTTP</protocol>"
        b"<portNo>80</portNo></AdminAccessProtocol></AdminAccessProtocolList>",
    )
    assert (await async_get_capabilities(client)).rtsp_port is None


@pytest.mark.parametrize(
    ("resource", "allows_plates"),
    [
        ("roadDetection", True),
        ("smartVehicleDetection", True),
        ("smartHVTDetection", True),
        ("ROADTRAFFIC", True),
        ("licensePlate", True),
        ("smart", False),
        ("face", False),
        ("facesnap", False),
        ("close", False),
    ],
)
def test_vca_mode(resource: str, allows_plates: bool) -> None:
    """Tell the modes that read plates from those that do not."""
    assert VcaMode(resource).allows_plates is allows_plates


async def test_streams(client: IsapiClient, web_server: WebServer) -> None:
    """Know the live streams, without those that are switched off."""
    streams = b"".join(
        b"<StreamingChannel><id>%b</id>%b</StreamingChannel>" % stream
        for stream in (
            (b"101", b"<enabled>true</enabled>"),
            (b"102", b""),
            (b"103", b"<enabled>false</enabled>"),
            (b"x", b""),
        )
    )
    web_server.answer(
        STREAMS, b"<StreamingChannelList>" + streams + b"</StreamingChannelList>"
    )
    assert (await async_get_capabilities(client)).streams == (101, 102)
