"""Pair entries with exits, in memory."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from rapidfuzz.distance import Levenshtein

from ..intake.folding import fold_plate
from .replay import is_late, replay
from .visit import Movement, Pairing, Visit, first_difference

REMEMBERED: Final = 1000
"""How many visits that are over may change when something of them comes late."""

SHORTEST_SIMILAR: Final = 5
"""A shorter plate is no misread of another one."""


class VisitBook:
    """Hold who is inside, and give what a movement changes.

    Movements may come in any order: what was recovered after an outage finds the half
    that was seen live.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        """Begin with nobody inside."""
        self._new_id = new_id
        self._open: dict[str, Visit] = {}
        self._over: OrderedDict[str, Visit] = OrderedDict()
        self._touched: datetime | None = None

    def restore(self, visits: Iterable[Visit]) -> None:
        """Take over what was there before a restart."""
        for visit in visits:
            self._place(visit)
        self._touched = None

    def take_touched(self) -> datetime | None:
        """Return from when on something changed since this was last asked."""
        touched, self._touched = self._touched, None
        return touched

    def inside(self, area: str | None = None) -> list[Visit]:
        """Return who is in an area, or in any; the longest stay first."""
        found = [
            visit for visit in self._open.values() if area is None or visit.area == area
        ]
        return sorted(found, key=_since)

    def remembered(self) -> list[Visit]:
        """Return the visits that go on, and those that ended lately."""
        return [*self._open.values(), *self._over.values()]

    def enter(self, movement: Movement) -> list[Visit]:
        """Let a vehicle come in, and return the visits that changed.

        One that is inside already was not seen to leave: its visit ends without a time.
        """
        if (replayed := self._replayed(movement, enters=True)) is not None:
            return replayed
        visit = self._entry(movement)
        before = next((one for one in self._of_plate(movement) if one.is_open), None)
        if before is None:
            return [self._place(visit)]
        ended = replace(before, closed_by="reentry")
        return [self._place(ended), self._place(visit)]

    def leave(self, movement: Movement) -> list[Visit]:
        """Let a vehicle go out, and return the visits that changed.

        Its visit is the one with its plate; else the only one with a plate that is
        nearly the same; else, of those that could not be read, the longest. Where there
        is none, the exit is kept as a visit without an entry.
        """
        if (replayed := self._replayed(movement, enters=False)) is not None:
            return replayed
        if found := self._visit_of(movement):
            visit, paired = found
            return [self._place(_left(visit, movement, paired))]
        alone = Visit(
            visit_id=self._new_id(),
            area=movement.area,
            plate=movement.plate,
            vehicle_name=movement.vehicle_name,
            list=movement.list,
            left_at=movement.at,
            exit_passage_id=movement.passage_id,
            closed_by="exit",
        )
        return [self._place(alone)]

    def rename(self, movement: Movement) -> list[Visit]:
        """Take over a better read of an entry, and return the visit that changed."""
        for visit in self._open.values():
            if visit.entry_passage_id == movement.passage_id:
                named = replace(
                    visit,
                    plate=movement.plate or visit.plate,
                    vehicle_name=movement.vehicle_name,
                    list=movement.list,
                )
                return [self._place(named)] if named != visit else []
        return []

    def end(self, visit_id: str, at: datetime) -> list[Visit]:
        """End a visit by hand, and return it; nothing for one that is not there."""
        visit = self._open.get(visit_id)
        if visit is None:
            return []
        return [self._place(replace(visit, left_at=at, closed_by="hand"))]

    def find(self, visit_id: str) -> Visit | None:
        """Return a visit that goes on or ended lately, None for any other."""
        return self._open.get(visit_id) or self._over.get(visit_id)

    def join(self, entered: Visit, left: Visit) -> Visit:
        """Let an exit that stands alone end a visit; return the one that is left."""
        self._over.pop(left.visit_id, None)
        joined = replace(
            entered,
            left_at=left.left_at,
            exit_passage_id=left.exit_passage_id,
            closed_by="hand",
        )
        return self._place(joined)

    def change(self, visit: Visit) -> Visit:
        """Take over a visit as it is now."""
        return self._place(visit)

    def set_count(self, area: str, count: int, at: datetime) -> list[Visit]:
        """Let so many be inside: more without a name, or the longest stays gone first.

        Those that could not be read go before all others.
        """
        inside = self.inside(area)
        changed = [
            self._place(
                Visit(visit_id=self._new_id(), area=area, plate=None, entered_at=at)
            )
            for _ in range(count - len(inside))
        ]
        inside.sort(key=lambda visit: visit.plate is not None)
        for visit in inside[: max(0, len(inside) - count)]:
            changed += self.end(visit.visit_id, at)
        return changed

    def _entry(self, movement: Movement) -> Visit:
        """Return the visit that an entry begins."""
        return Visit(
            visit_id=self._new_id(),
            area=movement.area,
            plate=movement.plate,
            vehicle_name=movement.vehicle_name,
            list=movement.list,
            entered_at=movement.at,
            entry_passage_id=movement.passage_id,
        )

    def _of_plate(self, movement: Movement) -> list[Visit]:
        """Return the visits with just this plate, those by hand left out."""
        if movement.plate is None:
            return []
        return [
            visit
            for visit in (*self._open.values(), *self._over.values())
            if visit.area == movement.area
            and visit.plate == movement.plate
            and visit.closed_by != "hand"
        ]

    def _replayed(self, movement: Movement, *, enters: bool) -> list[Visit] | None:
        """Return the visits of a plate paired anew, if the movement came late."""
        visits = self._of_plate(movement)
        if not is_late(movement, visits):
            return None
        paired = replay(visits, movement, enters=enters, new_id=self._new_id)
        known = {visit.visit_id: visit for visit in visits}
        changed = [visit for visit in paired if known.get(visit.visit_id) != visit]
        return [self._place(visit) for visit in changed]

    def _visit_of(self, movement: Movement) -> tuple[Visit, Pairing] | None:
        """Return the visit that an exit ends, and how sure that is."""
        entered = [
            visit
            for visit in self._open.values()
            if visit.area == movement.area and _since(visit) <= movement.at.timestamp()
        ]
        if movement.plate is None:
            return _longest(entered)
        exact = [visit for visit in entered if visit.plate == movement.plate]
        if exact:
            return max(exact, key=_since), "exact"
        similar = [
            visit for visit in entered if _is_similar(visit.plate, movement.plate)
        ]
        if len(similar) == 1:
            return similar[0], "similar"
        return None if similar else _longest(entered)

    def _place(self, visit: Visit) -> Visit:
        """Keep a visit where it belongs, and return it."""
        before = self._open.pop(visit.visit_id, None)
        before = self._over.pop(visit.visit_id, before)
        moments = (self._touched, first_difference(before, visit))
        self._touched = min(filter(None, moments), default=None)
        if visit.is_open:
            self._open[visit.visit_id] = visit
        else:
            self._over[visit.visit_id] = visit
            if len(self._over) > REMEMBERED:
                self._over.popitem(last=False)
        return visit


def _left(visit: Visit, movement: Movement, paired: Pairing) -> Visit:
    """Return a visit that an exit has ended."""
    return replace(
        visit,
        left_at=movement.at,
        exit_passage_id=movement.passage_id,
        closed_by="exit",
        paired=paired,
    )


def _since(visit: Visit) -> float:
    """Return when a visit began, to compare it."""
    return visit.entered_at.timestamp() if visit.entered_at else float("inf")


def _longest(entered: Iterable[Visit]) -> tuple[Visit, Pairing] | None:
    """Return the longest visit of a vehicle that could not be read."""
    unread = [visit for visit in entered if visit.plate is None]
    return (min(unread, key=_since), "anonymous") if unread else None


def _is_similar(plate: str | None, other: str) -> bool:
    """Tell whether two plates are the same but for look-alikes and one character."""
    if plate is None:
        return False
    one, two = fold_plate(plate), fold_plate(other)
    most = 1 if min(len(one), len(two)) >= SHORTEST_SIMILAR else 0
    return Levenshtein.distance(one, two, score_cutoff=most) <= most
