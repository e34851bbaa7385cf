"""Compare what the centre wants on a device's list with what is there."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal

from ..intake.passage import normalize_plate
from ..isapi.plate_list_entry import ListEntry
from .typed_plate import without_symbols
from .vehicle import Vehicle

type Side = Literal["ours", "theirs"]
type _Step = Literal["put", "remove", "adopt", "drop", "conflict"]
type ListNameOfDevice = Literal["allow", "block"]

KEPT_LISTS: Final = ("allow", "block")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Hold on which list a plate is or should be, and the last day on which it counts."""

    list: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Hold a plate on which centre and device do not agree; None where it is on no list.

    Nothing is changed on either side until somebody says which one is right.
    """

    plate: str
    ours: Listing | None
    theirs: Listing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlan:
    """Hold what makes a device and the centre agree.

    `put` and `remove` change the device, `adopt` and `drop` the centre. `no_room` names
    the plates that belong on the device and do not fit in.
    """

    put: Mapping[str, Listing]
    remove: tuple[str, ...]
    adopt: Mapping[str, ListEntry]
    drop: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    no_room: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Tell whether both agree already."""
        return not (
            self.put or self.remove or self.adopt or self.drop or self.conflicts
        )


def wanted(
    vehicles: Iterable[Vehicle], area: str | None, now: datetime, zone: tzinfo
) -> dict[str, Listing]:
    """Return what the centre wants on the list of a channel, by normalized plate.

    A device knows days alone: vehicles with hours of the week, a number of entries, or a
    beginning that is yet to come are not put on its list, and only Home Assistant lets
    them in. One whose time ends within a day stays until that day is over.
    """
    found: dict[str, Listing] = {}
    for vehicle in vehicles:
        if (
            not vehicle.fits_device(now)
            or (vehicle.valid_from and vehicle.valid_from > now)
            or (vehicle.areas and area and area not in vehicle.areas)
        ):
            continue
        last = vehicle.valid_to and vehicle.valid_to - timedelta(seconds=1)
        found[vehicle.normalized] = Listing(
            list=vehicle.list,
            valid_to=last.astimezone(zone).date() if last else None,
        )
    return found


def next_change(vehicles: Iterable[Vehicle], now: datetime) -> datetime | None:
    """Return when `wanted` changes next by time alone, None for never."""
    moments = (
        moment
        for vehicle in vehicles
        for moment in (vehicle.valid_from, vehicle.valid_to)
        if moment and moment > now
    )
    return min(moments, default=None)


def there(entries: Iterable[ListEntry]) -> dict[str, ListEntry]:
    """Return what is on a device's two plain lists, by normalized plate."""
    return {
        plate: entry
        for entry in entries
        if entry.list in KEPT_LISTS and (plate := normalize_plate(entry.plate))
    }


def plan_lists(
    ours: Mapping[str, Listing],
    theirs: Mapping[str, ListEntry],
    before: Mapping[str, Listing],
    known: Iterable[str],
    resolve: Side | None = None,
    *,
    today: date,
) -> ListPlan:
    """Return what makes both agree; `before` is what they last agreed on.

    A plate that only the device has, and the centre does not know at all, is taken over
    from its first day on: so the first comparison empties nothing. What one side alone changed is changed on the
    other where that is the device; what changed on the device, or on both, is a conflict,
    unless `resolve` says whose word counts.
    """
    known_plates = set(known)
    steps = {
        plate: _step(
            ours.get(plate),
            theirs.get(plate),
            before.get(plate),
            resolve,
            is_known=plate in known_plates,
            today=today,
        )
        for plate in sorted(ours.keys() | theirs.keys())
    }

    def plates(wanted: _Step) -> Iterator[str]:
        return (plate for plate, step in steps.items() if step == wanted)

    return ListPlan(
        put={plate: ours[plate] for plate in plates("put")},
        remove=tuple(plates("remove")),
        adopt={plate: theirs[plate] for plate in plates("adopt")},
        drop=tuple(plates("drop")),
        conflicts=tuple(
            Conflict(plate=plate, ours=ours.get(plate), theirs=_on(theirs, plate))
            for plate in plates("conflict")
        ),
    )


def _step(
    our: Listing | None,
    entry: ListEntry | None,
    base: Listing | None,
    resolve: Side | None,
    *,
    is_known: bool,
    today: date,
) -> _Step | None:
    """Return what is to be done about a plate, None for nothing.

    `base` is what both last agreed on; the centre knows the plate or does not.
    """
    their = listing_of(entry) if entry else None
    if our == their:
        return None
    if entry and our is None and base is None and not is_known:
        return None if _begins_after(entry, today) else "adopt"
    if resolve == "theirs":
        return "adopt" if entry else "drop"
    if their == base or resolve == "ours":
        return "put" if our else "remove"
    return "conflict"


def _on(theirs: Mapping[str, ListEntry], plate: str) -> Listing | None:
    """Return what a device has of a plate."""
    return listing_of(theirs[plate]) if plate in theirs else None


def within(plan: ListPlan, theirs: Collection[str], free: int | None) -> ListPlan:
    """Return a plan that puts no more on a device than it has room for.

    Plates that are there already are changed first, which needs no room; of the new ones
    those to be blocked come before the others. None for `free` stands for no limit.
    """
    changed = [plate for plate in plan.put if plate in theirs]
    new = sorted(
        (plate for plate in plan.put if plate not in theirs),
        key=lambda plate: (plan.put[plate].list != "block", plate),
    )
    room = len(new) if free is None else free + len(plan.remove)
    return replace(
        plan,
        put={plate: plan.put[plate] for plate in (*changed, *new[:room])},
        no_room=tuple(new[room:]),
    )


def listing_of(entry: ListEntry) -> Listing:
    """Return what an entry of a device says."""
    return Listing(list=entry.list, valid_to=entry.valid_to)


def _begins_after(entry: ListEntry, day: date) -> bool:
    """Tell whether an entry does not count yet on a day."""
    return entry.valid_from is not None and entry.valid_from > day


def adopted(
    entry: ListEntry, known: Vehicle | None, new_id: str, now: datetime
) -> Vehicle:
    """Return a device's entry as a vehicle of the centre, its days in full.

    `now` is in the zone of the home; a first day that has begun is left out.
    """
    name: ListNameOfDevice = "allow" if entry.list == "allow" else "block"
    zone = now.tzinfo
    end = _start_of(entry.valid_to + _DAY, zone) if entry.valid_to else None
    begin = (
        _start_of(entry.valid_from, zone)
        if entry.valid_from and _begins_after(entry, now.date())
        else None
    )
    if known:
        return replace(
            known, list=name, valid_from=begin, valid_to=end, week={}, uses=None
        )
    return Vehicle(
        vehicle_id=new_id,
        plate=without_symbols(entry.plate),
        list=name,
        card_id=entry.card_id,
        valid_from=begin,
        valid_to=end,
    )


def _start_of(day: date, zone: tzinfo | None) -> datetime:
    """Return the begin of a day in a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
