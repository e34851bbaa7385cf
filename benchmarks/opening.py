"""Measure the time from a document's last byte to the barrier's command."""

import asyncio
from collections.abc import Sequence
from typing import Final

from aiohttp import ClientSession, ClientTimeout, DigestAuthMiddleware

from custom_components.hikvision_anpr.centre import async_get_centre
from custom_components.hikvision_anpr.const import (
    CONF_GATE_CONTROL,
    CONF_KEEP_LISTS,
    CONTROL_HOME_ASSISTANT,
    KEEP_LISTS_CHANGES,
    KEEP_LISTS_OFF,
)
from custom_components.hikvision_anpr.vehicles.store import Author
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle
from simulator.camera import PASSWORD, USERNAME

from .home import home
from .reads import plate_of
from .report import Row, met
from .sender import Sent
from .sending import sender
from .timing import distribution, percentile

_GOAL_MS: Final = 10
_KNOWN: Final = 10_000
_END: Final = b"</EventNotificationAlert>"
_SETUP_SECONDS: Final = 60
_SETTLE_SECONDS: Final = 3
_STREAM: Final = "/ISAPI/Event/notification/alertStream"
_BARRIER: Final = "/ISAPI/Parking/channels/1/barrierGate"
_OPEN: Final = b"<BarrierGate><ctrlMode>open</ctrlMode></BarrierGate>"


async def run(*, rate: float, seconds: float) -> list[Row]:
    """Send reads with pictures, to Home Assistant and to a script that only opens."""
    options = ("--rate", str(rate), "--seconds", str(seconds), "--barrier")
    script = await _script(options)
    ours = await _ours(options, KEEP_LISTS_OFF)
    writing = await _ours(options, KEEP_LISTS_CHANGES)
    is_met = percentile(_milliseconds(ours), 99) <= _GOAL_MS and _is_whole(ours)
    base = percentile(_milliseconds(ours), 50)

    def row(by: str, sent: Sent, goal: str = "") -> Row:
        """Return what came of one run."""
        times = _milliseconds(sent)
        return Row(
            measured=f"opening at {rate:g} reads/s",
            by=by,
            result=f"{distribution(times)};"
            f" {len(sent.commands_ns):,} commands for {sent.reads:,} reads",
            compared=f"{percentile(times, 50) / base:.2f} x",
            goal=goal,
        )

    return [
        row(
            "Home Assistant, 10,000 vehicles",
            ours,
            met(is_met=is_met, goal=f"p99 ≤ {_GOAL_MS} ms"),
        ),
        row("the same, while these go to the device's list", writing),
        row("script that opens for every read (limit)", script),
    ]


async def _ours(options: Sequence[str], keep_lists: str) -> Sent:
    """Let Home Assistant open for vehicles that it knows."""
    chosen = {
        CONF_GATE_CONTROL: CONTROL_HOME_ASSISTANT,
        CONF_KEEP_LISTS: keep_lists,
    }
    async with (
        sender(options) as sending,
        home(sending.port, chosen) as (hass, coordinator),
    ):
        vehicles = [
            Vehicle(vehicle_id=str(number), plate=plate_of(number))
            for number in range(_KNOWN)
        ]
        async with asyncio.timeout(_SETUP_SECONDS):
            while not (coordinator.connected and coordinator.gates.are_found):
                await asyncio.sleep(0.1)
        registry = async_get_centre(hass).vehicles
        assert registry is not None
        await asyncio.sleep(_SETTLE_SECONDS)
        await registry.async_put(vehicles, Author(origin="benchmark"))
        await asyncio.sleep(_SETTLE_SECONDS)
        await sending.begin()
        await sending.end()
        await asyncio.sleep(1)
        return await sending.sent()


async def _script(options: Sequence[str]) -> Sent:
    """Open whenever a document ends, without a look at what it says."""
    login = DigestAuthMiddleware(USERNAME, PASSWORD)
    async with sender(options) as sending:
        url = f"http://127.0.0.1:{sending.port}"
        forever = ClientTimeout(total=None)
        async with (
            ClientSession(middlewares=(login,), timeout=forever) as session,
            session.get(f"{url}{_STREAM}") as stream,
        ):
            tail = b""
            await sending.begin()
            ended = asyncio.create_task(sending.end())
            while not ended.done():
                async with asyncio.timeout(5):
                    data = tail + await stream.content.readany()
                if _END in data:
                    async with session.put(f"{url}{_BARRIER}", data=_OPEN) as answer:
                        await answer.read()
                tail = data[-len(_END) + 1 :]
            return await sending.sent()


def _is_whole(sent: Sent) -> bool:
    """Tell whether every read led to just one command."""
    return len(sent.commands_ns) == sent.reads


def _milliseconds(sent: Sent) -> list[float]:
    """Return how long each command took; they come in the order of the reads."""
    return [
        (taken - begun) / 1e6
        for begun, taken in zip(sent.document_ns, sent.commands_ns, strict=False)
    ]
