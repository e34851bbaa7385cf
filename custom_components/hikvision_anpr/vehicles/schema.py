"""Describe the tables of the registry, on the archive's metadata."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Text

from ..archive.schema import PLATE, ROW_ID, table

VEHICLES: Final = table(
    "vehicles",
    Column("vehicle_id", String(64), primary_key=True),
    Column("plate", String(255), nullable=False),
    Column("normalized", PLATE, nullable=False, unique=True),
    Column("list", String(8), nullable=False),
    Column("name", String(255)),
    Column("owner", String(255)),
    Column("group_name", String(255)),
    Column("card_id", String(255)),
    Column("color", String(255)),
    Column("note", Text),
    Column("areas", Text, nullable=False),
    Column("valid_from", BigInteger),
    Column("valid_to", BigInteger),
    Column("week", Text, nullable=False),
    Column("uses", Integer),
)

VEHICLE_CHANGES: Final = table(
    "vehicle_changes",
    Column("id", ROW_ID, primary_key=True),
    Column("changed_at", BigInteger, nullable=False),
    Column("vehicle_id", String(64), nullable=False),
    Column("normalized", PLATE, nullable=False),
    Column("change", String(16), nullable=False),
    Column("user_id", String(64)),
    Column("origin", String(64), nullable=False),
    Column("before", Text),
    Column("after", Text),
    Index("vehicle_changes_by_plate", "normalized", "id"),
)
