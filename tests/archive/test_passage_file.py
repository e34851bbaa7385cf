"""Test reading passages out of files, and putting those that are new into the archive."""

import asyncio
from contextlib import suppress
import csv
from functools import partial
from io import StringIO
import json
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.archive import sheet
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.errors import ArchiveUnavailableError
from custom_components.hikvision_anpr.archive.file_error import FileError
from custom_components.hikvision_anpr.archive.importing import (
    async_import_rows,
    new_among,
)
from custom_components.hikvision_anpr.archive.passage_file import (
    ReadingRules,
    ReadPassages,
    read_passages,
)
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.plate_pattern import PlatePattern
from custom_components.hikvision_anpr.archive.record import Row, moment_of
from custom_components.hikvision_anpr.archive.search import count, search

from .passages import keep, passage

ZONE = ZoneInfo("Europe/Berlin")
RULES = ReadingRules(
    zone=ZONE, devices={"gate": ("a" * 32, 1), "yard 2": ("b" * 32, 2)}
)
AT_THE_GATE = ReadingRules(zone=ZONE, device=("a" * 32, 1))


@pytest.fixture(autouse=True)
def no_blocking_calls() -> None:
    """Run here what the action runs in a thread."""


def read(data: str | bytes, rules: ReadingRules = AT_THE_GATE) -> ReadPassages:
    """Read a file."""
    return read_passages(data.encode() if isinstance(data, str) else data, rules)


def only(data: str | bytes, rules: ReadingRules = AT_THE_GATE) -> Row:
    """Return the one passage of a file, without problems."""
    found = read(data, rules)
    assert found.problems == ()
    (row,) = found.passages
    return row


def problems(data: str, rules: ReadingRules = AT_THE_GATE) -> list[tuple[int, str]]:
    """Return the rows of a file that have problems, and which."""
    return [(one.row, one.error.problem) for one in read(data, rules).problems]


def utc(row: Row) -> str:
    """Return when a passage was captured."""
    moment = moment_of(int(row["captured_at"] or 0))
    assert moment
    return moment.isoformat()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-25T08:00:00.250+01:00", "2026-11-25T07:00:00.250000+00:00"),
        ("2026-11-25 08:00:00", "2026-11-25T07:00:00+00:00"),
        ("2026-07-25 08:00", "2026-07-25T06:00:00+00:00"),
        ("2026/11/25 8:00:05", "2026-11-25T07:00:05+00:00"),
        ("25.11.2026 8:00", "2026-11-25T07:00:00+00:00"),
        ("25/11/2026, 08:00:00", "2026-11-25T07:00:00+00:00"),
        ("20261125T080000Z", "2026-11-25T08:00:00+00:00"),
        ("25.11.2026", "2026-11-24T23:00:00+00:00"),
    ],
)
def test_times(written: str, meant: str) -> None:
    """Understand a time as programs write it; without a zone it is that of the home."""
    assert utc(only(f'plate,captured_at\nAB1,"{written}"\n')) == meant


def test_times_of_others() -> None:
    """Read times by a format that is given, and a day apart from its time."""
    american = ReadingRules(
        zone=ZONE, device=("a", 1), time_format="%m/%d/%Y %I:%M:%S %p"
    )
    row = only("Plate No.;Pass Time\nAB1;11/25/2026 08:00:00 PM\n", american)
    assert utc(row) == "2026-11-25T19:00:00+00:00"
    row = only("Kennzeichen;Datum;Uhrzeit\nAB1;25.11.2026;8:00:01\n")
    assert utc(row) == "2026-11-25T07:00:01+00:00"


@pytest.mark.parametrize(
    "written", ["soon", "0001-01-01", "2026-02-30", "99.99.2026", "1e9", "١٢"]
)
def test_no_time(written: str) -> None:
    """Say which row has no time that can be understood."""
    assert problems(f"plate,captured_at\nAB1,{written}\n") == [(2, "unknown_time")]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "time_missing"),
        ("1970-01-01 00:00:00", "time_out_of_range"),
        ("2199-01-02 10:00:00", "time_out_of_range"),
    ],
)
def test_impossible_time(written: str, problem: str) -> None:
    """Say which row has no time at which a vehicle can have passed."""
    assert problems(f"plate,captured_at\nAB1,{written}\n") == [(2, problem)]
    ours = f"plate,captured_at,passage_id\nAB1,{written},{'0' * 26}\n"
    assert problems(ours) == ([(2, problem)] if not written else [])


def test_columns() -> None:
    """Find columns by the names of other programs, below what they say of the file."""
    found = read(
        "Vehicle report\n\nCamera;Kennzeichen;Zeitpunkt;Score;Direction;Country\n"
        "Gate;b-ab 12;25.11.2026 08:00;0.97;forward;DE\n"
        "YARD  2;unknown;25.11.2026 08:01;97 %;;\n",
        RULES,
    )
    assert found.problems == ()
    assert found.headings["device_id"] == "Camera"
    assert found.headings["captured_at"] == "Zeitpunkt"
    first, second = found.passages
    assert (first["plate"], first["confidence"], first["country"]) == (
        "b-ab 12",
        97,
        "DE",
    )
    assert (first["device_id"], first["channel"]) == ("a" * 32, 1)
    assert (second["plate"], second["confidence"]) == (None, 97)
    assert (second["device_id"], second["channel"]) == ("b" * 32, 2)
    assert {row["live"] for row in found.passages} == {0}
    assert {row["source"] for row in found.passages} == {"import"}


def test_named_columns() -> None:
    """Let the user say how a column is headed, also where another one looks right."""
    rules = ReadingRules(
        zone=ZONE,
        device=("a", 1),
        named={"plate": "Reg. Mark", "captured_at": "seen"},
    )
    row = only("plate,reg mark,SEEN\n7,AB1,2026-11-25 08:00\n", rules)
    assert row["plate"] == "AB1"
    with pytest.raises(FileError) as error:
        read("plate,captured_at\nAB1,2026-11-25\n", rules)
    assert error.value.problem == "column_not_found"
    assert error.value.placeholders == {"heading": "Reg. Mark"}


@pytest.mark.parametrize(
    ("data", "rules", "problem"),
    [
        ("", RULES, "file_empty"),
        ("a,b\n1,2\n", RULES, "file_without_plates"),
        ("plate,color\nAB1,red\n", RULES, "file_without_times"),
        ("plate,time\nAB1,2026-11-25\n", RULES, "file_without_device"),
        ("plate,time\0\n", RULES, "file_not_readable"),
    ],
)
def test_no_file(data: str, rules: ReadingRules, problem: str) -> None:
    """Say why no row of a file can be read."""
    with pytest.raises(FileError) as error:
        read(data, rules)
    assert error.value.problem == problem


def test_rows_with_problems() -> None:
    """Say what is wrong with each row, and read the others."""
    data = (
        "plate,time,device,list,confidence\n"
        "AB1,2026-11-25 08:00,gate,allow,90\n"
        "AB2,2026-11-25 08:00,shed,,\n"
        "AB3,2026-11-25 08:00,gate,perhaps,\n"
        "AB4,2026-11-25 08:00,gate,,much\n"
        "AB5,2026-11-25 08:00,gate,,101\n"
        f"{'A' * 65},2026-11-25 08:00,gate,,\n"
        ",,,,\n"
    )
    assert problems(data, RULES) == [
        (3, "unknown_device"),
        (4, "unknown_list"),
        (5, "unknown_number"),
        (6, "unknown_number"),
        (7, "plate_too_long"),
    ]
    assert len(read(data, RULES).passages) == 1


def mixed(lines: int) -> bytes:
    """Return a file of which the second half is in another encoding."""
    line = "2026-11-25 08:00:00;AB1;Müller Straße\r\n"
    head = b"time;plate;name\r\n"
    return head + line.encode() * lines + line.encode("cp1252") * lines


def test_endless_number_of_a_channel() -> None:
    """Take the channel of the device for what is none."""
    data = f"plate,time,channel\nAB1,2026-01-01 10:00,{'9' * 5000}\n"
    assert only(data)["channel"] == 1


def test_impossible_format_of_times() -> None:
    """Name the row, whatever is wrong with the format."""
    rules = ReadingRules(zone=ZONE, device=("a" * 32, 1), time_format="%Y %Y")
    assert problems("plate,time\nAB1,1 1\n", rules) == [(2, "unknown_time")]


@pytest.mark.parametrize("lines", [1, 100_000])
def test_mixed_encodings(lines: int) -> None:
    """Refuse a file whose rows are not all in one encoding, and say where."""
    with pytest.raises(FileError) as error:
        read(mixed(lines))
    assert error.value.problem == "file_mixed_encodings"
    assert error.value.placeholders == {"row": str(lines + 2)}


def test_ten_megabytes() -> None:
    """Read a large file in another encoding, and refuse a larger one."""
    line = "2026-11-25 08:00:00;AB1;Müller Straße {:09}".format
    text = "\r\n".join(["time;plate;name", *map(line, range(150_000))])
    found = read(text.encode("cp1252"))
    assert (len(found.passages), found.problems) == (150_000, ())
    assert found.passages[-1]["vehicle_name"] == "Müller Straße 000149999"
    with pytest.raises(FileError) as error:
        read(text.encode().ljust(sheet.LARGEST + 1))
    assert error.value.problem == "file_too_large"


@given(st.binary(max_size=400))
def test_anything(data: bytes) -> None:
    """Raise nothing but FileError, whatever a file holds."""
    with suppress(FileError):
        read(b"plate,time,list,confidence,channel,received_at\n" + data)


def row_of_file(plate: str, second: int = 0, **others: Any) -> Row:
    """Return a passage as it comes out of a file."""
    text = StringIO()
    cells = {"plate": plate, "time": f"2026-11-25 09:00:{second:02}", **others}
    writer = csv.writer(text)
    writer.writerows([cells.keys(), cells.values()])
    return only(text.getvalue(), ReadingRules(zone=ZONE, device=("camera", 1)))


async def test_only_what_is_new(database: Database) -> None:
    """Leave out what is there by its id, or by channel, plate and time."""
    await keep(database, [passage(0, "AB-1"), passage(1, None), passage(2, "AB2")])
    rows = [
        row_of_file("ab 1"),
        row_of_file("", 1),
        row_of_file("OTHER", 9, passage_id=passage(2, None).passage_id),
        row_of_file("AB1", 3),
        row_of_file("AB 1", 3),
        row_of_file("AB1", channel=2),
    ]
    new = await database.async_read(lambda c: new_among(c, rows))
    assert [(row["plate"], row["channel"]) for row in new] == [("AB1", 1), ("AB1", 2)]
    assert await async_import_rows(database, rows) == 2
    assert await async_import_rows(database, rows) == 0
    total = await database.async_read(lambda c: count(c, PassageQuery()))
    assert total.count == 5


async def test_corrected(database: Database) -> None:
    """Find a passage under what it was corrected to."""
    row = row_of_file("AB1", corrected_plate="xy-9", reasons="on the list, in time")
    await async_import_rows(database, [row])
    query = PassageQuery(plate=PlatePattern.parse('"XY9"'))
    (found,) = (await database.async_read(lambda c: search(c, query))).passages
    assert (found["plate"], found["corrected_plate"]) == ("AB1", "XY9")
    assert found["reasons"] == ["on the list", "in time"]
    assert json.dumps(found)


async def test_all_or_nothing(database: Database) -> None:
    """Take nothing of a file whose last row the database refuses."""
    await keep(database, [passage(0, "AB0")])
    rows = [row_of_file(f"AB{number}", number % 60) for number in range(600)]
    broken = row_of_file("LAST")
    broken["list"] = None
    with pytest.raises(ArchiveUnavailableError):
        await async_import_rows(database, [*rows, broken])
    (left,) = (await database.async_read(lambda c: search(c, PassageQuery()))).passages
    assert left["passage_id"] == passage(0, "AB0").passage_id


async def test_passages_meanwhile(database: Database) -> None:
    """Write a passage while a file is taken in, long before its end."""
    rows = [row_of_file(f"AB{number}", number % 60) for number in range(1500)]
    number = partial(count, query=PassageQuery())
    importing = asyncio.create_task(async_import_rows(database, rows))
    await asyncio.sleep(0)
    # The writer works in order: this is its turn behind the first few rows.
    there = await database.async_write(number)
    assert 0 < there.count < len(rows)
    assert await importing == len(rows)
    assert (await database.async_read(number)).count == len(rows)
