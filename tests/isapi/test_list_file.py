"""Test the list of a device that gives and takes it as one file (reference 5.1)."""

from asyncio import to_thread
from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.device_list import DeviceList
from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    ListFullError,
    ListNotChangedError,
    NotSupportedError,
    RejectedError,
)
from custom_components.hikvision_anpr.isapi.list_form import MOST_UNPACKED
from custom_components.hikvision_anpr.isapi.list_table import ListTable
from custom_components.hikvision_anpr.isapi.plate_list_entry import ListEntry
from custom_components.hikvision_anpr.isapi.workbook import (
    read_workbook,
    write_workbook,
)
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.list_file_forms import FileForm
from simulator.plate_list import ListDialect
from simulator.profiles import DEEPINVIEW, Profile

from .listed import kept

GUEST = ListEntry(
    plate="AB123CD",
    list="allow",
    valid_from=date(2026, 1, 2),
    valid_to=date(2026, 12, 31),
    card_id="77",
)
OTHER = ListEntry(plate="XY9", list="block")
HEADING = (
    '\ufeffNo.,Plate,"Group (0 = block list, 1 = allow list)",'
    "Start date,End date,Card ID\r\n"
)


@pytest.fixture(params=list(FileForm))
def camera_profile(request: pytest.FixtureRequest) -> Profile:
    """Return a camera that has nothing but the file, in each form of it."""
    return replace(DEEPINVIEW, list_dialect=ListDialect.FILE, list_file=request.param)


@pytest.fixture
def plates(camera_client: IsapiClient, camera_profile: Profile) -> DeviceList:
    """Return the list of the device."""
    return DeviceList(camera_client, 1, camera_profile.model, UTC)


async def test_put_change_and_remove(
    camera: SimulatedCamera, plates: DeviceList
) -> None:
    """See each change on the list, and touch no other plate."""
    assert await plates.async_entries() == []
    await plates.async_put(OTHER)
    assert await plates.async_put(GUEST) == GUEST
    await plates.async_put(GUEST)
    assert await plates.async_entries() == [OTHER, GUEST]
    moved = replace(OTHER, list="allow", card_id="8")
    assert await plates.async_put(moved) == moved
    assert kept(camera) == {"XY9": "whiteList", "AB123CD": "whiteList"}
    assert await plates.async_remove("XY9")
    assert not await plates.async_remove("XY9")
    assert await plates.async_entries() == [GUEST]
    writes = [one for one in camera.requests if one.method == "PUT" and one.user]
    assert len(writes) == 4


async def test_several_in_one_file(camera: SimulatedCamera, plates: DeviceList) -> None:
    """Send many plates at once, and no plate twice."""
    await plates.async_put(GUEST)
    many = [replace(OTHER, plate=f"XY{number}") for number in range(50)]
    await plates.async_add([*many, replace(GUEST, list="block")])
    assert len(kept(camera)) == 51
    assert set(kept(camera).values()) == {"blackList"}


async def test_what_a_device_refuses(
    camera: SimulatedCamera, plates: DeviceList
) -> None:
    """Tell of a full list, of a refused plate, and of an OK that is none."""
    await plates.async_put(GUEST)
    camera.device.plate_list.capacity = 1
    with pytest.raises(ListFullError):
        await plates.async_put(OTHER)
    with pytest.raises(RejectedError):
        await plates.async_put(replace(GUEST, plate="กข1234"))
    camera.faults.on(Fault.LIST_KEEPS_NOTHING)
    with pytest.raises(ListNotChangedError):
        await plates.async_remove("AB123CD")
    assert kept(camera) == {"AB123CD": "whiteList"}


async def test_neither_records_nor_a_file(
    camera: SimulatedCamera, plates: DeviceList, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Say that there is no list where the file is another."""

    def read(data: bytes) -> ListTable:
        raise BadAnswerError("Another file")

    monkeypatch.setattr(ListTable, "read", read)
    with pytest.raises(NotSupportedError):
        await plates.async_entries()


def test_what_nobody_knows_stays() -> None:
    """Keep other columns, other groups and the order; number the rows anew."""
    data = (
        "\ufeffNo.,Plate,Group,Colour,Note\r\n"
        '1,AA1,1,red,"one, two"\r\n'
        "2,BB2,7,,\r\n"
        "3,AA1,0,blue,\r\n"
        "\r\n"
    ).encode()
    table = ListTable.read(data)
    assert [entry.list for entry in table.entries()] == ["allow", "other", "block"]
    changed = table.changed([ListEntry(plate="AA1", list="block")])
    assert changed.write().decode() == (
        '\ufeffNo.,Plate,Group,Colour,Note\r\n1,AA1,0,red,"one, two"\r\n2,BB2,7,,\r\n'
    )
    assert table.without("CC3").write() == ListTable.read(data).write()


def test_a_workbook_stays_as_it_is() -> None:
    """Keep what stands above, other columns, and which cells are numbers and days."""
    head = [["List of plates"], ["No.", "Licence plate", "Note", "Group", "End date"]]
    day = date(2026, 12, 31)
    rows = [[1, "AA1", "own", 1, day], [2, "0123", "", 7, day]]
    table = ListTable.read(write_workbook("xls", "Plates", [*head, *rows]))
    assert [one.valid_to for one in table.entries()] == [day, day]
    new = ListEntry(plate="12", list="block", valid_to=date(2027, 1, 1))
    sheet = read_workbook(table.changed([new]).write(), "xls")
    assert sheet.name == "Plates"
    (_, _, first, second, third) = [[*row] for row in sheet.rows]
    assert first == [1, "AA1", "own", 1, datetime.combine(day, time())]
    assert second == [2, "0123", "", 7, datetime.combine(day, time())]
    assert third == [3, "12", "", 0, datetime(2027, 1, 1)]


async def test_workbook_that_is_damaged_or_unpacks_to_too_much() -> None:
    """Take it for no list, without unpacking what a device cannot have."""
    rows: list[list[object]] = [["Plate", "Group"], ["AA1", 1]]
    whole = await to_thread(write_workbook, "xlsx", "Plates", rows)
    damaged = bytearray(whole)
    with ZipFile(BytesIO(whole)) as parts:
        place = parts.getinfo("xl/worksheets/sheet1.xml").header_offset
    damaged[place + 60 : place + 90] = bytes(30)
    large = BytesIO(whole)
    with ZipFile(large, "a", ZIP_DEFLATED) as parts:
        parts.writestr("xl/more.xml", bytes(MOST_UNPACKED))
    for data in (bytes(damaged), large.getvalue()):
        with pytest.raises(BadAnswerError):
            await to_thread(ListTable.read, data)


@pytest.mark.parametrize(
    ("heading", "row", "listed", "written"),
    [
        ("Plate,Group (0: black list, 1: white list)", "AA1,1", "allow", "0"),
        ("Plate,Group (0: white list, 1: black list)", "AA1,1", "block", "1"),
        ("Plate,Group", "AA1,0", "block", "0"),
        ("Plate,List type", "AA1,Block List", "block", "Block List"),
        ("车牌号,名单类型(0黑名单 1白名单)", "AA1,1", "allow", "0"),
    ],
)
def test_groups(heading: str, row: str, listed: str, written: str) -> None:
    """Take the codes that the file itself explains, and its words where it has none."""
    table = ListTable.read(f"{heading}\r\n{row}\r\n".encode())
    assert [one.list for one in table.entries()] == [listed]
    changed = table.changed([ListEntry(plate="XY9", list="block")]).write().decode()
    assert changed == f"{heading}\r\n{row}\r\nXY9,{written}\r\n"


def test_days_as_they_are_written() -> None:
    """Write days with the signs that the device has."""
    text = "Plate;Group;Start date;End date\nAA1;1;2026/1/2;2026/12/31\n"
    table = ListTable.read(text.encode())
    (entry,) = table.entries()
    assert (entry.valid_from, entry.valid_to) == (date(2026, 1, 2), date(2026, 12, 31))
    changed = table.changed([replace(entry, plate="XY9")]).write().decode()
    assert changed == f"{text}XY9;1;2026/01/02;2026/12/31\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PK\x03\x04",
        b"<html><body>Sign in</body></html>",
        b"\xff\xfe\x00",
        f"{HEADING}1,AA1,1,2026-01-01,2099-12-30,\r\n2,BB".encode(),
        f'{HEADING}1,"AA1,1,2026-01-01'.encode(),
    ],
)
def test_other_files(data: bytes) -> None:
    """Take no other file for a list, and none that was cut off."""
    with pytest.raises(BadAnswerError):
        ListTable.read(data)
