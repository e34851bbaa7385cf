"""Store vehicles and their history in the archive's database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
import json
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select

from ..archive.record import milliseconds, moment_of, since_epoch
from ..archive.schema import KNOWN_MISREADS
from .schema import VEHICLE_CHANGES, VEHICLES
from .vehicle import Vehicle
from .week import week_as_dict, week_of

type ChangeName = Literal["added", "changed", "removed", "used"]

_ORIGIN_LENGTH: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Hold who changes vehicles: a user, and by what ("action", "import", a device)."""

    origin: str
    user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleChange:
    """Hold a vehicle before and after; None where it was not there, or is no more."""

    before: Vehicle | None
    after: Vehicle | None

    @property
    def vehicle(self) -> Vehicle:
        """Return the vehicle as it is, or as it was last."""
        vehicle = self.after or self.before
        assert vehicle is not None
        return vehicle

    @property
    def name(self) -> ChangeName:
        """Return what happened."""
        if self.before is None:
            return "added"
        return "changed" if self.after else "removed"


def load_vehicles(connection: Connection) -> list[Vehicle]:
    """Return all vehicles that are kept."""
    return [_vehicle(row) for row in connection.execute(select(VEHICLES))]


def load_misreads(connection: Connection) -> list[tuple[str, str]]:
    """Return what vehicles' plates were read as and corrected to."""
    statement = select(KNOWN_MISREADS.c.read_plate, KNOWN_MISREADS.c.plate).where(
        KNOWN_MISREADS.c.plate.in_(select(VEHICLES.c.normalized))
    )
    return [(row.read_plate, row.plate) for row in connection.execute(statement)]


def keep_changes(
    connection: Connection,
    changes: Iterable[VehicleChange],
    author: Author,
    now: datetime,
    *,
    name: ChangeName | None = None,
) -> None:
    """Write changes, and who made them and when."""
    told = list(changes)
    if not told:
        return
    gone = [{"key": one.before.vehicle_id} for one in told if one.before]
    if gone:
        row = VEHICLES.c.vehicle_id == bindparam("key")
        connection.execute(delete(VEHICLES).where(row), gone)
    if kept := [_row(one.after) for one in told if one.after]:
        connection.execute(insert(VEHICLES), kept)
    connection.execute(
        insert(VEHICLE_CHANGES),
        [_audit(one, author, now) | ({"change": name} if name else {}) for one in told],
    )


def forget_changes(connection: Connection, normalized: str) -> int:
    """Delete what is known of the changes of a plate; return how many there were.

    A vehicle that got another plate, or had one before, tells of both.
    """
    told = json.dumps({"plate_normalized": normalized})[1:-1]
    statement = delete(VEHICLE_CHANGES).where(
        or_(
            VEHICLE_CHANGES.c.normalized == normalized,
            VEHICLE_CHANGES.c.before.contains(told, autoescape=True),
        )
    )
    return connection.execute(statement).rowcount


def changes_of(connection: Connection, normalized: str) -> list[dict[str, Any]]:
    """Return the changes of the vehicles that have or had a plate, the oldest first.

    They are ready for JSON.
    """
    has_plate = VEHICLE_CHANGES.c.normalized == normalized
    vehicles = select(VEHICLE_CHANGES.c.vehicle_id).where(has_plate)
    statement = (
        select(VEHICLE_CHANGES)
        .where(VEHICLE_CHANGES.c.vehicle_id.in_(vehicles))
        .order_by(VEHICLE_CHANGES.c.id)
    )
    return [_told(row) for row in connection.execute(statement)]


def _told(row: Row[Any]) -> dict[str, Any]:
    """Return a change ready for JSON."""
    changed_at = moment_of(row.changed_at)
    return {
        "changed_at": changed_at.isoformat() if changed_at else None,
        "vehicle_id": row.vehicle_id,
        "change": row.change,
        "user_id": row.user_id,
        "origin": row.origin,
        "before": json.loads(row.before) if row.before else None,
        "after": json.loads(row.after) if row.after else None,
    }


def _audit(
    change: VehicleChange, author: Author, now: datetime
) -> dict[str, str | int | None]:
    """Return the row that tells of a change."""
    return {
        "changed_at": milliseconds(now)[0],
        "vehicle_id": change.vehicle.vehicle_id,
        "normalized": change.vehicle.normalized,
        "change": change.name,
        "user_id": author.user_id,
        "origin": author.origin[:_ORIGIN_LENGTH],
        "before": json.dumps(change.before.as_dict()) if change.before else None,
        "after": json.dumps(change.after.as_dict()) if change.after else None,
    }


def _row(vehicle: Vehicle) -> Mapping[str, str | int | None]:
    """Return a vehicle as its row."""
    return {
        "vehicle_id": vehicle.vehicle_id,
        "plate": vehicle.plate,
        "normalized": vehicle.normalized,
        "list": vehicle.list,
        "name": vehicle.name,
        "owner": vehicle.owner,
        "group_name": vehicle.group,
        "card_id": vehicle.card_id,
        "color": vehicle.color,
        "note": vehicle.note,
        "areas": json.dumps(vehicle.areas),
        "valid_from": since_epoch(vehicle.valid_from),
        "valid_to": since_epoch(vehicle.valid_to),
        "week": json.dumps(week_as_dict(vehicle.week)),
        "uses": vehicle.uses,
    }


def _vehicle(row: Row[Any]) -> Vehicle:
    """Return the vehicle of a row."""
    return Vehicle(
        vehicle_id=row.vehicle_id,
        plate=row.plate,
        list=row.list,
        name=row.name,
        owner=row.owner,
        group=row.group_name,
        card_id=row.card_id,
        color=row.color,
        note=row.note,
        areas=tuple(json.loads(row.areas)),
        valid_from=moment_of(row.valid_from),
        valid_to=moment_of(row.valid_to),
        week=week_of(json.loads(row.week)),
        uses=row.uses,
    )
