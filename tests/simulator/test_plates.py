"""Test the plates query: what is asked, what is answered, and the tricks of it."""

from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
from hypothesis import given, strategies as st
import pytest

from simulator import (
    DEEPINVIEW,
    DS_2CD4A26,
    ENTRANCE,
    PLAIN_CAMERA,
    Fault,
    PlatesSettings,
    Profile,
    SimulatedCamera,
)
from simulator.clock import time_zone
from simulator.plates_table import cursor_digits

from .conftest import Connect, StartCamera
from .options import CameraOptions
from .plates_query import EVERYTHING, PLATES, answer, asking, found, passing
from .xml_reading import text


async def test_no_plates(session: aiohttp.ClientSession) -> None:
    """Answer an empty list while nothing was read."""
    assert await found(session) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", [PLATES, PLATES.replace("vehicleD", "vehicled")])
async def test_ways_of_asking(
    method: str, path: str, camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Take GET with a body, lower case, and a namespace."""
    await passing(camera, "A")
    body = (
        '<?xml version="1.0"?><AfterTime version="2.0" '
        'xmlns="http://www.isapi.org/ver20/XMLSchema"><picTime>0</picTime></AfterTime>'
    )
    async with session.request(method, path, data=body) as response:
        assert text(await response.read(), "Plate/plateNumber") == "A"


@pytest.mark.parametrize(
    "cursor",
    [
        "202607011400002500",
        "2026070114000025000000000",
        "20260701T140030",
        "20260701140030",
        "20260701T1400300000",
        "20260701T140030+200",
        "20260701T140030+0200",
        "20260701T070030-500",
        "2026-07-01T12:00:30Z",
        "2026-07-01T14:00:30",
        "2026-07-01T14:00:30+02:00",
    ],
)
async def test_every_way_to_write_a_cursor(
    cursor: str, camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Answer what came after the first plate and half a minute, however it is said."""
    await passing(camera, "A", "B", "C")
    assert await found(session, cursor) == ["B", "C"]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)))
def test_cursors_mean_the_same(moment: datetime) -> None:
    """Read the same second from every dialect."""
    zone = time_zone("CST+5:00:00")
    second = f"{moment:%Y%m%d%H%M%S}"
    written = (
        second,
        f"{moment:%Y%m%dT%H%M%S}",
        f"{moment:%Y%m%dT%H%M%S}-500",
        moment.isoformat(timespec="seconds"),
        f"{moment + timedelta(hours=5):%Y-%m-%dT%H:%M:%SZ}",
    )
    assert {cursor_digits(text, zone).ljust(20, "0") for text in written} == {
        f"{second}000000"
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "5"),
        ("picTime=0", "5"),
        ("<AfterTime/>", "6"),
        (asking("yesterday"), "6"),
        (asking("9999-12-31T23:59:59Z"), "6"),
        ("<Before><picTime>0</picTime></Before>", "6"),
    ],
)
async def test_nonsense_is_refused(
    body: str, code: str, session: aiohttp.ClientSession
) -> None:
    """Refuse what is no XML, no query or no time."""
    async with session.post(PLATES, data=body) as response:
        assert text(await response.read(), "statusCode") == code


@pytest.mark.parametrize(
    ("fault", "cursor", "told"),
    [
        (Fault.PLATES_UNSORTED, None, ["C", "D", "A", "B"]),
        (Fault.PLATES_OLDEST_AGAIN, None, ["A", "B", "C", "D", "A"]),
        (Fault.PLATES_OLDEST_AGAIN, 1, ["C", "D", "A"]),
        (Fault.PLATES_CURSOR_AGAIN, 1, ["B", "C", "D"]),
        (Fault.PLATES_CAPPED, 0, ["B", "C"]),
    ],
)
async def test_tricks_of_the_field(
    fault: Fault,
    cursor: int | None,
    told: list[str],
    camera: SimulatedCamera,
    session: aiohttp.ClientSession,
) -> None:
    """List plates as devices do on bad days, and well after that."""
    names = await passing(camera, *"ABCD")
    after = EVERYTHING if cursor is None else names[cursor]
    camera.faults.plates_cap = 2
    camera.faults.on(fault, times=1)
    assert await found(session, after) == told
    well = list("ABCD") if cursor is None else list("ABCD")[cursor + 1 :]
    assert await found(session, after) == well


async def test_cap_lets_a_client_page(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Answer the oldest ones first, so that asking on finds all."""
    names = await passing(camera, *"ABC")
    camera.faults.plates_cap = 2
    camera.faults.on(Fault.PLATES_CAPPED)
    assert await found(session) == ["A", "B"]
    assert await found(session, names[1]) == ["C"]


async def test_bytes_before_the_document(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Put bytes before the first angle bracket."""
    await passing(camera, "A")
    good = await answer(session)
    camera.faults.on(Fault.PLATES_JUNK_BEFORE)
    junk, bracket, rest = (await answer(session)).partition(b"<")
    assert junk
    assert bracket + rest == good


@pytest.mark.parametrize("plates", [[], ["A"], ["A", "B"]])
async def test_answer_in_json(
    plates: list[str], camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Answer JSON although XML was asked for, names as texts."""
    names = await passing(camera, *plates)
    camera.faults.on(Fault.PLATES_AS_JSON)
    async with session.post(PLATES, data=asking(EVERYTHING)) as response:
        told = await response.json()
    rows = told["Plates"]["Plate"]
    assert [row["plateNumber"] for row in rows] == plates
    assert [row["picName"] for row in rows] == list(names)


@pytest.mark.parametrize(
    ("profile", "plates", "status"),
    [
        (DEEPINVIEW, None, HTTPStatus.OK),
        (DS_2CD4A26, None, HTTPStatus.OK),
        (ENTRANCE, None, HTTPStatus.FORBIDDEN),
        (PLAIN_CAMERA, None, HTTPStatus.FORBIDDEN),
        (ENTRANCE, PlatesSettings(), HTTPStatus.OK),
        (DEEPINVIEW, PlatesSettings(size=0), HTTPStatus.FORBIDDEN),
    ],
)
async def test_who_has_a_table(
    profile: Profile,
    plates: PlatesSettings | None,
    status: HTTPStatus,
    start_camera: StartCamera,
    connect: Connect,
) -> None:
    """Answer notSupport where the model or the setting has no table."""
    options: CameraOptions = {} if plates is None else {"plates": plates}
    camera = await start_camera(profile, **options)
    session = await connect(camera)
    async with session.post(PLATES, data=asking(EVERYTHING)) as response:
        body = await response.read()
    assert response.status == status
    refused = status is HTTPStatus.FORBIDDEN
    assert (b"<subStatusCode>notSupport<" in body) == refused
