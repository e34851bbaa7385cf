"""Keep the lists of many devices in step through faults: python -m benchmarks.lists."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final
from unittest.mock import patch

from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped, unused-ignore]

from custom_components.hikvision_anpr.centre import async_get_centre
from custom_components.hikvision_anpr.const import (
    CONF_KEEP_LISTS,
    DOMAIN,
    KEEP_LISTS_IN_STEP,
)
from custom_components.hikvision_anpr.vehicles.registry import Registry
from custom_components.hikvision_anpr.vehicles.store import Author
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.pictures import PictureSettings
from simulator.plate_list import ListDialect
from simulator.profiles import DEEPINVIEW, ENTRANCE, Profile

from .archive_set import plate_of
from .home import keep_quiet
from .lives import Lives
from .report import Row, met, show

AUTHOR: Final = Author(origin="benchmark")
_SHORTENED: Final = {
    "device_lists.SETTLE_SECONDS": 0.2,
    "device_lists.RETRY_SECONDS": 1.0,
    "intake.arming.FIRST_DELAY": 0.2,
    "intake.arming.LONGEST_DELAY": 1.0,
}
"""What is waited for in real life, in seconds, made short."""
_MODELS: Final = (
    DEEPINVIEW,
    ENTRANCE,
    replace(ENTRANCE, list_dialect=ListDialect.TCG_PLATES),
)
_FAULTS: Final = (
    Fault.BUSY,
    Fault.LIST_KEEPS_NOTHING,
    Fault.LIST_KEEPS_FIRST,
    Fault.LIST_TAKES_ONE,
)
_PAGE: Final = 100
_LOOK_SECONDS: Final = 5.0
"""How often all lists are compared in the end, which takes the processor, too."""
_LONGEST: Final = 3600.0


@dataclass(slots=True, kw_only=True)
class Yard:
    """Hold cameras with lists, and the Home Assistant that keeps these."""

    cameras: list[SimulatedCamera]
    lives: Lives
    chance: Random
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def registry(self) -> Registry:
        """Return the known vehicles of this life."""
        registry = async_get_centre(self.lives.hass).vehicles
        assert registry is not None
        return registry

    def wrong(self) -> int:
        """Count the plates that a camera has otherwise than the centre, or not at all."""
        known = self.registry.vehicles.values()
        ours = {one.normalized: one.list for one in known if one.list != "none"}
        return sum(len(ours.items() ^ _kept(camera).items()) for camera in self.cameras)

    async def trouble(self) -> None:
        """Do one thing to a camera."""
        number = self.chance.randrange(len(self.cameras))
        camera = self.cameras[number]
        acts: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("camera away", partial(_away, camera, self.chance.uniform(0.1, 2))),
            ("entry reloaded", partial(self.lives.reload, number)),
            *((fault, partial(_strike, camera, fault)) for fault in _FAULTS),
        ]
        name, act = self.chance.choice(acts)
        self.counts[name] += 1
        await act()

    async def change(self, count: int) -> None:
        """Let users move, remove and add vehicles while lists are written."""
        known = sorted(self.registry.vehicles.values(), key=lambda one: one.plate)
        picked = self.chance.sample(known, 2 * count)
        moved = [
            replace(one, list="allow" if one.list == "block" else "block")
            for one in picked[:count]
        ]
        new = [
            Vehicle(vehicle_id=f"new{number}", plate=f"NEW{number:04}")
            for number in range(count)
        ]
        gone = [one.vehicle_id for one in picked[count:]]
        await self.registry.async_put([*moved, *new], AUTHOR, remove=gone)

    async def settled(self) -> None:
        """Wait until every list is as it should be, or for very long."""
        end = monotonic() + _LONGEST
        while monotonic() < end and self.wrong():
            for number in range(len(self.cameras)):
                await self.lives.try_again(number)
            await asyncio.sleep(_LOOK_SECONDS)


def _kept(camera: SimulatedCamera) -> dict[str, str | None]:
    """Return what is on a camera's list."""
    plates = camera.device.plate_list
    return {plate: plates.fact(plate) for plate in plates.records}


async def _away(camera: SimulatedCamera, seconds: float) -> None:
    """Take a camera off the network for a while."""
    port = camera.port
    await camera.stop()
    await asyncio.sleep(seconds)
    await camera.start(port=port)


async def _strike(camera: SimulatedCamera, fault: Fault) -> None:
    """Let a fault strike the next request that it can strike."""
    camera.faults.on(fault, times=1)


def _camera(number: int) -> SimulatedCamera:
    """Return a camera with an identity of its own."""
    model = _MODELS[number % len(_MODELS)]
    profile: Profile = replace(
        model,
        serial_number=f"{model.serial_number[:-4]}{number:04}",
        mac_address=f"44:a6:42:00:5e:{number:02x}",
        device_name=f"Gate {number + 1}",
        plate_list_capacity=20_000,
    )
    pictures = PictureSettings(scene=(160, 90), prerendered=1)
    camera = SimulatedCamera(profile, pictures=pictures, seed=number)
    camera.device.plate_list.page = _PAGE
    return camera


def _entry(number: int, camera: SimulatedCamera) -> MockConfigEntry:
    """Return the entry of a camera, under the same id in every life."""
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=f"{number:026}",
        title=camera.profile.device_name,
        unique_id=camera.profile.serial_number,
        options={CONF_KEEP_LISTS: KEEP_LISTS_IN_STEP},
        data={
            CONF_HOST: "127.0.0.1",
            CONF_PORT: camera.port,
            CONF_SSL: False,
            CONF_VERIFY_SSL: True,
            CONF_USERNAME: camera.username,
            CONF_PASSWORD: camera.password,
        },
    )


@contextmanager
def _shortened() -> Iterator[None]:
    """Make what is waited for short."""
    with ExitStack() as stack:
        for name, seconds in _SHORTENED.items():
            stack.enter_context(patch(f"custom_components.{DOMAIN}.{name}", seconds))
        yield


async def run(options: argparse.Namespace) -> list[Row]:
    """Fill all lists through faults, and count what is wrong at the end."""
    cameras = [_camera(number) for number in range(options.cameras)]
    with TemporaryDirectory() as folder, _shortened():
        lives = Lives(
            Path(folder),
            [partial(_entry, number, one) for number, one in enumerate(cameras)],
            lambda _hass: None,
        )
        yard = Yard(cameras=cameras, lives=lives, chance=Random(options.seed))
        for camera in cameras:
            await camera.start()
        await lives.start()
        seconds = await _fill(yard, options)
        wrong = yard.wrong()
        requests = sum(len(camera.requests) for camera in cameras)
        plates = len(yard.registry.vehicles)
        await lives.stop()
        for camera in cameras:
            await camera.stop()
    done = [f"{count} x {name}" for name, count in sorted(yard.counts.items())]
    return [
        Row(
            measured=f"{plates:,} plates on {options.cameras} cameras",
            by=f"{seconds:.0f} s, {requests:,} requests",
            result=f"{wrong} plates that differ; {', '.join(done)}",
            goal=met(is_met=wrong == 0, goal="all equal"),
        )
    ]


async def _fill(yard: Yard, options: argparse.Namespace) -> float:
    """Add the vehicles, change some meanwhile, and return how long it took."""
    plates = {plate_of(number) for number in range(2 * options.plates)}
    vehicles = [
        Vehicle(
            vehicle_id=str(number),
            plate=plate,
            list="block" if number % 10 == 0 else "allow",
        )
        for number, plate in enumerate(sorted(plates)[: options.plates])
    ]
    each = options.faults // (options.restarts + 1)
    restarts = {each * number for number in range(1, options.restarts + 1)}
    started = monotonic()
    await yard.registry.async_put(vehicles, AUTHOR)
    for number in range(options.faults):
        await asyncio.sleep(yard.chance.uniform(0.05, 0.4))
        await yard.trouble()
        if number == options.faults // 3:
            await yard.change(options.plates // 100)
        if number in restarts:
            yard.counts["Home Assistant restarted"] += 1
            await yard.lives.restart()
    for camera in yard.cameras:
        camera.faults.clear()
    await yard.settled()
    return monotonic() - started


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists")
    parser.add_argument("--plates", type=int, default=10_000)
    parser.add_argument("--cameras", type=int, default=20)
    parser.add_argument("--faults", type=int, default=150)
    parser.add_argument("--restarts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    keep_quiet()
    show(asyncio.run(run(options)))


if __name__ == "__main__":
    main()
