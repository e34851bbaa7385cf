"""Convert a passage to a row of the archive, and a row to public names."""

from datetime import UTC, datetime, timedelta, timezone
import json
from typing import Final

from sqlalchemy import RowMapping

from ..intake.passage import Passage, PassageValue, normalize_plate

type RowValue = str | int | None
type Row = dict[str, RowValue]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SAME: Final = (
    "passage_id",
    "device_id",
    "channel",
    "lane",
    "plate",
    "list",
    "device_list",
    "vehicle_name",
    "match",
    "confidence",
    "direction",
    "country",
    "region",
    "plate_color",
    "plate_type",
    "vehicle_type",
    "vehicle_color",
    "vehicle_brand",
    "source",
    "reads",
    "area",
    "decision",
)


def row_of(passage: Passage) -> Row:
    """Return the row of a passage, ready for JSON; its plate is not yet numbered."""
    public = passage.as_dict()
    row: Row = {}
    for name in _SAME:
        value = public[name]
        if value is not None and not isinstance(value, str | int):
            value = str(value)
        row[name] = value
    row["captured_at"], row["captured_offset"] = milliseconds(passage.captured_at)
    row["received_at"], row["received_offset"] = milliseconds(passage.received_at)
    row["live"] = int(passage.live)
    row["reasons"] = json.dumps(passage.reasons)
    return row


def normalized_of(row: Row) -> str | None:
    """Return the normalized plate of a row; None where nothing was read."""
    plate = row["plate"]
    return (normalize_plate(plate) or None) if isinstance(plate, str) else None


def public_of(found: RowMapping) -> dict[str, PassageValue]:
    """Return what was found under the public names."""
    public: dict[str, PassageValue] = {name: found[name] for name in _SAME}
    public["plate_normalized"] = found["plate_normalized"]
    public["corrected_plate"] = found["corrected_plate"]
    public["captured_at"] = _iso(found["captured_at"], found["captured_offset"])
    public["received_at"] = _iso(found["received_at"], found["received_offset"])
    public["live"] = bool(found["live"])
    public["reasons"] = json.loads(found["reasons"])
    return public


def milliseconds(time: datetime) -> tuple[int, int]:
    """Return a time in milliseconds since 1970, and its offset in minutes."""
    offset = time.utcoffset() or timedelta()
    since = time.astimezone(UTC) - _EPOCH
    return since // timedelta(milliseconds=1), offset // timedelta(minutes=1)


def since_epoch(moment: datetime | None) -> int | None:
    """Return a time in milliseconds since 1970; None for none."""
    return milliseconds(moment)[0] if moment else None


def moment_of(since: int | None) -> datetime | None:
    """Return the time of milliseconds since 1970, in UTC; None for none."""
    return None if since is None else _EPOCH + timedelta(milliseconds=since)


def _iso(since: int, offset: int) -> str:
    """Return a kept time as ISO 8601 with its own offset."""
    zone = timezone(timedelta(minutes=offset))
    return (_EPOCH + timedelta(milliseconds=since)).astimezone(zone).isoformat()
