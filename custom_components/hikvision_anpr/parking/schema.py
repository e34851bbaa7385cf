"""Describe the table of visits, on the archive's metadata."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, SmallInteger, String

from ..archive.schema import PLATE, table

AREA_LENGTH: Final = 64

VISITS: Final = table(
    "visits",
    Column("visit_id", String(64), primary_key=True),
    Column("area", String(AREA_LENGTH), nullable=False),
    Column("plate", PLATE),
    Column("vehicle_name", String(255)),
    Column("list", String(8), nullable=False),
    Column("entered_at", BigInteger),
    Column("entry_passage_id", String(64)),
    Column("left_at", BigInteger),
    Column("exit_passage_id", String(64)),
    Column("closed_by", String(16)),
    Column("paired", String(16)),
    Column("overstayed", SmallInteger, nullable=False),
    Index("visits_by_area", "area", "entered_at"),
    Index("visits_by_plate", "plate", "entered_at"),
    Index("visits_by_closing", "closed_by", "entered_at"),
)
