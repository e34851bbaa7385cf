"""Test what is lost and what is not while nobody is armed or the camera is away."""

import asyncio
from datetime import UTC, datetime
from http import HTTPStatus

import aiohttp
import pytest

from simulator import DEEPINVIEW, ENTRANCE, Fault, Profile, SimulatedCamera

from .armed import PATIENCE, armed
from .conftest import Connect, StartCamera
from .xml_reading import names, text

NOON = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
DEVICE_INFO = "/ISAPI/System/deviceInfo"


async def test_missed_passages_stay_untold(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Send nothing of what passed before a client armed."""
    missed = await camera.vehicle_passes("A")
    assert camera.missed == [missed]
    async with armed(session) as client:
        camera.send_event("VMD")
        assert text((await client.part()).body, "eventType") == "VMD"
    assert camera.missed == []
    assert [kept.plate for kept in camera.plates] == ["A"]


@pytest.mark.parametrize("profile", [DEEPINVIEW, ENTRANCE], ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("fault", "marked"),
    [(Fault.MISSED_RETRANSMITTED, True), (Fault.MISSED_UNMARKED, False)],
)
async def test_missed_passages_come_in_a_burst(
    fault: Fault,
    marked: bool,
    profile: Profile,
    start_camera: StartCamera,
    connect: Connect,
) -> None:
    """Upload what was missed with its old time, before anything that is new."""
    camera = await start_camera(profile)
    camera.faults.on(fault)
    old = [
        await camera.vehicle_passes(plate, captured_at=NOON, pictures=("plate",))
        for plate in "AB"
    ]
    async with armed(await connect(camera)) as client:
        await camera.vehicle_passes("NEW", pictures=())
        for passage in old:
            body = (await client.part()).body
            assert text(body, "UUID") == passage.uuid
            assert (text(body, "dateTime") or "").startswith("2026-07-01T14:00:00")
            assert _is_marked(body) == marked
            assert (await client.part()).body == next(iter(passage.jpegs.values()))
        body = (await client.part()).body
        assert text(body, "ANPR/licensePlate") == "NEW"
        assert not _is_marked(body)


def _is_marked(body: bytes) -> bool:
    """Tell whether an event says that it is uploaded again."""
    told = "isDataRetransmission" in names(body)
    return told and text(body, "isDataRetransmission") == "true"


async def test_burst_comes_once(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Upload missed passages to the first stream alone."""
    camera.faults.on(Fault.MISSED_RETRANSMITTED)
    await camera.vehicle_passes("A", pictures=())
    async with armed(session) as first, armed(session) as second:
        camera.send_event("VMD")
        assert text((await first.part()).body, "eventType") == "ANPR"
        assert text((await second.part()).body, "eventType") == "VMD"


async def test_fault_waits_for_something_missed(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Use up no occurrence on a stream that has missed nothing."""
    camera.faults.on(Fault.MISSED_UNMARKED, times=1)
    async with armed(session):
        assert Fault.MISSED_UNMARKED in camera.faults
    async with asyncio.timeout(PATIENCE):
        await camera.wait_for_no_stream()
    await camera.vehicle_passes(has_more_data=True)
    async with armed(session) as client:
        assert "ANPR/hasMoreData" not in names((await client.part()).body)
    assert Fault.MISSED_UNMARKED not in camera.faults


async def test_camera_reads_on_while_it_cannot_be_reached(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Fill the table between stop and start."""
    port = camera.port
    await camera.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await session.get(DEVICE_INFO)
    await camera.vehicle_passes("A")
    await camera.start(port=port)
    async with session.get(DEVICE_INFO) as response:
        assert response.status == HTTPStatus.OK
    assert [kept.plate for kept in camera.plates] == ["A"]


async def test_reboot_drops_everything(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Close the port, count anew, and come back where it was."""
    await camera.vehicle_passes("A")
    url, started = camera.url, camera.clock.started
    async with armed(session) as client, asyncio.TaskGroup() as group:
        reboot = group.create_task(camera.reboot(3600))
        assert await client.rest() == b""
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(DEVICE_INFO)
        await camera.vehicle_passes("B")
        reboot.cancel()
    await camera.reboot()
    assert camera.url == url
    assert camera.clock.started > started
    assert (camera.device.alarms, camera.device.vehicles) == (0, 0)
    assert [kept.plate for kept in camera.plates] == ["A"]
    async with armed(session) as client:
        passage = await camera.vehicle_passes("C")
        assert text((await client.part()).body, "UUID") == passage.uuid
    assert passage.index == 1


async def test_reboot_makes_logins_stale(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Challenge a client anew, without counting its login as wrong."""
    for _ in range(2):
        async with session.get(DEVICE_INFO) as response:
            assert response.status == HTTPStatus.OK
        await camera.reboot()
    assert [logged.status for logged in camera.requests] == [401, 200, 401, 200]
    assert camera.failed_logins == 0


async def test_reboots_wait_for_each_other(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Come back on the same port after two reboots at once."""
    await asyncio.gather(camera.reboot(), camera.reboot())
    async with session.get(DEVICE_INFO) as response:
        assert response.status == HTTPStatus.OK
    assert camera.device.reboots == 2


@pytest.mark.parametrize(
    ("faults", "kept"), [([], 1), ([Fault.PLATES_LOST_AT_REBOOT], 0)]
)
async def test_table_survives_a_reboot_or_not(
    faults: list[Fault], kept: int, camera: SimulatedCamera
) -> None:
    """Keep the plates, unless the camera is one that loses them."""
    await camera.vehicle_passes()
    camera.faults.on(*faults)
    await camera.reboot()
    assert len(camera.plates) == kept


async def test_reboot_ends_a_stalled_stream(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Let go of a stream that says nothing, and read on meanwhile."""
    camera.faults.on(Fault.STALL, times=1)
    async with armed(session) as client:
        await camera.vehicle_passes("A")
        assert [kept.plate for kept in camera.plates] == ["A"]
        await camera.reboot()
        assert await client.rest() == b""
    assert camera.open_streams == 0
