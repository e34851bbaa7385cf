"""Find plates that hold two characters by an index of PostgreSQL's own arrays.

Its trigrams are of no help with less than three.
"""

from typing import Final

from sqlalchemy import ColumnElement, Connection, Text, cast, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY

from .schema import PLATE_LENGTH

PAIR: Final = 2

# A query finds by the index only what is written as the index has it.
_PAIRS: Final = (
    "ARRAY["
    + ", ".join(f"substr(plate, {place}, {PAIR})" for place in range(1, PLATE_LENGTH))
    + "]"
)
# Otherwise new plates would be put on a list, which each search looks through as a whole.
_MAKE: Final = text(
    f"CREATE INDEX IF NOT EXISTS plates_by_pair ON plates USING gin (({_PAIRS}))"
    " WITH (fastupdate = off)"
)


def make_plate_pairs(connection: Connection) -> None:
    """Make the index where it is missing; with a million plates this takes half a minute."""
    connection.execute(_MAKE)


def holds_pair(pair: str) -> ColumnElement[bool]:
    """Return that a plate holds two characters, one behind the other."""
    pairs = literal_column(_PAIRS, ARRAY(Text))
    return pairs.contains(cast([pair], ARRAY(Text)))
