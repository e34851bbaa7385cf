"""Bring trouble upon one simulated camera and its way to Home Assistant, and end it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

from homeassistant.const import CONF_PASSWORD, CONF_USERNAME

from simulator.camera import SimulatedCamera
from simulator.digest import User
from simulator.faults import Fault

from .lives import Lives

HOUR: Final = timedelta(hours=1)

_ONCE: Final = (
    Fault.CUT_IN_XML,
    Fault.CUT_IN_PICTURE,
    Fault.GLUED_DOCUMENTS,
    Fault.DOUBLE_BOUNDARY,
    Fault.MISSING_LENGTH,
    Fault.LENGTH_TOO_SHORT,
    Fault.DUPLICATE_EVENT,
    Fault.PICTURES_MISSING,
    Fault.PICTURES_REVERSED,
)
"""What strikes the next passage."""

_OUTAGES: Final = (
    Fault.MISSED_RETRANSMITTED,
    Fault.MISSED_UNMARKED,
    Fault.PLATES_UNSORTED,
    Fault.PLATES_OLDEST_AGAIN,
    Fault.PLATES_CURSOR_AGAIN,
    Fault.PLATES_CAPPED,
    Fault.PLATES_AS_JSON,
    Fault.PLATES_JUNK_BEFORE,
)
"""What an outage is followed by."""

_POSTS: Final = (
    Fault.POST_ANSWER_LOST,
    Fault.POST_REORDERED,
    Fault.POST_CUT,
    Fault.POST_TIGHT,
    Fault.POST_BARE,
    Fault.POST_JSON,
)
"""What strikes the next POST."""

type _Act = Callable[[], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Trouble:
    """Trouble one camera, one thing after the other, and count what was done.

    `seconds` is the longest outage; `number` the camera's place among the entries;
    `arms` and `listens` tell by which ways its reads come in.
    """

    camera: SimulatedCamera
    lives: Lives
    number: int
    chance: Random
    seconds: float
    listens: bool
    arms: bool
    only: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)

    async def strike(self) -> None:
        """Do one thing of all that there are, and undo it."""
        name, act = self.chance.choice(
            [one for one in self._all() if not self.only or one[0] in self.only]
        )
        self.counts[name] += 1
        await act()

    def _all(self) -> list[tuple[str, _Act]]:
        """Return everything that can be done, by its name."""
        found: list[tuple[str, _Act]] = [
            ("network cut", self._away),
            ("reboot", self._reboot),
            ("reload", self._reload),
            *((fault, partial(self._outage, fault)) for fault in _OUTAGES),
        ]
        if self.arms:
            found += [
                ("stream cut", self._cut),
                ("stream silent", self._stall),
                ("login refused", self._refuse),
                ("device busy", partial(self._during, Fault.BUSY)),
                ("clock +1 h", partial(self._jump, HOUR)),
                ("clock -1 h", partial(self._jump, -HOUR)),
                *((fault, partial(self._once, fault)) for fault in _ONCE),
            ]
        if self.listens:
            found += [(fault, partial(self._once, fault)) for fault in _POSTS]
        return found

    async def _while_it_lasts(self) -> None:
        """Let some time pass."""
        await asyncio.sleep(self.chance.uniform(0.05, self.seconds))

    async def _cut(self) -> None:
        """End the stream."""
        self.camera.drop_streams()

    async def _once(self, fault: Fault) -> None:
        """Let a fault strike once."""
        self.camera.faults.on(fault, times=1)

    async def _during(self, fault: Fault) -> None:
        """Let a fault last for a while, with the stream gone."""
        self.camera.faults.on(fault)
        self.camera.drop_streams()
        await self._while_it_lasts()
        self.camera.faults.off(fault)

    async def _stall(self) -> None:
        """Let the stream be silent without an end."""
        self.camera.faults.on(Fault.STALL, times=1)
        await self._while_it_lasts()

    async def _away(self) -> None:
        """Take the camera off the network; it reads on."""
        port = self.camera.port
        await self.camera.stop()
        await self._while_it_lasts()
        await self.camera.start(port=port)

    async def _outage(self, fault: Fault) -> None:
        """Take the camera off the network, and let something odd follow."""
        self.camera.faults.on(fault, times=1)
        await self._away()

    async def _reboot(self) -> None:
        """Restart the camera."""
        await self.camera.reboot(self.chance.uniform(0.05, self.seconds))

    async def _jump(self, by: timedelta) -> None:
        """Set the camera's clock, with its stream open or in an outage.

        It is set once in an outage: what was captured under a clock that was set
        back and forth meanwhile cannot be asked for.
        """
        await self._caught_up()
        if self.chance.random() < 0.5:
            self.camera.clock.drift += by
        else:
            port = self.camera.port
            await self.camera.stop()
            await self._while_it_lasts()
            self.camera.clock.drift += by
            await self._while_it_lasts()
            await self.camera.start(port=port)
        await self._caught_up()

    async def _caught_up(self) -> None:
        """Open the stream anew, and wait until what was missed was asked for."""
        self.camera.drop_streams()
        opened = asked = -1
        while opened != self.camera.stream_opens or asked == self._queries():
            if opened != self.camera.stream_opens:
                await self.camera.wait_for_stream()
                opened, asked = self.camera.stream_opens, self._queries()
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)

    def _queries(self) -> int:
        """Return how often the table of plates was asked for."""
        return sum("vehicleDetect/plates" in one.path for one in self.camera.requests)

    async def _reload(self) -> None:
        """Reload the entry."""
        await self.lives.reload(self.number)

    async def _refuse(self) -> None:
        """Refuse the login until the user sees to it."""
        name = self.camera.username
        self.camera.guard.users[name] = User(name=name, password="another")
        self.camera.drop_streams()
        await self._while_it_lasts()
        self.camera.guard.users[name] = User(name=name, password=self.camera.password)
        login = {CONF_USERNAME: name, CONF_PASSWORD: self.camera.password}
        await self.lives.log_in_again(self.number, login)
