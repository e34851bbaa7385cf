"""Test the documents that clients may replace, and what they switch."""

import aiohttp
import pytest

from simulator import SimulatedCamera

from .armed import armed
from .xml_reading import text

VEHICLE_DETECT = "/ISAPI/Traffic/channels/1/vehicleDetect"
VCA_RESOURCE = "/ISAPI/System/Video/inputs/channels/1/VCAResource"


async def put(session: aiohttp.ClientSession, path: str, body: str) -> str | None:
    """Return the statusCode that a PUT earns."""
    async with session.put(path, data=body) as response:
        return text(await response.read(), "statusCode")


async def passes(camera: SimulatedCamera, session: aiohttp.ClientSession) -> bool:
    """Tell whether a passage is sent."""
    async with armed(session) as client:
        await camera.vehicle_passes(pictures=())
        camera.send_event("VMD")
        return text((await client.part()).body, "eventType") == "ANPR"


async def test_document_is_kept_as_written(session: aiohttp.ClientSession) -> None:
    """Answer later what was written, and nothing else."""
    written = "<VehicleDetectCfg><enabled>true</enabled><own>1</own></VehicleDetectCfg>"
    assert await put(session, VEHICLE_DETECT, written) == "1"
    async with session.get(VEHICLE_DETECT) as response:
        assert await response.text() == written


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("enabled=true", "5"),
        ("<Wrong><enabled>true</enabled></Wrong>", "6"),
        ('<VehicleDetectCfg><enabled opt="true">1</enabled></VehicleDetectCfg>', "6"),
    ],
)
async def test_bad_documents_are_refused(
    body: str, code: str, session: aiohttp.ClientSession
) -> None:
    """Refuse no XML, another root, and attributes of capability documents."""
    assert await put(session, VEHICLE_DETECT, body) == code
    async with session.get(VEHICLE_DETECT) as response:
        assert text(await response.read(), "enabled") == "true"


async def test_vehicle_detection_off_silences_the_camera(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Send no passage while vehicle detection is off."""
    assert await passes(camera, session)
    off = "<VehicleDetectCfg><enabled>false</enabled></VehicleDetectCfg>"
    await put(session, VEHICLE_DETECT, off)
    assert not await passes(camera, session)


async def test_other_analysis_silences_the_camera_after_a_reboot(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Answer Reboot Required, and go on reading plates until then."""
    smart = "<VCAResource><type>smart</type></VCAResource>"
    assert await put(session, VCA_RESOURCE, smart) == "7"
    assert await passes(camera, session)
    camera.device.reboot()
    assert not await passes(camera, session)
    async with session.get(VCA_RESOURCE) as response:
        assert text(await response.read(), "type") == "smart"
