"""Find plates that hold a piece by SQLite's index of all runs of three characters.

Plates are indexed with two marks behind them: so each character begins a run, and a piece
of one or two characters is the beginning of a few known runs.
"""

from collections.abc import Iterable
import json
from typing import Final

from sqlalchemy import Connection, text

MOST_RUNS: Final = 64
"""How many runs are looked up for a short piece: one that begins more is in most plates."""

END: Final = "$$"
_RUN: Final = 3
LAST_CHARACTER: Final = chr(0x10FFFF)
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
_HOLDING: Final = text(
    "SELECT json_group_array(rowid) FROM"
    " (SELECT rowid FROM plate_search WHERE plate_search MATCH :match LIMIT :most)"
)


def make_plate_index(connection: Connection) -> None:
    """Make the index anew, of all plates that there are."""
    for statement in (*_DROP, *_MAKE):
        connection.execute(text(statement))


def plates_holding(
    connection: Connection, column: str, pieces: Iterable[str], most: int
) -> list[int] | None:
    """Return the numbers of the plates with one of several pieces in a column.

    None stands for more, or for a piece that is in most plates. END behind a piece stands
    for the end of a plate.
    """
    known = [_runs(connection, piece) for piece in pieces]
    if any(len(runs) > MOST_RUNS for runs in known):
        return None
    # A piece holds letters and digits alone: nothing in it is syntax.
    match = " OR ".join(f'"{run}"' for runs in known for run in runs)
    if not match:
        return []
    found = connection.scalar(
        _HOLDING, {"match": f"{{{column}}} : ({match})", "most": most + 1}
    )
    ids: list[int] = json.loads(found or "[]")
    return ids if len(ids) <= most else None


def _runs(connection: Connection, piece: str) -> list[str]:
    """Return what to look for: a piece, or the known runs that begin with a short one."""
    if len(piece) >= _RUN:
        return [piece]
    bounds = {"first": piece, "last": piece + LAST_CHARACTER, "most": MOST_RUNS + 1}
    return list(connection.scalars(_RUNS, bounds))
