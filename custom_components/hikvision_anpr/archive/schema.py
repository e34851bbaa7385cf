"""Describe the tables of the archive; other rooms put theirs on the same metadata.

Times are whole milliseconds since 1970 in UTC. A plate is kept once in `plates`, in its
normalized form: searching for a part of a plate looks through the distinct plates, and
goes on from there to their passages by index.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.schema import SchemaItem

METADATA: Final = MetaData()

# SQLite numbers rows by itself only where the key is called INTEGER.
ROW_ID: Final = BigInteger().with_variant(Integer, "sqlite")
PLATE_LENGTH: Final = 64
# Servers sort by their own language unless they are told to compare what is written.
PLATE: Final = String(PLATE_LENGTH).with_variant(
    String(PLATE_LENGTH, collation="C"), "postgresql"
)


def table(name: str, *parts: SchemaItem) -> Table:
    """Describe a table; MariaDB would take É for E, and a for A."""
    return Table(
        name,
        METADATA,
        *parts,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )


SCHEMA_VERSION: Final = table(
    "schema_version", Column("version", Integer, primary_key=True)
)

PLATES: Final = table(
    "plates",
    Column("id", ROW_ID, primary_key=True),
    Column("plate", PLATE, nullable=False, unique=True),
    Column("folded", PLATE, nullable=False, index=True),
)

PASSAGES: Final = table(
    "passages",
    Column("id", ROW_ID, primary_key=True),
    Column("passage_id", String(64), nullable=False, unique=True),
    Column("device_id", String(64), nullable=False),
    Column("channel", Integer, nullable=False),
    Column("lane", Integer),
    Column("plate", String(255)),
    Column("plate_id", ROW_ID, ForeignKey("plates.id")),
    Column("corrected_plate", PLATE),
    Column("list", String(8), nullable=False),
    Column("device_list", String(64)),
    Column("vehicle_name", String(255)),
    Column("match", String(8)),
    Column("confidence", Integer),
    Column("direction", String(16), nullable=False),
    Column("country", String(8)),
    Column("region", String(64)),
    Column("plate_color", String(64)),
    Column("plate_type", String(64)),
    Column("vehicle_type", String(64)),
    Column("vehicle_color", String(64)),
    Column("vehicle_brand", String(64)),
    Column("captured_at", BigInteger, nullable=False),
    Column("captured_offset", SmallInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("received_offset", SmallInteger, nullable=False),
    Column("source", String(16), nullable=False),
    Column("live", SmallInteger, nullable=False),
    Column("reads", Integer, nullable=False),
    Column("decision", String(8), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("area", String(64)),
    Index("passages_in_time", "captured_at", "id", "plate_id"),
    Index("passages_by_plate", "plate_id", "captured_at", "id"),
    Index("passages_by_channel", "device_id", "channel", "captured_at", "id"),
    Index("passages_by_list", "list", "captured_at", "id"),
    Index(
        "passages_by_area",
        "area",
        "captured_at",
        "id",
        sqlite_where=text("area IS NOT NULL"),
        postgresql_where=text("area IS NOT NULL"),
    ),
)

PICTURES: Final = table(
    "pictures",
    Column("passage_id", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("file", String(255), nullable=False),
    Column("size", Integer, nullable=False),
    Column("captured_at", BigInteger, nullable=False),
    Index("pictures_by_time", "captured_at"),
)

KNOWN_MISREADS: Final = table(
    "known_misreads",
    Column("read_plate", PLATE, primary_key=True),
    Column("plate", PLATE, primary_key=True),
    Column("times", Integer, nullable=False),
)
