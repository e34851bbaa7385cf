"""Pair the entries and exits of a plate again when one arrives late."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .visit import Movement, Pairing, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """Hold one half of a visit."""

    at: datetime
    enters: bool
    passage_id: str | None
    paired: Pairing = "exact"


def is_late(movement: Movement, visits: Iterable[Visit]) -> bool:
    """Tell whether something of a plate's visits is later than a movement."""
    return any(
        moment > movement.at
        for visit in visits
        for moment in (visit.entered_at, visit.left_at)
        if moment
    )


def replay(
    visits: Sequence[Visit],
    movement: Movement,
    *,
    enters: bool,
    new_id: Callable[[], str],
) -> list[Visit]:
    """Return a plate's visits as they are with one more movement, by their times.

    The visits that were there keep their ids, in the order of their times.
    """
    steps = [step for visit in visits for step in _steps(visit)]
    steps.append(_Step(at=movement.at, enters=enters, passage_id=movement.passage_id))
    steps.sort(key=lambda step: (step.at, not step.enters))
    bare = Visit(
        visit_id="",
        area=movement.area,
        plate=movement.plate,
        vehicle_name=movement.vehicle_name,
        list=movement.list,
    )
    paired = _pair(bare, steps)
    ordered = sorted(visits, key=_first)
    ids = [visit.visit_id for visit in ordered]
    ids += [new_id() for _ in range(len(paired) - len(ids))]
    told = {visit.visit_id for visit in visits if visit.overstayed}
    return [
        replace(visit, visit_id=visit_id, overstayed=visit_id in told)
        for visit, visit_id in zip(paired, ids, strict=True)
    ]


def _steps(visit: Visit) -> list[_Step]:
    """Return the halves of a visit that were seen."""
    halves: list[_Step] = []
    if visit.entered_at:
        halves.append(
            _Step(at=visit.entered_at, enters=True, passage_id=visit.entry_passage_id)
        )
    if visit.left_at:
        halves.append(
            _Step(
                at=visit.left_at,
                enters=False,
                passage_id=visit.exit_passage_id,
                paired=visit.paired or "exact",
            )
        )
    return halves


def _pair(bare: Visit, steps: Iterable[_Step]) -> list[Visit]:
    """Return the visits that halves make in the order of their times."""
    visits: list[Visit] = []
    for step in steps:
        inside = visits[-1] if visits and visits[-1].is_open else None
        if step.enters:
            if inside:
                visits[-1] = replace(inside, closed_by="reentry")
            visits.append(
                replace(bare, entered_at=step.at, entry_passage_id=step.passage_id)
            )
            continue
        left = replace(
            inside or bare,
            left_at=step.at,
            exit_passage_id=step.passage_id,
            closed_by="exit",
            paired=step.paired if inside else None,
        )
        if inside:
            visits[-1] = left
        else:
            visits.append(left)
    return visits


def _first(visit: Visit) -> datetime:
    """Return the first moment that is known of a visit."""
    moment = visit.entered_at or visit.left_at
    assert moment is not None
    return moment
