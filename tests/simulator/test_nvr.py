"""Test the simulated recorder: its channels, and what it forwards."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import aiohttp
from lxml import etree
import pytest

from simulator import DEEPINVIEW, SMALL, Addressing, SimulatedCamera, SimulatedNvr

from .armed import armed
from .conftest import Connect

CHANNELS = "/ISAPI/ContentMgmt/InputProxy/channels"


@pytest.fixture
def behind() -> SimulatedCamera:
    """Return a camera that only the recorder reaches."""
    return SimulatedCamera(DEEPINVIEW, pictures=SMALL, seed=1)


@pytest.fixture
async def nvr(
    socket_enabled: None, behind: SimulatedCamera
) -> AsyncIterator[SimulatedNvr]:
    """Start a recorder with two cameras."""
    nvr = SimulatedNvr(heartbeat_seconds=3600)
    nvr.add(1, name="Yard")
    nvr.add(3, behind, name="Gate", address="192.0.2.3")
    await nvr.start()
    yield nvr
    await nvr.stop()


@pytest.fixture
async def recorder(nvr: SimulatedNvr, connect: Connect) -> aiohttp.ClientSession:
    """Return a session with it."""
    return await connect(nvr)


async def read(session: aiohttp.ClientSession, path: str) -> etree._Element:
    """Return a document."""
    async with session.get(path) as response:
        assert response.status == HTTPStatus.OK
        return etree.fromstring(await response.read())


def texts(root: etree._Element, name: str) -> list[str]:
    """Return the texts of all elements of a name."""
    return [element.text or "" for element in root.iter(f"{{*}}{name}")]


async def test_channels(nvr: SimulatedNvr, recorder: aiohttp.ClientSession) -> None:
    """List the cameras with what the recorder knows of them."""
    listed = await read(recorder, CHANNELS)
    assert texts(listed, "id") == ["1", "3"]
    assert texts(listed, "name") == ["Yard", "Gate"]
    assert texts(listed, "serialNumber")[1] == DEEPINVIEW.serial_number
    nvr.remove(1)
    assert texts(await read(recorder, CHANNELS), "id") == ["3"]


async def test_states(nvr: SimulatedNvr, recorder: aiohttp.ClientSession) -> None:
    """Tell who is online, and leave some out."""
    nvr.recorder.channels[1].online = None
    nvr.recorder.channels[3].online = False
    states = await read(recorder, f"{CHANNELS}/status")
    assert texts(states, "online") == ["false"]


async def test_who_reads_plates(recorder: aiohttp.ClientSession) -> None:
    """Answer for the vehicle detection of cameras that have one."""
    root = await read(recorder, "/ISAPI/Traffic/channels/3/vehicleDetect")
    assert texts(root, "enabled") == ["true"]
    for number in (1, 9):
        path = f"/ISAPI/Traffic/channels/{number}/vehicleDetect"
        async with recorder.get(path) as response:
            assert response.status == HTTPStatus.FORBIDDEN


async def test_camera_has_no_channels(session: aiohttp.ClientSession) -> None:
    """Let an ordinary camera refuse the question (reference 8.1)."""
    async with session.get(CHANNELS) as response:
        assert response.status == HTTPStatus.FORBIDDEN


async def test_analogue_inputs(
    nvr: SimulatedNvr, recorder: aiohttp.ClientSession
) -> None:
    """Name analogue inputs as recorders do."""
    nvr.recorder.analogue = 2
    root = await read(recorder, "/ISAPI/System/Video/inputs/channels")
    assert texts(root, "id") == ["I-1", "I-2"]


async def test_snapshot(recorder: aiohttp.ClientSession) -> None:
    """Show what a channel sees, of channels that there are."""
    async with recorder.get("/ISAPI/Streaming/channels/301/picture") as response:
        assert (await response.read()).startswith(b"\xff\xd8")
    async with recorder.get("/ISAPI/Streaming/channels/901/picture") as response:
        assert response.status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("addressing", "numbers"),
    [
        (Addressing.DYNAMIC, ([], ["3"])),
        (Addressing.OFFSET, (["35"], [])),
        (Addressing.BOTH, (["35"], ["3"])),
        (Addressing.PLAIN, (["3"], [])),
        (Addressing.WRONG, ([], ["903"])),
    ],
)
async def test_forwarded_passage(
    nvr: SimulatedNvr,
    behind: SimulatedCamera,
    recorder: aiohttp.ClientSession,
    addressing: Addressing,
    numbers: tuple[list[str], list[str]],
) -> None:
    """Tell of a passage under the recorder's own name for the camera."""
    nvr.recorder.addressing = addressing
    async with armed(recorder) as client:
        passage = await behind.vehicle_passes("AB123CD")
        root = etree.fromstring((await client.part()).body)
        pictures = [(await client.part()).body for _ in passage.pictures]
    assert (texts(root, "channelID"), texts(root, "dynChannelID")) == numbers
    assert texts(root, "licensePlate") == ["AB123CD"]
    assert texts(root, "channelName") == ["Gate"]
    assert texts(root, "macAddress") == [nvr.profile.mac_address]
    assert set(pictures) == set(passage.jpegs.values())


async def test_pictures_by_address(
    nvr: SimulatedNvr, behind: SimulatedCamera, recorder: aiohttp.ClientSession
) -> None:
    """Name addresses on the recorder, which want a login."""
    nvr.recorder.pictures_as_urls = True
    async with armed(recorder) as client:
        passage = await behind.vehicle_passes("AB123CD")
        root = etree.fromstring((await client.part()).body)
    addresses = texts(root, "pictureURL")
    assert texts(root, "dataType") == ["1"] * len(passage.pictures)
    served = []
    for address in addresses:
        async with recorder.get(address) as response:
            served.append(await response.read())
        async with aiohttp.request("GET", address) as response:
            assert response.status == HTTPStatus.UNAUTHORIZED
    assert set(served) == set(passage.jpegs.values())


async def test_camera_that_is_away_is_not_forwarded(
    nvr: SimulatedNvr, behind: SimulatedCamera, recorder: aiohttp.ClientSession
) -> None:
    """Tell nothing of a camera that the recorder does not reach, or has no more."""
    channel = nvr.recorder.channels[3]
    async with armed(recorder) as client:
        channel.online = False
        await behind.vehicle_passes("AWAY111")
        nvr.remove(3)
        await behind.vehicle_passes("GONE111")
        nvr.loses_video(1)
        root = etree.fromstring((await client.part()).body)
    assert texts(root, "eventType") == ["videoloss"]
    assert texts(root, "eventState") == ["active"]
