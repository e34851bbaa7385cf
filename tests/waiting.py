"""Wait for what the integration is about to do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from custom_components.hikvision_anpr.coordinator import AnprCoordinator

PATIENCE = 10
"""Seconds after which something that was waited for has failed."""
LOOK_AGAIN = 0.01
"""Seconds after which is looked again whether it has come."""


@asynccontextmanager
async def expect_events(
    hass: HomeAssistant, event_type: str, count: int = 1
) -> AsyncIterator[list[Event]]:
    """Wait, when leaving, until an event was fired so often; give the events."""
    events: list[Event] = []
    complete = asyncio.Event()

    @callback
    def _take(event: Event) -> None:
        events.append(event)
        if len(events) >= count:
            complete.set()

    unsubscribe = hass.bus.async_listen(event_type, _take)
    try:
        yield events
        async with asyncio.timeout(PATIENCE):
            await complete.wait()
        await hass.async_block_till_done()
    finally:
        unsubscribe()


async def wait_until(
    coordinator: AnprCoordinator, condition: Callable[[], bool]
) -> None:
    """Wait until a condition holds, looked at often and when the coordinator changes."""
    changed = asyncio.Event()
    unsubscribe = coordinator.async_add_listener(changed.set)
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), LOOK_AGAIN)
    finally:
        unsubscribe()
    await coordinator.hass.async_block_till_done()


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so, looked at often."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(LOOK_AGAIN)


@contextmanager
def seconds_later(seconds: float) -> Iterator[None]:
    """Let Home Assistant's clock run ahead, and the event loop's go on as it is.

    Time that is frozen stops the loop, and with it every connection.
    """
    now = dt_util.utcnow
    with patch.object(dt_util, "utcnow", lambda: now() + timedelta(seconds=seconds)):
        yield
