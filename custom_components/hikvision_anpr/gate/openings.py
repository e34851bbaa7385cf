"""Remember for which vehicle each gate was last opened."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MOST: Final = 4096
"""How many openings are remembered."""


class Openings:
    """Remember when a place was last opened for a vehicle.

    Two cameras may see one gate: what one of them has opened is open for both.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start without any; `clock` is monotonic, in seconds."""
        self._clock = clock
        self._opened_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, place: str, vehicle: str) -> None:
        """Remember that a place opens now for a vehicle, and forget the oldest."""
        self._opened_at[place, vehicle] = self._clock()
        self._opened_at.move_to_end((place, vehicle))
        if len(self._opened_at) > MOST:
            self._opened_at.popitem(last=False)

    def has_just_opened(self, place: str, vehicle: str, seconds: float) -> bool:
        """Tell whether a place opened for a vehicle within so many seconds."""
        opened_at = self._opened_at.get((place, vehicle))
        return opened_at is not None and self._clock() - opened_at < seconds
