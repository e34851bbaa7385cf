"""Test reading and changing devices' own lists, with their traps (reference 5)."""

from dataclasses import replace
from datetime import UTC, date
import json

from aiohttp import web
from lxml import etree
import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.document import parse_document
from custom_components.hikvision_anpr.isapi.errors import (
    BusyError,
    ListFullError,
    ListNotChangedError,
    NotSupportedError,
)
from custom_components.hikvision_anpr.isapi.plate_list_entry import (
    ListEntry,
    read_entry,
)
from custom_components.hikvision_anpr.isapi.plate_lists import PlateList
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.plate_list import ListDialect
from simulator.profiles import DEEPINVIEW, ENTRANCE, PLAIN_CAMERA, Profile

from .listed import kept
from .web_server import WebServer

TCG_PLATES = replace(ENTRANCE, list_dialect=ListDialect.TCG_PLATES)
ALL = [DEEPINVIEW, ENTRANCE, TCG_PLATES]
ONE = ListEntry(plate="AB123CD", list="allow")


@pytest.fixture(params=ALL, ids=["deepinview", "tcg406", "tcg405"])
def camera_profile(request: pytest.FixtureRequest) -> Profile:
    """Return a model with a list."""
    profile: Profile = request.param
    return profile


@pytest.fixture
def plates(camera_client: IsapiClient, camera_profile: Profile) -> PlateList:
    """Return the camera's list."""
    return PlateList(camera_client, 1, camera_profile.model, UTC)


async def test_put_and_remove(camera: SimulatedCamera, plates: PlateList) -> None:
    """Put plates on lists, change them, and remove just the one that is meant."""
    await plates.async_put(ONE)
    await plates.async_put(replace(ONE, plate="XY1", list="block"))
    entries = {entry.plate: entry.list for entry in await plates.async_entries()}
    assert entries == {"AB123CD": "allow", "XY1": "block"}
    changed = await plates.async_put(replace(ONE, list="block"))
    assert (changed.plate, changed.list) == ("AB123CD", "block")
    assert len(camera.device.plate_list.records) == 2
    assert await plates.async_remove("AB123CD") is True
    assert await plates.async_remove("AB123CD") is False
    assert list(kept(camera)) == ["XY1"]
    sent = [json.loads(one.body) for one in camera.requests if "Del" in one.path]
    assert sent
    assert all(body.get("deleteAllEnabled", False) is False for body in sent)
    ids = [one for body in sent for one in body.get("id", ["-"])]
    assert all(isinstance(one, str) for one in ids)


async def test_days(camera: SimulatedCamera, plates: PlateList) -> None:
    """Keep until when a plate counts."""
    entry = replace(
        ONE, valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), card_id="7"
    )
    found = await plates.async_put(entry)
    assert (found.valid_to, found.card_id) == (date(2026, 12, 31), "7")
    record = camera.device.plate_list.records["AB123CD"]
    assert record.start.startswith("2026-01-01")
    assert record.end.startswith("2026-12-31")
    # DeepinView takes days, entrance cameras times of the day (trap 67).
    is_time = camera.device.plate_list.dialect is not ListDialect.DEEPINVIEW
    assert ["T" in one for one in (record.start, record.end)] == [is_time, is_time]
    found = await plates.async_put(ONE)
    assert found.valid_to is None


async def test_what_is_so_already_is_not_written(
    camera: SimulatedCamera, plates: PlateList
) -> None:
    """Leave alone what is as it should be."""
    await plates.async_put(ONE)
    before = len([one for one in camera.requests if one.method == "PUT"])
    await plates.async_put(ONE)
    assert len([one for one in camera.requests if one.method == "PUT"]) == before


async def test_pages(camera: SimulatedCamera, plates: PlateList) -> None:
    """Read on until a page brings nothing new, whatever is on one."""
    camera.device.plate_list.page = 7
    for number in range(20):
        await plates.async_put(replace(ONE, plate=f"P{number}"))
    assert len(await plates.async_entries()) == 20


@pytest.mark.parametrize("is_inside", [True, False])
async def test_counts_are_inside_the_list_or_beside_it(
    client: IsapiClient, web_server: WebServer, is_inside: bool
) -> None:
    """Read on by the count of a device that never says MORE, and counts wrong (trap 65)."""

    async def page(request: web.Request) -> web.Response:
        root = etree.fromstring(await request.read())
        begin = int(root.findtext("{*}searchResultPosition") or "")
        rows = "".join(
            f"<LicensePlateInfo><id>{number}</id><LicensePlate>P{number}</LicensePlate>"
            "<type>whiteList</type></LicensePlateInfo>"
            for number in range(begin, min(begin + 2, 5))
        )
        counts = "<totalMatches>7</totalMatches>"
        inside, beside = (counts, "") if is_inside else ("", counts)
        return web.Response(
            text="<LPListAuditSearchResult><responseStatusStrg>OK</responseStatusStrg>"
            f"{beside}<LicensePlateInfoList>{inside}{rows}</LicensePlateInfoList>"
            "</LPListAuditSearchResult>",
            content_type="application/xml",
        )

    web_server.answers["/ISAPI/Traffic/channels/1/searchLPListAudit"] = page
    entries = await PlateList(client, 1, "DS-TCG406-E", UTC).async_entries()
    assert [one.plate for one in entries] == ["P0", "P1", "P2", "P3", "P4"]


async def test_ok_is_not_believed(camera: SimulatedCamera, plates: PlateList) -> None:
    """Say that a device kept its list although it said OK (traps 63, 69)."""
    camera.faults.on(Fault.LIST_KEEPS_NOTHING)
    with pytest.raises(ListNotChangedError):
        await plates.async_put(ONE)
    camera.faults.clear()
    await plates.async_put(ONE)
    camera.faults.on(Fault.LIST_KEEPS_NOTHING)
    with pytest.raises(ListNotChangedError):
        await plates.async_remove("AB123CD")


async def test_full_list(camera: SimulatedCamera, plates: PlateList) -> None:
    """Say that no more fits in."""
    camera.device.plate_list.capacity = 1
    await plates.async_put(ONE)
    with pytest.raises(ListFullError):
        await plates.async_put(replace(ONE, plate="XY1"))
    assert list(kept(camera)) == ["AB123CD"]


async def test_unknown_model(
    camera_client: IsapiClient, camera: SimulatedCamera
) -> None:
    """Find the words that a device understands, and go on with them."""
    for model in ("DS-TCG405-E", "iDS-2CD7A46G0/P", ""):
        plates = PlateList(camera_client, 1, model, UTC)
        await plates.async_put(ONE)
        await plates.async_put(replace(ONE, list="block"))
        assert await plates.async_remove("AB123CD")
    assert kept(camera) == {}


async def test_busy_device(camera: SimulatedCamera, plates: PlateList) -> None:
    """Send nothing twice to a device that is busy."""
    camera.faults.on(Fault.BUSY, times=1)
    with pytest.raises(BusyError):
        await plates.async_put(ONE)
    assert kept(camera) == {}


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA], indirect=True)
async def test_no_list(plates: PlateList) -> None:
    """Say that a device has none."""
    with pytest.raises(NotSupportedError):
        await plates.async_entries()


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<x><LicensePlate>A1</LicensePlate><type>whiteList</type></x>", "allow"),
        ("<x><LicensePlate>A1</LicensePlate><listType>block</listType></x>", "block"),
        ("<x><LicensePlate>A1</LicensePlate><type>4</type></x>", "other"),
        ("<x><LicensePlate>A1</LicensePlate><type>Taxis</type></x>", "Taxis"),
        ("<x><LicensePlate>A1</LicensePlate></x>", "other"),
    ],
)
def test_words(xml: str, expected: str) -> None:
    """Read the words of every generation."""
    entry = read_entry(parse_document(xml.encode()), UTC)
    assert entry is not None
    assert entry.list == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31T23:59:59+08:00", date(2026, 12, 31)),
        ("2099-12-30T00:00:00", None),
        ("2037-12-31", None),
        ("soon", None),
        ("", None),
    ],
)
def test_ends(text: str, expected: date | None) -> None:
    """Read a day, and none for no end."""
    xml = f"<x><LicensePlate>A1</LicensePlate><effectiveTime>{text}</effectiveTime></x>"
    entry = read_entry(parse_document(xml.encode()), UTC)
    assert entry is not None
    assert entry.valid_to == expected


def test_no_entry() -> None:
    """Read nothing where there is no plate."""
    assert (
        read_entry(parse_document(b"<x><LicensePlate> </LicensePlate></x>"), UTC)
        is None
    )
