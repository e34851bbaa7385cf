"""Let one Home Assistant follow a crowd, and measure what that costs."""

import custom_components  # noqa: F401  isort:skip  before hass is made

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
import gc
from tempfile import TemporaryDirectory
from time import monotonic, monotonic_ns
from typing import Final
from unittest.mock import patch

from homeassistant.core import Event, HomeAssistant, callback
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped, unused-ignore]
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.hikvision_anpr.const import (
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.coordinator import AnprCoordinator

from .crowding import Crowding
from .home import entry_of, keep_quiet, move_in, without_network
from .memory import resident_bytes
from .reads import number_of
from .timing import Spent, stopwatch

_PATIENCE_SECONDS: Final = 600
_SETTLE_SECONDS: Final = 30
"""How long catching up may take once every stream is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hold what it took; bytes are beyond those of one camera alone.

    `first_seconds` is how soon the first stream was open; `latencies` are in
    milliseconds; `late` counts reads that no longer were live.
    """

    start: Spent
    first_seconds: float
    idle: Spent
    idle_bytes: int
    idle_received: int
    idle_wakes: int
    load: Spent
    loaded_bytes: int
    latencies: list[float]
    late: int


async def run(
    crowding: Crowding, rate: float, reads: int, idle_seconds: float
) -> Measured:
    """Set all devices up at once, do nothing for a while, then take reads."""
    keep_quiet()
    with TemporaryDirectory() as folder, without_network(all_entities=False):
        async with async_test_home_assistant(config_dir=folder) as hass:
            move_in(hass)
            scale = _Scale(hass, crowding)
            measured = await scale.measure(rate, reads, idle_seconds)
            await hass.async_stop(force=True)
            return measured


class _Scale:
    """Follow the devices of a crowd, and look at what it takes."""

    def __init__(self, hass: HomeAssistant, crowding: Crowding) -> None:
        """Make the entries; none is set up yet."""
        self._hass = hass
        self._crowding = crowding
        self._entries = [entry_of(*device) for device in crowding.devices]
        self._arrived_ns: dict[int, int] = {}
        self._late = 0
        hass.bus.async_listen(EVENT_PASSAGE, self._take)
        hass.bus.async_listen(EVENT_PASSAGE_RECOVERED, self._take_late)

    async def measure(self, rate: float, reads: int, idle_seconds: float) -> Measured:
        """Measure one thing after the other."""
        first, *others = self._entries
        await self._set_up([first])
        before = _resident()
        spent = stopwatch()
        first_seconds = await self._set_up(others)
        start = spent()
        await asyncio.sleep(_SETTLE_SECONDS)
        idle_bytes = _resident() - before
        received, wakes = self._received(), self._count_wakes()
        spent = stopwatch()
        await asyncio.sleep(idle_seconds)
        idle = spent()
        idle_received, idle_wakes = self._received() - received, wakes()
        spent = stopwatch()
        sent = await self._crowding.send(rate=rate, reads=reads)
        await self._wait_for(reads)
        return Measured(
            start=start,
            first_seconds=first_seconds,
            idle=idle,
            idle_bytes=idle_bytes,
            idle_received=idle_received,
            idle_wakes=idle_wakes,
            load=spent(),
            loaded_bytes=_resident() - before,
            latencies=[
                (moment - sent[number]) / 1e6
                for number, moment in self._arrived_ns.items()
            ],
            late=self._late,
        )

    async def _set_up(self, entries: Sequence[MockConfigEntry]) -> float:
        """Set entries up at once, as Home Assistant does when it starts.

        Waits until every stream is open; returns when the first one was.
        """
        started = monotonic()
        for entry in entries:
            entry.add_to_hass(self._hass)
        setting_up = asyncio.gather(
            *(
                self._hass.config_entries.async_setup(entry.entry_id)
                for entry in entries
            )
        )
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not any(map(_is_open, entries)):
                await asyncio.sleep(0.01)
            first = monotonic() - started
            assert all(await setting_up)
            while not all(map(_is_open, entries)):
                await asyncio.sleep(0.01)
            await self._hass.async_block_till_done()
        return first

    async def _wait_for(self, reads: int) -> None:
        """Wait until all reads were told, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS / 10):
                while len(self._arrived_ns) + self._late < reads:
                    await asyncio.sleep(0.1)
        await self._hass.async_block_till_done()

    def _received(self) -> int:
        """Return how many bytes came over all streams so far."""
        return sum(
            entry.runtime_data.arming.counts.received_bytes for entry in self._entries
        )

    def _count_wakes(self) -> Callable[[], int]:
        """Count how often the event loop wakes up; call what is returned to end it."""
        selector = self._hass.loop._selector  # type: ignore[attr-defined]  # noqa: SLF001
        patcher = patch.object(selector, "select", wraps=selector.select)
        select = patcher.start()

        def end() -> int:
            patcher.stop()
            return int(select.call_count)

        return end

    @callback
    def _take(self, event: Event) -> None:
        """Note when the event of a read was on the bus."""
        self._arrived_ns.setdefault(number_of(event.data["plate"]), monotonic_ns())

    @callback
    def _take_late(self, event: Event) -> None:
        """Count a read that came too late to be live."""
        self._late += 1


def _is_open(entry: MockConfigEntry) -> bool:
    """Tell whether reads of a device can come in."""
    coordinator: AnprCoordinator | None = getattr(entry, "runtime_data", None)
    return coordinator is not None and coordinator.connected


def _resident() -> int:
    """Return the memory of this process, without what is free to go."""
    gc.collect()
    return resident_bytes()
