"""Make large sets of passages for the archive, the same ones each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched, count, islice
from pathlib import Path
import random
import sqlite3
from typing import Final

from sqlalchemy import Connection, make_url, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.record import (
    Row as PassageRow,
    RowValue,
    row_of,
)
from custom_components.hikvision_anpr.archive.schema import PASSAGES
from custom_components.hikvision_anpr.intake.folding import fold_plate
from custom_components.hikvision_anpr.intake.passage import Passage
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
EVERY_MS: Final = 864
"""How far passages are apart: a hundred thousand make a day."""

RARE_AREA: Final = "Depot"
RARE_CHANNEL: Final = 9
"""Where the oldest thousandth of the passages was, and no other."""

LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
MOST_VEHICLES: Final = 5_000_000
_PAIRS: Final = [one + other for one in LETTERS for other in LETTERS]
_PLATES: Final = len(_PAIRS) ** 2 * 1000
# Shares no factor with the number of plates: no two vehicles have the same one.
_STRIDE: Final = 172_951_239
_AT_ONCE: Final = 10_000
_TRIGGERS: Final = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
_FIND_PARTS: Final = "INSERT INTO plate_search (plate_search) VALUES ('rebuild')"
_INDICES: Final = sorted(PASSAGES.indexes, key=lambda index: str(index.name))


def plate_of(vehicle: int) -> str:
    """Return the plate of a vehicle: two letters, three digits, two letters."""
    front, rest = divmod(vehicle * _STRIDE % _PLATES, 1000 * len(_PAIRS))
    digits, back = divmod(rest, len(_PAIRS))
    return f"{_PAIRS[front]}{digits:03}{_PAIRS[back]}"


@dataclass(frozen=True, slots=True)
class PassageSet:
    """Hold how many passages there are: half of them of regulars, ten to twenty each."""

    size: int

    @property
    def regulars(self) -> int:
        """Return how many vehicles are on the allow list."""
        return max(self.size // 20, 1)

    @property
    def vehicles(self) -> int:
        """Return how many vehicles there are, each with a plate of its own."""
        return min(self.regulars + self.size // 2 + 1, MOST_VEHICLES)

    @property
    def plates(self) -> Iterator[str]:
        """Yield the plates of all vehicles."""
        return map(plate_of, range(self.vehicles))

    def time_of(self, number: int) -> datetime:
        """Return when a passage was."""
        return START + timedelta(milliseconds=EVERY_MS * number)

    def rows(self, first: int = 0) -> Iterator[PassageRow]:
        """Yield rows without end, from the passage of a number on."""
        names = list(_template())
        for *values, _ in self.numbered_rows(first):
            yield dict(zip(names, values, strict=True))

    def numbered_rows(self, first: int = 0) -> Iterator[tuple[RowValue, ...]]:
        """Yield the values of rows, and the number of the vehicle, from one on."""
        chance = random.Random(first)
        row = _template()
        since = int(START.timestamp() * 1000)
        for number in count(first):
            draw = chance.getrandbits(40)
            vehicle = self._vehicle(draw)
            row["passage_id"] = f"{number:026}"
            row["plate"] = plate_of(vehicle)
            row["device_id"] = f"device{draw & 3}"
            is_rare = number < self.size // 1000
            row["channel"] = RARE_CHANNEL if is_rare else 1 + (draw >> 2 & 7)
            row["area"] = RARE_AREA if is_rare else None
            row["confidence"] = 50 + (draw >> 5) % 50
            row["country"] = ("DE", "PL", "NL")[(draw >> 5) % 3]
            row["list"] = "allow" if vehicle < self.regulars else "none"
            row["captured_at"] = row["received_at"] = since + EVERY_MS * number
            yield *row.values(), vehicle + 1

    def _vehicle(self, draw: int) -> int:
        """Return whose passage it is."""
        if draw & 1 << 39:
            return (draw >> 8) % self.regulars
        return self.regulars + (draw >> 8) % (self.vehicles - self.regulars)


def _template() -> PassageRow:
    """Return the row of a passage as the archive makes it."""
    return row_of(
        Passage(
            passage_id="",
            device_id="",
            read=PlateRead(plate="A", channel=1, confidence=50, country="DE"),
            captured_at=START,
            received_at=START,
            source="arming",
            live=True,
        )
    )


def make_file(file: Path, wanted: PassageSet) -> None:
    """Put a set straight into the tables of a new SQLite archive.

    Its indices are made in the end, which is many times as fast as the writer.
    """
    database = Database(make_url(f"sqlite:///{file}"))
    triggers = database.submit(_drop_indices).result()
    database.close()
    connection = sqlite3.connect(file, isolation_level=None)
    for setting in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-1000000"):
        connection.execute(f"PRAGMA {setting}")
    _insert_plates(connection, wanted)
    _insert_passages(connection, wanted)
    for statement in ("BEGIN", *triggers, _FIND_PARTS, *_make_indices(), "COMMIT"):
        connection.execute(statement)
    connection.close()


def _drop_indices(connection: Connection) -> list[str]:
    """Drop what is made again in the end; return what makes the triggers."""
    for index in _INDICES:
        index.drop(connection)
    found = connection.execute(_TRIGGERS).all()
    for name, _ in found:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return [statement for _, statement in found]


def _make_indices() -> list[str]:
    """Return what makes the indices."""
    return [
        str(CreateIndex(index).compile(dialect=sqlite.dialect())) for index in _INDICES
    ]


def _insert_plates(connection: sqlite3.Connection, wanted: PassageSet) -> None:
    """Number the plates from one on, in the order of the vehicles."""
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO plates (plate, folded) VALUES (?, ?)",
        ((plate, fold_plate(plate)) for plate in wanted.plates),
    )
    connection.execute("COMMIT")


def _insert_passages(connection: sqlite3.Connection, wanted: PassageSet) -> None:
    """Insert the passages, each with the number of its plate."""
    names = [*_template(), "plate_id"]
    places = ", ".join("?" * len(names))
    statement = f"INSERT INTO passages ({', '.join(names)}) VALUES ({places})"  # noqa: S608
    rows = islice(wanted.numbered_rows(), wanted.size)
    for some in batched(rows, _AT_ONCE, strict=False):
        connection.execute("BEGIN")
        connection.executemany(statement, some)
        connection.execute("COMMIT")
