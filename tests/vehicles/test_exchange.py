"""Test taking vehicles out into files, and in from those of others."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from homeassistant.util import dt as dt_util
from hypothesis import given, strategies as st
from openpyxl import Workbook, load_workbook
import pytest

from custom_components.hikvision_anpr.archive import sheet
from custom_components.hikvision_anpr.archive.file_error import FileError
from custom_components.hikvision_anpr.archive.sheet import read_rows
from custom_components.hikvision_anpr.intake.passage import normalize_plate
from custom_components.hikvision_anpr.isapi import workbook
from custom_components.hikvision_anpr.vehicles.exchange.reading import (
    ReadFile,
    read_vehicles,
)
from custom_components.hikvision_anpr.vehicles.exchange.taking import plan
from custom_components.hikvision_anpr.vehicles.exchange.writing import (
    FORMATS,
    Format,
    write_vehicles,
)
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle
from custom_components.hikvision_anpr.vehicles.week import week_of


@pytest.fixture(autouse=True)
def no_blocking_calls() -> None:
    """Run here what the actions run in a thread."""


FULL = Vehicle(
    vehicle_id="1",
    plate="AB-123 CD",
    list="block",
    name='Van; with, "signs"',
    owner="=cmd|' /C calc'!A0",
    group="-1",
    card_id="007",
    color="rot",
    note="two\nlines",
    areas=("Yard", "Garage"),
    valid_from=datetime(2026, 1, 1, 10, 30, tzinfo=UTC),
    valid_to=datetime(2026, 12, 31, 23, 0, 1, tzinfo=UTC),
    week=week_of({"monday": [{"from": "08:00", "to": "24:00"}]}),
    uses=3,
)
LASTING = replace(FULL, valid_to=None, week={}, uses=None)
BARE = Vehicle(vehicle_id="2", plate="XY1", list="none")


def fields(file: ReadFile) -> list[dict[str, Any]]:
    """Return what was read, without problems."""
    assert file.problems == ()
    return [dict(vehicle.data) for vehicle in file.vehicles]


def problems(data: str | bytes) -> list[tuple[int, str]]:
    """Return the rows of a file that have problems, and which."""
    file = read_vehicles(data.encode() if isinstance(data, str) else data)
    return [(problem.row, problem.error.problem) for problem in file.problems]


@pytest.mark.parametrize("written_as", ["csv", "xlsx"])
def test_round_trip(written_as: Format) -> None:
    """Read what was written, and find nothing changed."""
    file = read_vehicles(write_vehicles([FULL, BARE], written_as))
    taking = plan(file, {"1": FULL, "2": BARE}, replace=True)
    assert (taking.unchanged, taking.problems) == (2, ())
    new = plan(file, {}, replace=False)
    assert [replace(one, vehicle_id="1") for one in new.added][0] == FULL


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
    max_size=30,
).map(str.strip)


@given(
    name=TEXT,
    note=TEXT,
    plate=st.text("AB1", min_size=1, max_size=8),
    written_as=st.sampled_from(["csv", "xlsx"]),
)
def test_any_text_survives(
    name: str, note: str, plate: str, written_as: Format
) -> None:
    """Bring back any text, and let no spreadsheet take one for a formula."""
    vehicle = replace(BARE, plate=plate, name=name or None, note=note or None)
    data = write_vehicles([vehicle], written_as)
    taking = plan(read_vehicles(data), {"2": vehicle}, replace=True)
    assert (taking.unchanged, taking.problems) == (1, ())


@pytest.mark.parametrize("written_as", ["csv", "xlsx"])
def test_characters_that_no_workbook_holds(written_as: Format) -> None:
    """Leave them out: one of a device or of a user must not keep the rest from it."""
    odd = replace(BARE, name="\x01=a\0\x1b\ufffe\ud800b", note="a\tb\nc \x85ä🚗")
    (vehicle,) = fields(read_vehicles(write_vehicles([odd], written_as)))
    assert (vehicle["vehicle_name"], vehicle["note"]) == ("=ab", odd.note)


def test_no_formulas() -> None:
    """Write texts where a spreadsheet would calculate."""
    text = write_vehicles([FULL], "csv").decode("utf-8-sig")
    assert "'=cmd" in text
    assert ",'-1," in text
    book = load_workbook(BytesIO(write_vehicles([FULL], "xlsx")))
    assert {cell.data_type for row in book.worksheets[0] for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("written_as", ["device", "device_xls"])
def test_file_for_devices_comes_back(written_as: Format) -> None:
    """Take the days by which devices say that there is no limit for no limit."""
    vehicle = Vehicle(vehicle_id="1", plate="AB-1")
    file = read_vehicles(write_vehicles([vehicle], written_as))
    taken = plan(file, {"1": vehicle}, replace=True)
    assert (taken.unchanged, taken.changed, taken.problems) == (1, (), ())


def test_file_for_devices() -> None:
    """Write the columns of a device's own file (reference 5.1, trap 68)."""
    zone = dt_util.get_default_time_zone()
    until = replace(LASTING, valid_to=datetime(2036, 12, 31, tzinfo=zone))
    allowed = replace(BARE, vehicle_id="3", plate="zz 9", list="allow")
    data = write_vehicles([allowed, BARE, until], "device")
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[1] == "1,AB123CD,0,2026-01-01,2036-12-30,007"
    assert lines[2] == "2,ZZ9,1,1970-01-01,2099-12-30,"
    assert lines[3:] == [""]
    read = fields(read_vehicles(data))
    assert [(one["plate"], one["list"]) for one in read] == [
        ("AB123CD", "block"),
        ("ZZ9", "allow"),
    ]


@pytest.mark.parametrize("written_as", ["device", "device_xls"])
def test_what_no_device_can_hold(written_as: Format) -> None:
    """Give no device a vehicle that it would let in at other times, or for ever."""
    now = dt_util.utcnow()
    allowed = replace(BARE, list="allow")
    limits: tuple[dict[str, Any], ...] = (
        {"week": FULL.week},
        {"uses": 1},
        {"valid_to": now - timedelta(minutes=1)},
        {"valid_to": now + timedelta(days=1)},
    )
    vehicles = [
        replace(allowed, plate=f"AB{number}", **limit)
        for number, limit in enumerate(limits)
    ]
    rows = read_rows(write_vehicles(vehicles, written_as))
    assert [row[1] for row in rows[1:]] == ["AB3"]


def test_old_workbook_for_devices() -> None:
    """Write the same rows as a workbook, all texts; read them back as any other file."""
    vehicles = [replace(LASTING, list="allow"), BARE]
    rows = read_rows(write_vehicles(vehicles, "device_xls"))
    assert rows == read_rows(write_vehicles(vehicles, "device"))
    assert rows[1] == ["1", "AB123CD", "1", "2026-01-01", "2099-12-30", "007"]


def test_more_than_an_old_workbook_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that there are too many, and leave none out."""
    monkeypatch.setattr(workbook, "MOST_XLS_ROWS", 2)
    listed = [replace(BARE, plate=plate, list="allow") for plate in ("AB1", "AB2")]
    with pytest.raises(FileError) as error:
        write_vehicles(listed, "device_xls")
    assert error.value.problem == "too_many_for_xls"


def test_codes_that_a_file_explains() -> None:
    """Take the codes as the title of their column tells them, in quotes or not."""
    for title in ("Group (0 = allow list, 1 = block list)", "Group(0 white,1 black)"):
        text = f"No.,Plate,{title},Card ID\n1,AB1,1,7\n2,AB2,0,8\n"
        assert fields(read_vehicles(text.encode())) == [
            {"plate": "AB1", "list": "block", "card_id": "7"},
            {"plate": "AB2", "list": "allow", "card_id": "8"},
        ]


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body><table><tr><th>Plate<th>Owner<tr><td>AB1<td>M\xc3\xbcller</table>",
        "<table><tr><td>Plate</td><td>Owner</td></tr>"
        "<tr><td> AB1 </td><td><b>Müller</b></td></tr></table>".encode(),
        '<!DOCTYPE html><html><head><meta charset="cp1252"></head><body><table><tr>'
        "<td>Plate<td>Owner<tr><td>AB1<td>Müller</table>".encode("cp1252"),
        "\ufeffPlate\tOwner\r\nAB1\tMüller\r\n".encode("utf-16-le"),
    ],
)
def test_what_is_called_xls(data: bytes) -> None:
    """Read a web page and a text that somebody calls xls."""
    assert fields(read_vehicles(data)) == [{"plate": "AB1", "owner": "Müller"}]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Kennzeichen;Liste;Fahrzeug\nMÜ-AB 1;erlaubt;Käfer\n", "utf-8"),
        ("Kennzeichen;Liste;Fahrzeug\nMÜ-AB 1;erlaubt;Käfer\n", "utf-8-sig"),
        ("Kennzeichen\tListe\tFahrzeug\r\nMÜ-AB 1\terlaubt\tKäfer\r\n", "utf-16"),
        ("Kennzeichen|Liste|Fahrzeug\rMÜ-AB 1|erlaubt|Käfer\r", "cp1252"),
    ],
)
def test_encodings_and_delimiters(text: str, encoding: str) -> None:
    """Find out how a file is written."""
    (vehicle,) = fields(read_vehicles(text.encode(encoding)))
    assert vehicle == {"plate": "MÜ-AB 1", "list": "allow", "vehicle_name": "Käfer"}


def test_device_codes_and_headings_above() -> None:
    """Take a device's own file, with what it writes above."""
    text = "List of plates\n\nNo.,Plate No.,Group,Card No.\n1,AB1,1,7\n2,AB2,0,\n"
    assert fields(read_vehicles(text.encode())) == [
        {"plate": "AB1", "list": "allow", "card_id": "7"},
        {"plate": "AB2", "list": "block", "card_id": None},
    ]
    named = "plate,group,list\nAB1,1,block\n"
    assert fields(read_vehicles(named.encode())) == [
        {"plate": "AB1", "list": "block", "group": "1"}
    ]


@pytest.mark.parametrize(
    "value", ["2026-12-31", "31.12.2026", "31/12/2026", "2026-12-31 00:00:00"]
)
def test_days(value: str) -> None:
    """Take a day as a whole one, however it is written."""
    data = f"plate;valid from;valid until\nAB1;{value};{value}\n"
    (vehicle,) = fields(read_vehicles(data.encode()))
    zone = dt_util.get_default_time_zone()
    assert vehicle["valid_from"] == datetime(2026, 12, 31, tzinfo=zone)
    assert vehicle["valid_to"] == datetime(2027, 1, 1, tzinfo=zone)


def test_workbook_of_another_program() -> None:
    """Read numbers and days as one would type them."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["License Plate", "Type", "Card No", "End date"])
    page.append(["AB1", "whitelist", 12.0, datetime(2026, 12, 31)])
    data = BytesIO()
    book.save(data)
    (vehicle,) = fields(read_vehicles(data.getvalue()))
    assert vehicle["card_id"] == "12"
    assert vehicle["valid_to"].year in {2026, 2027}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("--;;;;", "plate_without_characters"),
        ("AB1;white-ish;;;", "unknown_list"),
        ("AB1;;tomorrow;;", "unknown_time"),
        ("AB1;;2026-13-45;;", "unknown_time"),
        ("AB1;;;many;", "unknown_number"),
        ("AB1;;;1001;", "unknown_number"),
        pytest.param(f"AB1;;;{'9' * 5000};", "unknown_number", id="endless number"),
        ("AB1;;;;[]", "unknown_week"),
        ("AB1;;;;{", "unknown_week"),
        pytest.param(f"AB1;;;;{'[' * 50_000}", "unknown_week", id="deep week"),
        ('AB1;;;;{"someday": []}', "unknown_day"),
        ("ok 1;;;;", "plate_twice"),
        ("=1+1;;;;", "plate_is_formula"),
    ],
)
def test_problems_of_rows(row: str, problem: str) -> None:
    """Name each row that has a problem, and read the others."""
    data = f"plate;list;valid to;uses;week\nOK1;;;;\n{row}\n\nOK2;;;;\n"
    assert problems(
        data.replace('"', '""').replace("{", '"{').replace("}", '}"')
        if "{" in row and "}" in row
        else data
    ) == [(3, problem)]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "file_empty"),
        (b" \r\n ", "file_empty"),
        (b"name;list\nVan;allow\n", "file_without_plates"),
        (b"PK\x03\x04 no workbook", "file_not_readable"),
        (b"\xd0\xcf\x11\xe0 no workbook", "file_not_readable"),
        (b"plate\0\nAB1\n", "file_not_readable"),
        (b"\xff\xfeA", "file_not_readable"),
        (b"plate\n" + b"A" * 200_000 + b"\n", "file_not_readable"),
        (b"x" * (sheet.LARGEST + 1), "file_too_large"),
    ],
)
def test_no_file_of_vehicles(data: bytes, problem: str) -> None:
    """Say why nothing can be read."""
    with pytest.raises(FileError) as error:
        read_vehicles(data)
    assert error.value.problem == problem


def test_damaged_workbook() -> None:
    """Say that it cannot be read, wherever a byte of it is wrong."""
    whole = write_vehicles([FULL, BARE], "xlsx")
    for place in range(0, len(whole), 23):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        with suppress(FileError):
            read_vehicles(bytes(damaged))


@pytest.mark.parametrize("content", [b"", b"<worksheet>", b"<!DOCTYPE x>", b"\0"])
def test_workbook_with_a_broken_sheet(content: bytes) -> None:
    """Say that it cannot be read where unpacking it is no problem."""
    whole = BytesIO(write_vehicles([FULL], "xlsx"))
    data = BytesIO()
    with ZipFile(whole) as before, ZipFile(data, "w") as after:
        for name in before.namelist():
            is_sheet = name.startswith("xl/worksheets/")
            after.writestr(name, content if is_sheet else before.read(name))
    with pytest.raises(FileError) as error:
        read_vehicles(data.getvalue())
    assert error.value.problem == "file_not_readable"


def test_workbook_that_unpacks_to_too_much() -> None:
    """Refuse what is small only as long as it is packed, before it is unpacked."""
    data = BytesIO(write_vehicles([FULL], "xlsx"))
    with ZipFile(data, "a", ZIP_DEFLATED) as parts:
        parts.writestr("xl/more.xml", bytes(workbook.MOST_UNPACKED))
    with pytest.raises(FileError) as error:
        read_vehicles(data.getvalue())
    assert error.value.problem == "file_not_readable"


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no more than there may be."""
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    with pytest.raises(FileError) as error:
        read_vehicles(b"plate\nAB1\nAB2\n")
    assert error.value.problem == "file_too_large"


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """End in vehicles, problems or a clear error, whatever comes."""
    try:
        file = read_vehicles(b"plate,list\n" + data)
    except FileError:
        return
    for vehicle in file.vehicles:
        assert normalize_plate(vehicle.data["plate"])


def test_plan() -> None:
    """Tell what would change, and remove only what is asked for."""
    known = {"1": FULL, "2": BARE}
    data = b"plate;name\nAB 123 CD;Lorry\nNEW1;Car\n"
    taking = plan(read_vehicles(data), known, replace=False)
    assert [one.plate for one in taking.added] == ["NEW1"]
    assert [(one.vehicle_id, one.name, one.list) for one in taking.changed] == [
        ("1", "Lorry", "block")
    ]
    assert taking.removed == ()
    assert plan(read_vehicles(data), known, replace=True).removed == (BARE,)


def test_problem_that_only_the_registry_knows() -> None:
    """Name a row whose times contradict what is known."""
    data = b"plate;valid from\nAB123CD;2030-01-01\n"
    taking = plan(read_vehicles(data), {"1": FULL}, replace=False)
    assert [(one.row, one.error.problem) for one in taking.problems] == [
        (2, "ends_before_it_begins")
    ]


CUT_HEAD = "plate,list,vehicle_name\r\nAB123CD,block,Van\r\n"


@pytest.mark.parametrize("row", ["XY9", "XY987,bl", 'XY987,block,"My'])
def test_file_that_was_cut_off(row: str) -> None:
    """Take nothing of it: half a plate is another plate, allowed by default."""
    with pytest.raises(FileError) as error:
        read_vehicles(f"{CUT_HEAD}{row}".encode())
    assert error.value.problem == "file_cut_off"


@pytest.mark.parametrize("row", ["", "XY987,block,Bus", "XY987\r\n", 'X1,block,"a"'])
def test_file_without_a_last_line_end(row: str) -> None:
    """Take a whole file, as editors write them, and short rows that end."""
    assert read_vehicles(f"{CUT_HEAD}{row}".encode()).problems == ()


@pytest.mark.parametrize("written_as", FORMATS)
def test_file_cut_off_anywhere(written_as: Format) -> None:
    """Read no plate that the whole file does not have, wherever it ends."""
    whole = write_vehicles([FULL, BARE, replace(BARE, plate="ZZ900")], written_as)
    plates = {"AB123CD", "XY1", "ZZ900"}
    for end in range(1, len(whole), 1 if written_as != "xlsx" else 97):
        try:
            file = read_vehicles(whole[:end])
        except FileError:
            continue
        found = {normalize_plate(one.data["plate"]) for one in file.vehicles}
        assert found <= plates
