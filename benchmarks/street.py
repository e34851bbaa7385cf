"""Build a street of cameras in trouble, and let vehicles pass them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
    CONF_WEBHOOK_ID,
)
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped, unused-ignore]

from custom_components.hikvision_anpr.const import (
    CONF_INTAKE,
    CONF_LISTENING,
    CONF_LISTENING_PORT,
    DOMAIN,
    INTAKE_ARMING,
    INTAKE_BOTH,
    INTAKE_LISTENING,
)
from simulator.camera import SimulatedCamera
from simulator.pictures import PictureSettings
from simulator.plates_table import PlatesSettings
from simulator.profiles import DEEPINVIEW, Profile

from .ledger import Ledger
from .lives import Lives
from .reads import plate_of
from .trouble import Trouble

FRESH_SECONDS: Final = 3.0
"""How old a read may be here to be live."""

_SETTLE_SECONDS: Final = 60
_PORT: Final = 18064
"""Where the cameras post to, those that do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Hold how much of everything there shall be."""

    reads: int
    faults: int
    cameras: int
    restarts: int
    longest_outage: float
    seed: int
    only: frozenset[str]


class Street:
    """Let vehicles pass cameras that are in trouble, under a Home Assistant that dies."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        """Build the street; nothing passes yet."""
        self.plan = plan
        self.ledger = Ledger(fresh_seconds=FRESH_SECONDS + 1)
        self.chance = Random(plan.seed)
        self.cameras = [_camera(number) for number in range(plan.cameras)]
        self.lives = Lives(
            folder,
            [
                lambda number=number, camera=camera: _entry(number, camera)  # type: ignore[misc]
                for number, camera in enumerate(self.cameras)
            ],
            self.ledger.follow,
        )
        for number, camera in enumerate(self.cameras):
            if _intake(number) != INTAKE_ARMING:
                url = f"http://127.0.0.1:{_PORT}/api/webhook/{_webhook_id(number)}"
                camera.listening.post_to(url, resends=number % 2 == 0)
        self.troubles = [
            Trouble(
                camera=camera,
                lives=self.lives,
                number=number,
                chance=Random(self.chance.random()),
                seconds=plan.longest_outage,
                listens=_intake(number) != INTAKE_ARMING,
                arms=_intake(number) != INTAKE_LISTENING,
                only=plan.only,
            )
            for number, camera in enumerate(self.cameras)
        ]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Start the cameras and Home Assistant's first life, and end them."""
        for camera in self.cameras:
            await camera.start()
        await self.lives.start()
        await self._settled()
        yield
        await self.lives.stop()
        for camera in self.cameras:
            await camera.stop()

    async def live(self) -> None:
        """Let everything happen at once, to its end, and wait until all is quiet."""
        async with asyncio.TaskGroup() as group:
            for number, trouble in enumerate(self.troubles):
                group.create_task(self._drive(number))
                group.create_task(self._trouble(trouble))
            group.create_task(self._restart())
        await self._settled()

    async def _drive(self, number: int) -> None:
        """Let the vehicles of one camera pass, spread over all of its faults."""
        camera, plan = self.cameras[number], self.plan
        share = plan.reads // plan.cameras
        for index in range(share):
            while camera.device.booting or index >= share * self._progress(number):
                await asyncio.sleep(0.02)
            plate = plate_of(number * share + index)
            self.ledger.passes(plate)
            await camera.vehicle_passes(plate)
            if all(row.plate != plate for row in reversed(camera.plates)):
                self.ledger.was_not_read(plate)
            await asyncio.sleep(self.chance.uniform(0, 0.1))

    def _progress(self, number: int) -> float:
        """Return which part of a camera's faults has begun."""
        return self.troubles[number].counts.total() / self._share

    @property
    def _share(self) -> int:
        """Return how many faults each camera gets."""
        return max(1, self.plan.faults // self.plan.cameras)

    async def _trouble(self, trouble: Trouble) -> None:
        """Bring one fault after the other upon a camera."""
        for _ in range(self._share):
            await trouble.strike()
            await asyncio.sleep(trouble.chance.uniform(0.05, 1.0))

    async def _restart(self) -> None:
        """Restart Home Assistant now and then, with vehicles passing meanwhile."""
        for number in range(1, self.plan.restarts + 1):
            due = number / (self.plan.restarts + 1)
            while self._progress(0) < due:
                await asyncio.sleep(0.05)
            await self.lives.restart()

    async def _settled(self) -> None:
        """Wait until every way is open and what was missed is asked for."""
        end = monotonic() + _SETTLE_SECONDS
        quiet_since, told = monotonic(), -1
        while monotonic() < end:
            for number in range(self.plan.cameras):
                await self.lives.try_again(number)
            now = self.ledger.live.total() + self.ledger.recovered.total()
            if now != told:
                quiet_since, told = monotonic(), now
            if monotonic() - quiet_since > 5 and self._all_open():
                return
            await asyncio.sleep(0.2)

    def _all_open(self) -> bool:
        """Tell whether every camera that is armed has its stream."""
        return all(
            camera.open_streams or _intake(number) == INTAKE_LISTENING
            for number, camera in enumerate(self.cameras)
        )


def _intake(number: int) -> str:
    """Return by which way the reads of a camera come in: all three in turn."""
    return (INTAKE_ARMING, INTAKE_BOTH, INTAKE_LISTENING)[number % 3]


def _webhook_id(number: int) -> str:
    """Return the secret of a camera's path."""
    return f"{number:064}"


def _profile(number: int) -> Profile:
    """Return the model with an identity of its own."""
    return replace(
        DEEPINVIEW,
        serial_number=f"{DEEPINVIEW.serial_number[:-4]}{number:04}",
        mac_address=f"44:a6:42:00:5e:{number:02x}",
        device_name=f"Gate {number + 1}",
    )


def _camera(number: int) -> SimulatedCamera:
    """Return a camera with a long table and small pictures."""
    return SimulatedCamera(
        _profile(number),
        heartbeat_seconds=0.4,
        pictures=PictureSettings(scene=(160, 90), prerendered=2),
        plates=PlatesSettings(size=5000),
        listening=replace(DEEPINVIEW.listening, retry_seconds=0.3),
        stream_slots=3,
        seed=number,
    )


def _entry(number: int, camera: SimulatedCamera) -> MockConfigEntry:
    """Return the entry of a camera, under the same id in every life."""
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=f"{camera.port:026}",
        title=camera.profile.device_name,
        unique_id=camera.profile.serial_number,
        options={CONF_INTAKE: _intake(number), CONF_LISTENING_PORT: _PORT},
        data={
            CONF_WEBHOOK_ID: _webhook_id(number),
            CONF_LISTENING: None,
            CONF_HOST: "127.0.0.1",
            CONF_PORT: camera.port,
            CONF_SSL: False,
            CONF_VERIFY_SSL: True,
            CONF_USERNAME: camera.username,
            CONF_PASSWORD: camera.password,
        },
    )
