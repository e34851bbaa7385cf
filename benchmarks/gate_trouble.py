"""Let passages pass while Home Assistant restarts and clocks jump."""

from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import random
from typing import Any, Final

from custom_components.hikvision_anpr.gate.control import GateControl
from custom_components.hikvision_anpr.gate.openings import Openings
from custom_components.hikvision_anpr.gate.policy import Rules
from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.passage import Passage
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from custom_components.hikvision_anpr.vehicles.judge import Judge

from .gate_cases import LEAST_CONFIDENCE, NOW, Boom, Case, Oracle, cases
from .report import Row, met

_JUMPS: Final = 0.01
_CRASHES: Final = 0.01
_STOPS: Final = 0.005
_UNSEEN: Final = 0.2
"""How often the clock of camera or home is set, Home Assistant dies between a decision
and its command, or stops there in order, and a clock that was set is not seen yet."""

_OLDEST: Final = timedelta(hours=2)


@dataclass(slots=True)
class Lane:
    """Hold a lane with its camera, and a Home Assistant that comes and goes.

    `true_time` is what no clock of camera or home tells for sure.
    """

    judge: Judge
    chance: random.Random = field(default_factory=lambda: random.Random(4))
    boom: Boom = field(default_factory=Boom)
    true_time: datetime = NOW
    camera_ahead: timedelta = timedelta()
    home_ahead: timedelta = timedelta()
    counts: Counter[str] = field(default_factory=Counter)
    work: list[Coroutine[Any, Any, None]] = field(default_factory=list)
    clock: DeviceClock = field(default_factory=lambda: DeviceClock(UTC))
    control: GateControl = field(init=False)
    passages: int = 0

    def __post_init__(self) -> None:
        """Begin the first life."""
        self.start()

    @property
    def home_time(self) -> datetime:
        """Return what Home Assistant's clock shows."""
        return self.true_time + self.home_ahead

    @property
    def camera_time(self) -> datetime:
        """Return what the camera's clock shows."""
        return self.true_time + self.camera_ahead

    def start(self) -> None:
        """Begin a life: nothing is known but the drift that was stored."""
        drift = self.clock.drift
        self.clock = DeviceClock(UTC)
        if drift is not None:
            self.clock.recall(drift)
        self.control = GateControl(
            lambda _: Rules(
                control="home_assistant", role="entry", min_confidence=LEAST_CONFIDENCE
            ),
            lambda _: 5.0,
            Openings(lambda: (self.true_time - NOW).total_seconds()),
            lambda command, _: self.work.append(command),
            lambda _channel, _error: None,
        )
        self.control.barriers[1] = self.boom
        self.work.clear()

    def see_clock(self) -> None:
        """Ask the camera for its time."""
        self.clock.measure(self.camera_time, self.home_time)

    def jump(self) -> None:
        """Set a clock."""
        by = timedelta(seconds=self.chance.uniform(-7200, 7200))
        if self.chance.random() < 0.5:
            self.camera_ahead += by
        else:
            self.home_ahead += by
        self.counts["clock set"] += 1

    def read(self, case: Case, *, age: timedelta, marked: bool) -> None:
        """Take a passage of one or several reads, captured so long ago."""
        self.passages += 1
        read = PlateRead(
            channel=1,
            plate=case.plate,
            confidence=case.confidence,
            direction=case.direction,
            captured_at=self.camera_time - age,
            retransmitted=marked,
        )
        fresh = self.clock.is_fresh(read.captured_at, self.home_time)
        live = not read.retransmitted and fresh
        passage = Passage(
            passage_id=str(self.passages),
            device_id="gate",
            read=read,
            captured_at=self.home_time,
            received_at=self.home_time,
            source="arming",
            live=live,
        )
        for reads in range(1, case.reads + 1):
            passage = replace(passage, reads=reads)
            judged = replace(passage, verdict=self.judge(passage, self.home_time))
            passage = self.control.take(judged, read, live=live)

    async def work_off(self) -> None:
        """Let the commands that are on their way arrive."""
        while self.work:
            await self.work.pop()

    async def dies(self, case: Case) -> None:
        """Lose the command that is on its way, and hear of the read again later.

        The vehicle still stands there and is read anew when Home Assistant is back.
        """
        self.counts["killed before the command"] += 1
        for command in self.work:
            command.close()
        self.start()
        self.true_time += timedelta(seconds=40)
        self.see_clock()
        self.read(case, age=timedelta(seconds=40), marked=True)
        await self.work_off()
        self.counts["opened by a replay"] += self.boom.opened
        self.read(case, age=timedelta(), marked=False)

    async def stops(self, case: Case) -> None:
        """Stop in order: the command that is on its way is sent."""
        self.counts["stopped before the command"] += 1
        await self.work_off()
        self.start()
        self.true_time += timedelta(seconds=40)
        self.see_clock()
        self.read(case, age=timedelta(seconds=40), marked=True)


async def troubled(judge: Judge, plates: list[str], count: int) -> list[Row]:
    """Let passages pass, and count who was let in wrongly, and kept out wrongly."""
    oracle = Oracle(list(judge.registry.vehicles.values()))
    lane = Lane(judge)
    lane.see_clock()
    wrong: Counter[str] = Counter()
    opened = 0
    for case in cases(plates, count):
        lane.boom.opened = 0
        is_seen = await _pass(lane, case)
        expected = oracle.opens(case)
        wrong["opened"] += lane.boom.opened > 0 and not expected
        wrong["missed"] += lane.boom.opened == 0 and expected and is_seen
        wrong["twice"] += lane.boom.opened > 1
        lane.counts["kept out until the clock was seen"] += (
            lane.boom.opened == 0 and expected and not is_seen
        )
        opened += lane.boom.opened
    wrong["opened"] += lane.counts["opened by a replay"]
    told = [f"{number:,} x {name}" for name, number in sorted((+lane.counts).items())]
    return [
        Row(
            measured=f"{count:,} passages through restarts and clock jumps",
            by="clock, judge, policy, command",
            result=f"{opened:,} opened, {wrong['opened']} wrongly,"
            f" {wrong['missed']} missed, {wrong['twice']} twice; {', '.join(told)}",
            goal=met(is_met=not +wrong, goal="none wrong"),
        )
    ]


async def _pass(lane: Lane, case: Case) -> bool:
    """Let one vehicle pass; tell whether the clock was known by then."""
    chance = lane.chance
    lane.true_time += timedelta(seconds=60)
    is_seen = True
    if chance.random() < _JUMPS:
        lane.jump()
        is_seen = chance.random() >= _UNSEEN
    if is_seen:
        lane.see_clock()
    age = timedelta()
    if not case.live:
        age = timedelta(seconds=chance.uniform(31, _OLDEST.total_seconds()))
    # A clock that was set meanwhile tells nothing of what was captured before.
    marked = not case.live and (not is_seen or chance.random() < 0.7)
    lane.read(case, age=age, marked=marked)
    dice = chance.random()
    if is_seen and case.live and dice < _CRASHES:
        await lane.dies(case)
    elif is_seen and case.live and dice < _CRASHES + _STOPS:
        await lane.stops(case)
    await lane.work_off()
    lane.see_clock()
    return is_seen
