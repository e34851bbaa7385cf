"""Follow what reaches Home Assistant while a sender sends, until its last read."""

from array import array
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic_ns, process_time
from typing import Final

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from custom_components.hikvision_anpr.channel_states import REFRESH_SECONDS
from custom_components.hikvision_anpr.const import (
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from simulator.profiles import DEEPINVIEW

from .home import home
from .reads import number_of
from .sender import Sent
from .sending import sender

_PATIENCE_SECONDS: Final = 300
"""How long the last read may take once everything was handed to the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Hold what was sent and what came of it.

    `arrived_ns` is when the event of each read, by its number, was on the bus;
    `recovered` how many reads were taken too late to count as live, and fired the
    other event; `cpu_seconds` what this process used meanwhile.
    """

    sent: Sent
    arrived_ns: dict[int, int]
    events: int
    recovered: int
    pictures: int
    cpu_seconds: float

    @property
    def lost(self) -> int:
        """Return how many reads fired no event."""
        return self.sent.reads - len(self.arrived_ns) - self.recovered

    @property
    def is_whole(self) -> bool:
        """Tell whether every read fired exactly one live event."""
        return self.events == len(self.arrived_ns) == self.sent.reads

    @property
    def doubled(self) -> int:
        """Return how many events were fired for a read that had fired one."""
        return self.events - len(self.arrived_ns)

    @property
    def seconds(self) -> float:
        """Return the time from the first document to the last event."""
        return (max(self.arrived_ns.values()) - self.sent.document_ns[0]) / 1e9


class _Watcher:
    """Note when the event of each read arrives on the bus, in little memory."""

    def __init__(self, on_event: Callable[[int], None] | None) -> None:
        """Call `on_event`, if there is one, with the number of events so far."""
        self.events = 0
        self.recovered = 0
        self._arrived_ns = array("q")
        self._on_event = on_event
        self._last = self._reached = -1
        self._complete = asyncio.Event()

    @callback
    def take(self, event: Event) -> None:
        """Note the event of a read."""
        now = monotonic_ns()
        number = number_of(event.data["plate"])
        while len(self._arrived_ns) <= number:
            self._arrived_ns.append(0)
        self._arrived_ns[number] = self._arrived_ns[number] or now
        self.events += 1
        if self._on_event:
            self._on_event(self.events)
        self._check_end(number)

    @callback
    def take_recovered(self, event: Event) -> None:
        """Count a read that came too late to be live."""
        self.recovered += 1
        self._check_end(number_of(event.data["plate"]))

    def _check_end(self, number: int) -> None:
        """Note whether a read is the last one."""
        self._reached = max(self._reached, number)
        if number == self._last:
            self._complete.set()

    def arrived(self) -> dict[int, int]:
        """Return the reads that have arrived, by number, and when."""
        return {
            number: moment for number, moment in enumerate(self._arrived_ns) if moment
        }

    async def wait_for(self, number: int) -> None:
        """Wait until the event of a read has arrived, but not for ever."""
        self._last = number
        if self._reached < number:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._complete.wait()


async def take(
    options: Sequence[str], on_event: Callable[[int], None] | None = None
) -> Taken:
    """Let a sender with these options send, and Home Assistant take everything."""
    async with sender(options) as sending, home(sending.port) as (hass, coordinator):
        watcher = _Watcher(on_event)
        hass.bus.async_listen(EVENT_PASSAGE, watcher.take)
        hass.bus.async_listen(EVENT_PASSAGE_RECOVERED, watcher.take_recovered)
        cpu = process_time()
        await sending.begin()
        await watcher.wait_for(await sending.end() - 1)
        cpu = process_time() - cpu
        await asyncio.sleep(2 * REFRESH_SECONDS)
        assert _passages_today(hass) == watcher.events
        return Taken(
            sent=await sending.sent(),
            arrived_ns=watcher.arrived(),
            events=watcher.events,
            recovered=watcher.recovered,
            pictures=coordinator.arming.counts.pictures,
            cpu_seconds=cpu,
        )


def _passages_today(hass: HomeAssistant) -> int:
    """Return what the entity that counts passages shows."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{DEEPINVIEW.serial_number}-1-passages_today"
    )
    state = hass.states.get(entity_id or "")
    assert state is not None
    return int(state.state)
