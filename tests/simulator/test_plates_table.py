"""Test what a camera remembers of the plates that it read, and for how long."""

from http import HTTPStatus
import re

import aiohttp
import pytest

from simulator import CaptureTime, Fault, PlatesSettings, SimulatedCamera

from .conftest import Connect, StartCamera
from .plates_query import NOON, PLATES, answer, found, passing
from .xml_reading import text


async def test_plate_is_kept_while_nobody_is_armed(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Answer what is said about a plate, in the device's local time."""
    await camera.vehicle_passes(
        "DK18HVX", captured_at=NOON, country="17", lane=2, direction="reverse"
    )
    assert await answer(session) == (
        b'<?xml version="1.0" encoding="UTF-8"?>\r\n'
        b'<Plates version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">\r\n'
        b"<Plate>\r\n"
        b"<captureTime>20260701T1400000000</captureTime>\r\n"
        b"<plateNumber>DK18HVX</plateNumber>\r\n"
        b"<picName>202607011400002500</picName>\r\n"
        b"<country>GBR</country>\r\n"
        b"<laneNo>2</laneNo>\r\n"
        b"<direction>reverse</direction>\r\n"
        b"</Plate>\r\n"
        b"</Plates>\r\n"
    )


@pytest.mark.parametrize(
    ("plate", "country", "told"),
    [("A", "3", "DEU"), ("A", "POL", "POL"), ("A", "9999", None), (None, "3", None)],
)
async def test_country_is_told_in_letters(
    plate: str | None,
    country: str,
    told: str | None,
    camera: SimulatedCamera,
    session: aiohttp.ClientSession,
) -> None:
    """Tell a country in three letters, or nothing."""
    await camera.vehicle_passes(plate, country=country)
    body = await answer(session)
    assert text(body, "Plate/country") == told
    assert text(body, "Plate/plateNumber") == (plate or "unknown")


async def test_ring_is_bounded(start_camera: StartCamera, connect: Connect) -> None:
    """Push the oldest plates out, and their pictures with them."""
    camera = await start_camera(plates=PlatesSettings(size=2))
    session = await connect(camera)
    first, *_ = await passing(camera, "A")
    await passing(camera, "B", "C")
    assert await found(session) == ["B", "C"]
    async with session.get(f"/doc/ui/images/plate/{first}.jpg") as response:
        assert response.status == HTTPStatus.NOT_FOUND


async def test_picture_of_a_plate(
    camera: SimulatedCamera,
    session: aiohttp.ClientSession,
    stranger: aiohttp.ClientSession,
) -> None:
    """Answer with the crop that the event has, to who is logged in."""
    passage = await camera.vehicle_passes()
    path = f"/doc/ui/images/plate/{camera.plates[0].name}.jpg"
    async with session.get(path) as response:
        assert response.content_type == "image/jpeg"
        assert await response.read() == next(iter(passage.jpegs.values()))
    async with stranger.get(path) as response:
        assert response.status == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("digits", [18, 21, 25])
async def test_names_are_unique_and_as_long_as_set(
    digits: int, start_camera: StartCamera
) -> None:
    """Give vehicles of the same moment different names, in the order of reading."""
    camera = await start_camera(plates=PlatesSettings(name_digits=digits))
    for _ in range(3):
        await camera.vehicle_passes(captured_at=NOON)
    names = [kept.name for kept in camera.plates]
    assert names == sorted(set(names))
    assert {len(name) for name in names} == {digits}
    assert all(re.fullmatch(r"20260701140000\d+", name) for name in names)


@pytest.mark.parametrize("digits", [17, 26])
def test_other_lengths_of_names_are_refused(digits: int) -> None:
    """Refuse lengths that no device has."""
    with pytest.raises(ValueError, match="18 to 25"):
        SimulatedCamera(plates=PlatesSettings(name_digits=digits))


@pytest.mark.parametrize(
    ("shape", "zone", "fault", "told"),
    [
        (CaptureTime.DIGITS, "CST+5:00:00", None, "20260701T0700000000"),
        (CaptureTime.OFFSET, "CST+5:00:00", None, "20260701T070000-500"),
        (CaptureTime.OFFSET, "CST-5:30:00", None, "20260701T173000+530"),
        (CaptureTime.OFFSET, "CST-10:00:00", None, "20260701T220000+1000"),
        (
            CaptureTime.OFFSET,
            "CST+5:00:00",
            Fault.CLOCK_WITHOUT_OFFSET,
            "20260701T070000",
        ),
        (CaptureTime.OFFSET, "CST+5:00:00", Fault.CLOCK_ZULU, "20260701T120000Z"),
        (
            CaptureTime.DIGITS,
            "CST+5:00:00",
            Fault.CLOCK_WRONG_ZONE,
            "20260701T2000000000",
        ),
        (CaptureTime.DIGITS, "CST-1:00:00", Fault.CLOCK_OFF, "20360628T1600000000"),
    ],
)
async def test_capture_time(
    shape: CaptureTime,
    zone: str,
    fault: Fault | None,
    told: str,
    start_camera: StartCamera,
    connect: Connect,
) -> None:
    """Write captureTime in the model's shape, with the faults of the clock."""
    camera = await start_camera(plates=PlatesSettings(capture_time=shape))
    camera.clock.zone_text = zone
    camera.faults.on(*([fault] if fault else []))
    await camera.vehicle_passes(captured_at=NOON)
    body = await answer(await connect(camera))
    assert text(body, "Plate/captureTime") == told
    local = re.sub(r"\D", "", told)[:14]
    if fault is not Fault.CLOCK_ZULU:
        assert camera.plates[0].name.startswith(local)


async def test_nothing_is_kept_while_vehicle_detection_is_off(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Leave the table alone when no plates are read."""
    path = PLATES.removesuffix("/plates")
    off = "<VehicleDetectCfg><enabled>false</enabled></VehicleDetectCfg>"
    async with session.put(path, data=off) as response:
        assert response.status == HTTPStatus.OK
    await camera.vehicle_passes()
    assert await found(session) == []
    assert camera.missed == []
