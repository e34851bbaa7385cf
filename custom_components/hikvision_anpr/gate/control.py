"""Open the gate of each channel for vehicles that may enter, once per passage."""

from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
import logging
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError

from ..intake.passage import Passage, normalize_plate
from ..isapi.errors import IsapiError
from ..isapi.plate_read import PlateRead
from .barrier import Barrier
from .openings import Openings
from .policy import Rules, decide

_LOGGER = logging.getLogger(__name__)

REMEMBERED: Final = 4096
"""How many passages of a device are remembered."""

type Outcome = Callable[[int, Exception | None], None]


@dataclass(slots=True)
class _Case:
    """Hold how many reads of a passage there were, and of which plate."""

    seen: int = 0
    reads: dict[str, int] = field(default_factory=dict)


class GateControl:
    """Decide each passage of a device, and send the barrier one command where it opens.

    An open command is sent once and never again by itself: not for another read of the
    passage, not after an error.
    """

    def __init__(
        self,
        rules_of: Callable[[int], Rules],
        cool_down_of: Callable[[int], float],
        openings: Openings,
        run: Callable[[Coroutine[Any, Any, None], str], object],
        tell: Outcome,
    ) -> None:
        """Begin without barriers.

        `openings` are shared by all who move the same; `run` runs a command; `tell` is
        told of each command's channel and error, None where the device took it.
        """
        self.barriers: dict[int, Barrier] = {}
        self._rules_of = rules_of
        self._cool_down_of = cool_down_of
        self._openings = openings
        self._run = run
        self._tell = tell
        self._cases: OrderedDict[str, _Case] = OrderedDict()

    def take(self, passage: Passage, read: PlateRead, *, live: bool) -> Passage:
        """Return a judged passage with its decision, the command on its way.

        `read` is the one that came now; one that is not `live` decides nothing.
        """
        if passage.decision == "open":
            return passage
        case = self._case(passage.passage_id)
        if not live:
            return passage if passage.live else self._decided(passage, case)
        if passage.reads > case.seen:
            # The second half of a read (hasMoreData) is no read of its own.
            case.seen = passage.reads
            plate = normalize_plate(read.plate or "")
            case.reads[plate] = case.reads.get(plate, 0) + 1
        return self._decided(passage, case)

    def _decided(self, passage: Passage, case: _Case) -> Passage:
        """Decide a passage, and open where that is decided."""
        channel = passage.read.channel
        plate = normalize_plate(passage.read.plate or "")
        vehicle = (passage.verdict and passage.verdict.vehicle_id) or plate
        place = self._place(channel)
        decision = decide(
            passage,
            self._rules_of(channel),
            agreeing_reads=case.reads.get(plate, 0),
            just_opened=self._openings.has_just_opened(
                place, vehicle, self._cool_down_of(channel)
            ),
        )
        if decision.decision == "open":
            self._openings.note(place, vehicle)
            self._open(channel)
        return replace(passage, decision=decision.decision, reasons=decision.reasons)

    def _place(self, channel: int) -> str:
        """Return what opens for a channel; nothing is shared where nothing is moved."""
        barrier = self.barriers.get(channel)
        return barrier.place if barrier else f"{id(self)}/{channel}"

    def _open(self, channel: int) -> None:
        """Send the command, if there is something to move."""
        if barrier := self.barriers.get(channel):
            self._run(self._async_open(channel, barrier), f"open channel {channel}")

    async def _async_open(self, channel: int, barrier: Barrier) -> None:
        """Send the command once, and tell what came of it."""
        try:
            await barrier.async_command("open")
        except (IsapiError, HomeAssistantError) as error:
            _LOGGER.warning("The gate of channel %d did not open: %s", channel, error)
            self._tell(channel, error)
        except Exception as error:
            _LOGGER.exception("The gate of channel %d did not open", channel)
            self._tell(channel, error)
        else:
            self._tell(channel, None)

    def _case(self, passage_id: str) -> _Case:
        """Return what is known of a passage."""
        case = self._cases.get(passage_id) or _Case()
        self._cases[passage_id] = case
        self._cases.move_to_end(passage_id)
        if len(self._cases) > REMEMBERED:
            self._cases.popitem(last=False)
        return case
