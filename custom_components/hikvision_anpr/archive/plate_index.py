"""Find plates that hold a piece by SQLite's index of all runs of three characters.

Plates are indexed with two marks behind them: so each character begins a run, and a piece
of one or two characters is the beginning of a few known runs.
"""

from collections.abc import Sequence
import json
from typing import Final

from sqlalchemy import Connection, text

MOST_RUNS: Final = 64
"""How many runs are looked up for a short piece: one that begins more is in most plates."""

_RUN: Final = 3
_LAST_CHARACTER: Final = chr(0x10FFFF)
_MARKED: Final = (
    "SELECT id, plate || '$$' AS plate, folded || '$$' AS folded FROM plates"
)
_MAKE: Final = (
    f"CREATE VIEW marked_plates AS {_MARKED}",
    "CREATE VIRTUAL TABLE plate_search USING fts5(plate, folded,"
    " content='marked_plates', content_rowid='id',"
    " tokenize='trigram case_sensitive 1', columnsize=0)",
    "CREATE VIRTUAL TABLE plate_runs USING fts5vocab(plate_search, row)",
    "INSERT INTO plate_search(plate_search) VALUES ('rebuild')",
    "CREATE TRIGGER plates_added AFTER INSERT ON plates BEGIN"
    " INSERT INTO plate_search(rowid, plate, folded)"
    " VALUES (new.id, new.plate || '$$', new.folded || '$$'); END",
    "CREATE TRIGGER plates_removed AFTER DELETE ON plates BEGIN"
    " INSERT INTO plate_search(plate_search, rowid, plate, folded)"
    " VALUES ('delete', old.id, old.plate || '$$', old.folded || '$$'); END",
)
_DROP: Final = (
    "DROP TRIGGER IF EXISTS plates_added",
    "DROP TRIGGER IF EXISTS plates_removed",
    "DROP TABLE IF EXISTS plate_runs",
    "DROP TABLE IF EXISTS plate_search",
    "DROP VIEW IF EXISTS marked_plates",
)
_RUNS: Final = text(
    "SELECT term FROM plate_runs WHERE term >= :first AND term < :last LIMIT :most"
)
_FREQUENCY: Final = text(
    "SELECT sum(doc) FROM plate_runs WHERE term >= :first AND term < :last"
)
_HOLDING: Final = text(
    "SELECT json_group_array(rowid) FROM"
    " (SELECT rowid FROM plate_search WHERE plate_search MATCH :match LIMIT :most)"
)


def make_plate_index(connection: Connection) -> None:
    """Make the index anew, of all plates that there are."""
    for statement in (*_DROP, *_MAKE):
        connection.execute(text(statement))


def plates_holding(
    connection: Connection, column: str, piece: str, most: int
) -> list[int] | None:
    """Return the numbers of the plates with a piece in a column, None for more."""
    return plates_holding_any(connection, column, [[piece]], most)


def plates_holding_any(
    connection: Connection, column: str, ways: Sequence[Sequence[str]], most: int
) -> list[int] | None:
    """Return the numbers of the plates with one of several pieces, None for more.

    Of several ways to choose the pieces, that with the rarest ones is taken.
    """
    pieces = ways[0]
    if len(ways) > 1:
        times = {piece: _times(connection, piece) for way in ways for piece in way}
        pieces = min(ways, key=lambda way: sum(times[piece] for piece in way))
    runs = [run for piece in pieces for run in _runs(connection, piece)]
    if len(runs) > MOST_RUNS * len(pieces):
        return None
    if not runs:
        return []
    # A piece holds letters and digits alone: nothing in it is syntax.
    match = " OR ".join(f'"{run}"' for run in runs)
    found = connection.scalar(
        _HOLDING, {"match": f"{{{column}}} : ({match})", "most": most + 1}
    )
    ids: list[int] = json.loads(found or "[]")
    return ids if len(ids) <= most else None


def _runs(connection: Connection, piece: str) -> list[str]:
    """Return what to look for: a piece, or the known runs that begin with a short one."""
    if len(piece) >= _RUN:
        return [piece]
    bounds = {**_bounds(piece), "most": MOST_RUNS + 1}
    return list(connection.scalars(_RUNS, bounds))


def _times(connection: Connection, piece: str) -> int:
    """Return about how many plates have a piece."""
    return connection.scalar(_FREQUENCY, _bounds(piece[:_RUN])) or 0


def _bounds(piece: str) -> dict[str, str]:
    """Return between which runs those are that begin with a piece."""
    return {"first": piece, "last": piece + _LAST_CHARACTER}
