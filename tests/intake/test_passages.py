"""Test making passages of reads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
import pytest

from custom_components.hikvision_anpr.intake.passage import Passage
from custom_components.hikvision_anpr.intake.passages import (
    LONGEST_PASSAGE,
    REMEMBERED_READS,
    Arrival,
    Passages,
)
from custom_components.hikvision_anpr.isapi.plate_read import PictureInfo, PlateRead
from tests.isapi.fixtures import at, document, read_of

NOW = at("2026-04-07T08:15:31+02:00")
WINDOW = 5.0
UUIDS = (f"0a1b2c3d-1dd2-11b2-a9df-{number:012}" for number in count(1))


def ids() -> Iterator[str]:
    """Yield p1, p2 and so on."""
    yield from (f"p{number}" for number in count(1))


def new_passages(merge_seconds: float = WINDOW) -> Passages:
    """Return passages of a device, without a memory."""
    numbers = ids()
    return Passages(
        lambda _: "d1", merge_seconds=merge_seconds, new_id=lambda: next(numbers)
    )


def make_read(
    plate: str | None = "AB1234",
    second: float = 0,
    *,
    uuid: str | None = "",
    confidence: int = 90,
    channel: int = 1,
    lane: int | None = 1,
    vehicle_index: int | None = None,
) -> PlateRead:
    """Return a read, captured some seconds after the first; the UUID is a new one."""
    return PlateRead(
        plate=plate,
        uuid=next(UUIDS) if uuid == "" else uuid,
        captured_at=NOW + timedelta(seconds=second),
        confidence=confidence,
        channel=channel,
        lane=lane,
        vehicle_index=vehicle_index,
    )


def take(
    passages: Passages,
    read: PlateRead,
    second: float = 0,
    *,
    live: bool = True,
) -> Arrival:
    """Take a read that arrives some seconds after the first."""
    return passages.take(
        read,
        received_at=NOW + timedelta(seconds=second),
        live=live,
        source="arming" if live else "catch_up",
    )


def changes(arrivals: list[Arrival]) -> list[str]:
    """Return what each read changed."""
    return [arrival.change for arrival in arrivals]


def test_first_read_is_a_new_passage() -> None:
    """Announce a vehicle with its first read."""
    read = make_read()
    arrival = take(new_passages(), read, 0.4)
    assert arrival == Arrival(
        passage=Passage(
            passage_id="p1",
            device_id="d1",
            read=read,
            captured_at=NOW,
            received_at=NOW + timedelta(seconds=0.4),
            source="arming",
            live=True,
        ),
        change="new",
    )


def test_read_without_a_time() -> None:
    """Take our own time for a capture that has none."""
    read = replace(make_read(), captured_at=None)
    assert take(new_passages(), read, 3).passage.captured_at == NOW + timedelta(
        seconds=3
    )


def test_reads_without_a_time_are_merged_by_ours() -> None:
    """Merge reads without capture times by when they came."""
    passages = new_passages()
    arrivals = [
        take(passages, replace(make_read(), captured_at=None), second)
        for second in (0, 5, 10.001)
    ]
    assert changes(arrivals) == ["new", "update", "new"]


def test_vehicle_read_twice_within_a_second() -> None:
    """Merge two reads 0.64 s apart that differ in UUID, direction and country."""
    first, second = map(read_of, map(document, ("entrance.xml", "entrance_again.xml")))
    passages = new_passages()
    new, update = take(passages, first, 0.5), take(passages, second, 1.1)
    assert (new.change, update.change) == ("new", "update")
    assert update.passage.passage_id == new.passage.passage_id
    assert update.passage.reads == 2
    assert update.passage.read.confidence == 99
    assert update.passage.read.direction == "reverse"
    assert update.passage.captured_at == new.passage.captured_at
    assert update.passage.received_at == new.passage.received_at
    assert passages.passage_of(first) == passages.passage_of(second) == update.passage


def test_best_confidence_wins() -> None:
    """Keep the best of several reads, in whatever order they come."""
    passages = new_passages()
    for second, (plate, confidence) in enumerate(
        [("AB1234", 80), ("AB123", 60), ("A81Z34", 95), ("AB1234", 90)]
    ):
        arrival = take(
            passages, make_read(plate, second, confidence=confidence), second
        )
    assert arrival.passage.read.plate == "A81Z34"
    assert (arrival.passage.passage_id, arrival.passage.reads) == ("p1", 4)


@pytest.mark.parametrize(
    ("seconds", "change"),
    [(0.64, "update"), (5, "update"), (5.001, "new"), (60, "new")],
)
def test_same_plate_later(seconds: float, change: str) -> None:
    """Announce a vehicle again that was away for longer than the window."""
    passages = new_passages()
    take(passages, make_read())
    assert take(passages, make_read(second=seconds), seconds).change == change


@pytest.mark.parametrize("merge_seconds", [0, 1, 10])
def test_window_is_configurable(merge_seconds: float) -> None:
    """Merge within the given seconds, none at all with 0."""
    passages = new_passages(merge_seconds)
    take(passages, make_read())
    within = take(passages, make_read(second=merge_seconds), merge_seconds)
    assert within.change == "update"
    beyond = 2 * merge_seconds + 0.001
    assert take(passages, make_read(second=beyond), beyond).change == "new"


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        (make_read(), make_read("CD5678"), "new"),
        (make_read(), make_read("AB123"), "update"),
        (make_read("OO1234"), make_read("001234"), "update"),
        (make_read(None), make_read(), "new"),
        (make_read(), make_read(None), "new"),
        (make_read(None), make_read(None), "update"),
        (make_read(None), make_read(None, lane=2), "new"),
        (make_read(vehicle_index=7), make_read(None, vehicle_index=7), "new"),
        (make_read(), make_read(channel=2), "new"),
        (make_read(), make_read(lane=2), "update"),
        (make_read(uuid=None), make_read(uuid=None), "update"),
        (make_read(uuid="x"), make_read("CD5678", uuid="x"), "new"),
    ],
)
def test_which_reads_are_one_passage(
    first: PlateRead, second: PlateRead, change: str
) -> None:
    """Merge what is one vehicle on one channel, and nothing else."""
    passages = new_passages()
    take(passages, first)
    assert take(passages, second, 0.5).change == change


def test_vehicles_in_between_do_not_matter() -> None:
    """Find a vehicle's passage though others passed meanwhile."""
    passages = new_passages()
    plates = ["AB1234", "CD5678", "EF9012", "AB1234", "CD5678", None, "EF9012"]
    arrivals = [
        take(passages, make_read(plate, second), second)
        for second, plate in enumerate(plates)
    ]
    numbers = [arrival.passage.passage_id for arrival in arrivals]
    assert numbers == ["p1", "p2", "p3", "p1", "p2", "p4", "p3"]


def test_read_that_comes_again() -> None:
    """Know a read again, however long ago and by whatever way it came."""
    passages = new_passages()
    read = make_read()
    first = take(passages, read)
    for second, live in ((0.1, True), (3600, True), (7200, False)):
        again = take(passages, read, second, live=live)
        assert again.change == "repeat"
        assert again.passage == first.passage


def test_second_half_of_a_read() -> None:
    """Complete a passage by the message that brings the pictures (trap 10)."""
    passages = new_passages()
    half = replace(make_read(), has_more_data=True)
    whole = replace(
        half,
        has_more_data=False,
        pictures=(PictureInfo(kind="vehiclePicture", file_name="vehiclePicture.jpg"),),
    )
    arrivals = [take(passages, read, 30) for read in (half, whole, half, whole)]
    assert changes(arrivals) == ["new", "update", "repeat", "repeat"]
    assert arrivals[1].passage.read == whole
    assert arrivals[1].passage.reads == 1


def test_live_and_recovered_never_merge() -> None:
    """Keep what came in late apart from what acts on a gate."""
    passages = new_passages()
    arrivals = [
        take(passages, make_read(second=second), second, live=live)
        for second, live in ((0, True), (1, False), (2, True), (3, False))
    ]
    assert changes(arrivals) == ["new", "new", "update", "update"]
    assert [arrival.passage.live for arrival in arrivals] == [True, False, True, False]
    assert [arrival.passage.source for arrival in arrivals] == [
        "arming",
        "catch_up",
        "arming",
        "catch_up",
    ]


def test_backlog_that_arrives_at_once() -> None:
    """Count passages by when they were captured, not by when they came."""
    passages = new_passages()
    captured = [-3600, -1800, -1799, -600, -6, -3]
    arrivals = [
        take(passages, make_read(second=second), live=False) for second in captured
    ]
    assert changes(arrivals) == ["new", "new", "update", "new", "new", "update"]


def test_clock_that_stands_still() -> None:
    """Announce a vehicle again though the device's time does not move."""
    passages = new_passages()
    arrivals = [take(passages, make_read(), second) for second in (0, 9, 30, 35)]
    assert changes(arrivals) == ["new", "update", "new", "update"]


def test_vehicle_that_stays() -> None:
    """Announce a vehicle again that stays before the camera for a minute."""
    passages = new_passages()
    arrivals = [
        take(passages, make_read(second=second), second) for second in range(0, 130, 4)
    ]
    news = [4 * number for number, one in enumerate(arrivals) if one.change == "new"]
    assert news == [0, 60, 120]
    assert arrivals[14].passage.reads == 15


def test_late_delivery() -> None:
    """Merge reads that the network held up for less than another window."""
    passages = new_passages()
    take(passages, make_read())
    assert take(passages, make_read(second=1), 10).change == "update"
    assert take(passages, make_read(second=2), 20.001).change == "new"


def test_passage_of_any_read() -> None:
    """Find the passage for a picture, of a read without UUID as well."""
    passages = new_passages()
    read = make_read(uuid=None)
    assert passages.passage_of(read) is None
    arrival = take(passages, read)
    assert passages.passage_of(read) == arrival.passage
    assert passages.passage_of(make_read(uuid=None, second=1)) is None


def test_memory_is_bounded() -> None:
    """Forget the oldest reads, so that a year takes no more than a day."""
    passages = new_passages()
    first, merged = make_read(), make_read(second=1)
    take(passages, first)
    take(passages, merged, 1)
    reads = [
        make_read(f"X{number:05}", 60 * number) for number in range(1, REMEMBERED_READS)
    ]
    for number, read in enumerate(reads, 1):
        take(passages, read, 60 * number)
    assert passages.passage_of(first) is None
    assert passages.passage_of(merged)
    assert passages.passage_of(reads[0])
    take(passages, make_read(uuid=None), 60 * REMEMBERED_READS)
    take(passages, make_read(second=9), 60 * REMEMBERED_READS)
    assert passages.passage_of(merged) is None
    assert passages.passage_of(reads[-1])


@dataclass(slots=True)
class Expected:
    """Hold what a passage should be, told in the simplest way."""

    read: PlateRead
    first_received: datetime
    last_received: datetime
    last_captured: datetime
    live: bool
    last_step: int
    reads: int = 1


class PassagesMachine(RuleBasedStateMachine):
    """Compare passages with a list that is searched from its beginning each time."""

    @initialize()
    def start(self) -> None:
        """Begin without a memory."""
        self.passages = new_passages()
        self.expected: dict[str, Expected] = {}
        self.now = NOW
        self.taken: list[tuple[PlateRead, str]] = []

    @rule(seconds=st.sampled_from([0.1, 1, 4, 5, 6, 11, 30, 61]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    @rule(
        plate=st.sampled_from(["AB1234", "CD5678", None]),
        channel=st.sampled_from([1, 2]),
        lag=st.sampled_from([0, 0, 0, 3, 8, 3600]),
        live=st.sampled_from([True, True, False]),
        confidence=st.integers(50, 99),
    )
    def take(
        self, plate: str | None, channel: int, lag: int, live: bool, confidence: int
    ) -> None:
        """Take a read that was captured a while ago."""
        read = replace(
            make_read(plate, channel=channel, confidence=confidence),
            captured_at=self.now - timedelta(seconds=lag),
        )
        going_on = self.find(read, live)
        arrival = self.passages.take(
            read, received_at=self.now, live=live, source="arming"
        )
        passage_id = arrival.passage.passage_id
        self.taken.append((read, passage_id))
        if going_on is None:
            assert arrival.change == "new"
            assert passage_id not in self.expected
            self.expected[passage_id] = self.begin(read, live)
        else:
            assert (arrival.change, passage_id) == ("update", going_on)
            self.go_on(self.expected[passage_id], read)
        self.check(arrival.passage)

    @rule(data=st.data())
    def take_again(self, data: st.DataObject) -> None:
        """Take a read that was taken before."""
        if not self.taken:
            return
        read, passage_id = data.draw(st.sampled_from(self.taken))
        live = data.draw(st.booleans())
        arrival = self.passages.take(
            read, received_at=self.now, live=live, source="listening"
        )
        assert arrival.change == "repeat"
        assert arrival.passage.passage_id == passage_id
        self.check(arrival.passage)

    @invariant()
    def every_read_has_its_passage(self) -> None:
        """Find the passage of every read that was taken."""
        for read, passage_id in self.taken:
            passage = self.passages.passage_of(read)
            assert passage
            assert passage.passage_id == passage_id

    def find(self, read: PlateRead, live: bool) -> str | None:
        """Return the passage that goes on with a read, the latest first."""
        window = timedelta(seconds=WINDOW)
        going_on = [
            (one.last_step, passage_id)
            for passage_id, one in self.expected.items()
            if one.live == live
            and one.read.channel == read.channel
            and one.read.plate == read.plate
            and read.captured_at
            and abs(read.captured_at - one.last_captured) <= window
            and self.now - one.last_received <= 2 * window
            and self.now - one.first_received < LONGEST_PASSAGE
        ]
        return max(going_on)[1] if going_on else None

    def begin(self, read: PlateRead, live: bool) -> Expected:
        """Return a passage that begins with a read."""
        assert read.captured_at
        return Expected(
            read=read,
            first_received=self.now,
            last_received=self.now,
            last_captured=read.captured_at,
            live=live,
            last_step=len(self.taken),
        )

    def go_on(self, expected: Expected, read: PlateRead) -> None:
        """Note another read of a passage."""
        assert read.captured_at
        expected.last_received, expected.last_captured = self.now, read.captured_at
        expected.last_step = len(self.taken)
        expected.reads += 1
        if (read.confidence or 0) > (expected.read.confidence or 0) and read.plate:
            expected.read = read

    def check(self, passage: Passage) -> None:
        """Compare a passage with what it should be."""
        expected = self.expected[passage.passage_id]
        assert passage.read == expected.read
        assert passage.reads == expected.reads
        assert passage.live == expected.live
        assert passage.received_at == expected.first_received


PassagesMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, database=None
)
TestPassagesMachine = PassagesMachine.TestCase
