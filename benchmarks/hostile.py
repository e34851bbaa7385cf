"""Post what no camera posts to one device's path, while another one reads plates.

python -m benchmarks.hostile --help
"""

import custom_components  # noqa: F401  isort:skip  before hass is made

import argparse
import asyncio
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
import sys
from tempfile import TemporaryDirectory
from time import monotonic_ns
from typing import Final

from homeassistant.components.http.config import async_get_and_load_store
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped, unused-ignore]
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.hikvision_anpr.const import (
    CONF_INTAKE,
    CONF_LISTENING,
    CONF_LISTENING_PORT,
    EVENT_PASSAGE,
    INTAKE_LISTENING,
)

from .attacker import KINDS
from .crowding import Crowding, Size, crowd
from .home import entry_of, keep_quiet, move_in, without_network
from .memory import resident_bytes
from .reads import number_of
from .report import Row, met, show
from .sending import other_core, stay_on_one_core
from .timing import Spent, distribution, stopwatch

_PORT: Final = 18065
_WEBHOOK_ID: Final = "7" * 64
_OTHER: Final = Size(cameras=1, recorders=0, channels=0)
_ATTACKED: Final = Size(cameras=0, recorders=1, channels=1)
_RATE: Final = 20
"""Reads a second of the other device."""

MEMORY_GOAL: Final = 96
"""MiB that an attack may take while it lasts: what may wait for one device is a third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hold what came of one attack; `answers` counts statuses, 0 is none."""

    spent: Spent
    grown_bytes: int
    answers: Counter[int]
    latencies: list[float]
    lost: int


class _Home:
    """Hold a Home Assistant with one device that is attacked and another one."""

    def __init__(self, hass: HomeAssistant, crowding: Crowding) -> None:
        """Follow the other device."""
        self._crowding = crowding
        self._arrived_ns: dict[int, int] = {}
        hass.bus.async_listen(EVENT_PASSAGE, self._take)

    @callback
    def _take(self, event: Event) -> None:
        """Note when the event of a read was on the bus."""
        self._arrived_ns[number_of(event.data["plate"])] = monotonic_ns()

    async def measure(self, kind: str | None, seconds: float) -> Outcome:
        """Let the other device read, and attack meanwhile, unless by nothing."""
        before, most = resident_bytes(), 0
        spent = stopwatch()
        reading = asyncio.create_task(
            self._crowding.send(rate=_RATE, reads=int(_RATE * seconds))
        )
        attacking = asyncio.create_task(_attack(kind, seconds))
        while not (reading.done() and attacking.done()):
            most = max(most, resident_bytes())
            await asyncio.sleep(0.05)
        sent, answers = reading.result(), attacking.result()
        took = spent()
        await asyncio.sleep(1)
        return Outcome(
            spent=took,
            grown_bytes=max(0, most - before),
            answers=answers,
            latencies=[
                (self._arrived_ns[number] - moment) / 1e6
                for number, moment in sent.items()
                if number in self._arrived_ns
            ],
            lost=len(sent.keys() - self._arrived_ns.keys()),
        )


async def _attack(kind: str | None, seconds: float) -> Counter[int]:
    """Attack from a process of its own; return what was answered how often."""
    if kind is None:
        return Counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.attacker", "--kind", kind),
        *("--port", str(_PORT), "--path", f"/api/webhook/{_WEBHOOK_ID}"),
        *("--seconds", str(seconds), "--core", str(other_core())),
        stdout=PIPE,
    )
    answer, _ = await process.communicate()
    return Counter({int(status): n for status, n in json.loads(answer).items()})


@asynccontextmanager
async def _home(*, web_server: bool) -> AsyncIterator[_Home]:
    """Set a device up that is listened to, and another one that is armed."""
    keep_quiet()
    async with crowd(_OTHER) as crowding, crowd(_ATTACKED) as attacked:
        with (
            TemporaryDirectory() as folder,
            without_network(all_entities=False, web_server=web_server),
        ):
            async with async_test_home_assistant(config_dir=folder) as hass:
                move_in(hass)
                if web_server:
                    await _serve(hass)
                armed = entry_of(*crowding.devices[0])
                listened = entry_of(*attacked.devices[0])
                for entry in (armed, listened):
                    entry.add_to_hass(hass)
                    if entry is listened:
                        _listen(hass, entry, None if web_server else _PORT)
                    assert await hass.config_entries.async_setup(entry.entry_id)
                while not armed.runtime_data.connected:
                    await asyncio.sleep(0.1)
                yield _Home(hass, crowding)
                await hass.async_stop(force=True)


async def _serve(hass: HomeAssistant) -> None:
    """Start Home Assistant's own web server."""
    http = {"server_host": ["127.0.0.1"], "server_port": _PORT}
    assert await async_setup_component(hass, "http", {"http": http})
    await (await async_get_and_load_store(hass)).async_promote_pending()
    await hass.http.start()


def _listen(hass: HomeAssistant, entry: MockConfigEntry, port: int | None) -> None:
    """Let a device post to a port of its own, or else to the web server."""
    own_port = {} if port is None else {CONF_LISTENING_PORT: port}
    hass.config_entries.async_update_entry(
        entry,
        data={**entry.data, CONF_WEBHOOK_ID: _WEBHOOK_ID, CONF_LISTENING: None},
        options={CONF_INTAKE: INTAKE_LISTENING, **own_port},
    )


async def run(seconds: float, *, web_server: bool) -> list[Row]:
    """Attack in one way after the other, and in between not at all."""
    async with _home(web_server=web_server) as home:
        await home.measure(None, seconds)
        return [
            _row(
                kind,
                before=await home.measure(None, seconds),
                during=await home.measure(kind, seconds),
            )
            for kind in KINDS
        ]


def _row(kind: str, *, before: Outcome, during: Outcome) -> Row:
    """Return what an attack cost, and what the other device felt of it."""
    mib = during.grown_bytes / 2**20
    answers = ", ".join(
        f"{count:,} x {status or 'hung up'}"
        for status, count in sorted(during.answers.items())
    )
    return Row(
        measured=kind,
        by=f"{answers}; {during.spent.percent:.0f} % of a core, +{mib:.0f} MiB",
        result=f"other device: {distribution(during.latencies)}, {during.lost} lost",
        compared=f"before: {distribution(before.latencies)}",
        goal=met(
            is_met=mib <= MEMORY_GOAL and not during.lost,
            goal=f"≤ {MEMORY_GOAL} MiB, none lost",
        ),
    )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="benchmarks.hostile", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each attack")
    parser.add_argument(
        "--web-server",
        action="store_true",
        help="attack Home Assistant's own web server, no port of its own",
    )
    options = parser.parse_args()
    stay_on_one_core()
    show(asyncio.run(run(options.seconds, web_server=options.web_server)))


if __name__ == "__main__":
    main()
