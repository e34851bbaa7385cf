"""Describe the match of a plate."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..intake.passage import Match
from .vehicle import Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hold the vehicle that a plate belongs to, or those it may belong to.

    Where `candidates` has several, nobody knows which one it is: `vehicle` is None.
    """

    vehicle: Vehicle | None = None
    match: Match | None = None
    candidates: tuple[Vehicle, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything was found."""
        return self.match is not None

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether a plate may belong to several vehicles."""
        return len(self.candidates) > 1


NOTHING: Final = Found()


def found_among(vehicles: Iterable[Vehicle], match: Match) -> Found:
    """Return what a plate is, of all that it may be in one kind of match."""
    candidates = tuple(vehicles)
    if not candidates:
        return NOTHING
    if len(candidates) == 1:
        return Found(vehicle=candidates[0], match=match)
    return Found(match=match, candidates=candidates)
