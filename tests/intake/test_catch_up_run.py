"""Test catching up by itself, again and again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from unittest.mock import patch

import pytest

from custom_components.hikvision_anpr.intake import catch_up as module, gap_closing

from .catching_up import PATIENCE, Intake


@pytest.fixture
async def running(away: Intake) -> AsyncIterator[Intake]:
    """Catch up by itself, and quickly, on a device of which a vehicle was seen."""
    with (
        patch.object(module, "SETTLE_SECONDS", 0),
        patch.object(module, "FIRST_DELAY", 0.01),
    ):
        task = asyncio.create_task(away.catch_up.run())
        yield away
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def all_of(intake: Intake, plates: list[str]) -> None:
    """Wait until these plates were recovered, in this order."""
    async with asyncio.timeout(PATIENCE):
        while intake.plates != plates:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("refusals", [[503], [503, 200, 503, 503]])
async def test_device_that_failed_is_asked_again(
    running: Intake, refusals: list[int]
) -> None:
    """Close the gap though no stream is opened any more."""
    running.device.cap = 1
    running.device.refusals = refusals
    missed = ["MISSED1", "MISSED2"]
    for number, plate in enumerate(missed):
        running.device.passes(plate, -100 + number)
    running.catch_up.opened([1], has_stream=True)
    await all_of(running, missed)
    assert running.device.refusals == []


async def test_rest_of_a_long_table_follows(running: Intake) -> None:
    """Ask for the rest of what is too much at once, without another opening."""
    running.device.cap = 2
    missed = [f"MISSED{number}" for number in range(9)]
    for number, plate in enumerate(missed):
        running.device.passes(plate, -500 + 7 * number)
    with patch.object(gap_closing, "MOST_PAGES", 3):
        running.catch_up.opened([1], has_stream=True)
        await all_of(running, missed)


async def test_refused_login_waits_for_the_user(running: Intake) -> None:
    """Do not ask again and again until the account is locked."""
    running.device.refusals = [401]
    running.device.passes("MISSED1", -100)
    with patch.object(
        running.catch_up, "close_gaps", wraps=running.catch_up.close_gaps
    ) as close_gaps:
        running.catch_up.opened([1], has_stream=True)
        await asyncio.sleep(0.2)
    assert close_gaps.call_count == 1
    assert running.plates == []


async def test_run_waits_for_the_stream_to_settle(away: Intake) -> None:
    """Ask some time after the last opening, once for several in a row."""
    slept = 0

    async def sleep(seconds: float) -> None:
        """Let the stream be opened once more while it settles."""
        nonlocal slept
        if seconds == module.SETTLE_SECONDS:
            slept += 1
            if slept == 1:
                away.catch_up.opened([1], has_stream=True)

    asked = asyncio.Event()
    away.device.on_question = asked.set
    with patch.object(asyncio, "sleep", sleep):
        task = asyncio.create_task(away.catch_up.run())
        away.catch_up.opened([1], has_stream=True)
        async with asyncio.timeout(PATIENCE):
            await asked.wait()
    assert slept == 2
    assert len(away.device.asked) == 1
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
