"""Test that what passed while nobody listened is recovered, once."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import count
import logging
from typing import Any
from unittest.mock import patch

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import (
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.hikvision_anpr.intake import arming, catch_up
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, DS_2CD4A26, ENTRANCE, Profile

from .entities import state_of
from .outages import catch_up_with, come_back, go_away, load, see
from .waiting import expect_events, seconds_later, wait_until

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def short_delays() -> Iterator[None]:
    """Reconnect quickly."""
    with (
        patch.object(arming, "FIRST_DELAY", 0.05),
        patch.object(arming, "LONGEST_DELAY", 0.1),
    ):
        yield


class Witness:
    """Write down which vehicles were announced, live and recovered."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin to listen."""
        self.live: list[str | None] = []
        self.recovered: list[str | None] = []
        hass.bus.async_listen(EVENT_PASSAGE, self._see_live)
        hass.bus.async_listen(EVENT_PASSAGE_RECOVERED, self._see_recovered)

    @callback
    def _see_live(self, event: Event) -> None:
        """Note a live passage."""
        self.live.append(event.data["plate"])

    @callback
    def _see_recovered(self, event: Event) -> None:
        """Note a recovered passage."""
        self.recovered.append(event.data["plate"])


@pytest.fixture
def witness(hass: HomeAssistant) -> Witness:
    """Listen to what is announced."""
    return Witness(hass)


async def test_missed_vehicle_is_recovered_by_itself(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    witness: Witness,
) -> None:
    """Test what a recovered passage says, and that it acts on nothing."""
    config_entry.add_to_hass(hass)
    with patch.object(catch_up, "SETTLE_SECONDS", 0):
        await load(hass, config_entry)
        await see(hass, camera, "SEEN111")
        await catch_up_with(hass, config_entry)
        port = await go_away(camera, config_entry)
        passed = await camera.vehicle_passes(
            "MISSED1", list_name="allow", lane=2, direction="reverse", country="26"
        )
        async with expect_events(hass, EVENT_PASSAGE_RECOVERED) as events:
            await come_back(camera, config_entry, port)
    data = events[0].data
    assert data["plate"] == "MISSED1"
    assert (data["source"], data["live"], data["channel"]) == ("catch_up", False, 1)
    assert (data["lane"], data["direction"], data["country"]) == (2, "reverse", "RO")
    assert data["list"] == "none"
    captured_at = passed.captured_at.replace(microsecond=0)
    assert data["captured_at"] == captured_at.isoformat()
    assert witness.live == ["SEEN111"]
    assert state_of(hass, camera, "sensor", "last_plate").state == "SEEN111"
    assert state_of(hass, camera, "sensor", "passages_today").state == "1"
    assert state_of(hass, camera, "binary_sensor", "allowed_vehicle").state == "off"
    told = await async_get_config_entry_diagnostics(hass, config_entry)
    assert told["catch_up"]["recovered"] == 1


CLOCK_FAULTS = [
    [Fault.CLOCK_OFF],
    [Fault.CLOCK_WRONG_ZONE],
    [Fault.CLOCK_WITHOUT_DST],
    [Fault.CLOCK_WITHOUT_OFFSET],
    [Fault.CLOCK_LOST_PLUS],
    [Fault.CLOCK_ZULU],
]
OTHER_FAULTS = [
    [Fault.MISSED_RETRANSMITTED],
    [Fault.DUPLICATE_EVENT],
    [Fault.PLATES_UNSORTED, Fault.PLATES_CAPPED],
    [Fault.PLATES_OLDEST_AGAIN, Fault.PLATES_CURSOR_AGAIN],
    [Fault.PLATES_JUNK_BEFORE],
    [Fault.PLATES_AS_JSON],
]


@pytest.mark.parametrize(
    ("camera_profile", "faults"),
    [
        *((DEEPINVIEW, faults) for faults in [[], *OTHER_FAULTS, *CLOCK_FAULTS]),
        *((DS_2CD4A26, faults) for faults in [[], *CLOCK_FAULTS]),
    ],
    ids=lambda value: value.name if isinstance(value, Profile) else "+".join(value),
)
async def test_every_vehicle_is_told_once_over_outages(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    witness: Witness,
    faults: list[Fault],
) -> None:
    """Test traffic with several outages: live or recovered, and never both."""
    camera.faults.on(*faults)
    camera.faults.plates_cap = 3
    config_entry.add_to_hass(hass)
    await load(hass, config_entry)
    numbers = count(1)
    seen, missed = [], []
    for _ in range(3):
        plates = [f"SEE{next(numbers)}WE" for _ in range(3)]
        seen += plates
        await see(hass, camera, *plates)
        await catch_up_with(hass, config_entry)
        port = await go_away(camera, config_entry)
        for _ in range(5):
            missed.append(f"MI{next(numbers)}SED")
            await camera.vehicle_passes(missed[-1])
        await come_back(camera, config_entry, port)
    await see(hass, camera, "LAST999")
    await catch_up_with(hass, config_entry)
    assert witness.live == [*seen, "LAST999"]
    assert Counter(witness.recovered) == Counter(missed)


@pytest.mark.parametrize("drift", [timedelta(hours=1), timedelta(hours=-1)])
async def test_clock_that_is_an_hour_off(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    witness: Witness,
    drift: timedelta,
) -> None:
    """Test an outage of a camera that is wrong all the time."""
    camera.clock.drift = drift
    config_entry.add_to_hass(hass)
    before = dt_util.utcnow() - timedelta(seconds=5)
    await camera.vehicle_passes("OLD1111", captured_at=before)
    await load(hass, config_entry)
    await catch_up_with(hass, config_entry)
    await see(hass, camera, "SEEN111")
    port = await go_away(camera, config_entry)
    await camera.vehicle_passes("MISSED1")
    await come_back(camera, config_entry, port)
    await catch_up_with(hass, config_entry)
    assert (witness.live, witness.recovered) == (["SEEN111"], ["MISSED1"])


async def test_clock_that_is_set_while_away(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    witness: Witness,
) -> None:
    """Test that a clock that is put back hides nothing and doubles nothing."""
    await see(hass, camera, "SEEN111")
    await catch_up_with(hass, init_integration)
    for drift, plate in ((-1, "BACK111"), (1, "AHEAD11"), (0, "RIGHT11")):
        port = await go_away(camera, init_integration)
        camera.clock.drift = timedelta(hours=drift)
        await camera.vehicle_passes(plate)
        await come_back(camera, init_integration, port)
        await see(hass, camera, f"{plate}NOW")
        await catch_up_with(hass, init_integration)
    assert witness.live == ["SEEN111", "BACK111NOW", "AHEAD11NOW", "RIGHT11NOW"]
    assert witness.recovered == ["BACK111", "AHEAD11", "RIGHT11"]


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "restarted"])
async def test_clock_that_is_set_back_over_a_restart(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    witness: Witness,
    killed: bool,
) -> None:
    """Recover nothing that was told live before, however long ago that was.

    The device is asked for the last hour again: its clock showed that twice. What is
    stored beside the cursor knows the last minutes alone, and after a kill not even
    those.
    """
    key = f"{DOMAIN}.cursors.{init_integration.entry_id}"
    await catch_up_with(hass, init_integration)
    await see(hass, camera, "SEEN111")
    with seconds_later(20 * 60):
        camera.clock.drift = timedelta(minutes=20)
        await hass.config_entries.async_unload(init_integration.entry_id)
        stored = deepcopy(hass_storage[key])
        await load(hass, init_integration)
        await catch_up_with(hass, init_integration)
        await see(hass, camera, "SEEN222")
        await hass.config_entries.async_unload(init_integration.entry_id)
        if killed:
            hass_storage[key] = stored
        camera.clock.drift -= HOUR
        await camera.vehicle_passes("MISSED1")
        await load(hass, init_integration)
        await catch_up_with(hass, init_integration)
        await see(hass, camera, "SEEN333")
    assert witness.live == ["SEEN111", "SEEN222", "SEEN333"]
    assert witness.recovered == ["MISSED1"]


async def test_new_entry_has_no_past(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    witness: Witness,
) -> None:
    """Test that a full table is history to an entry that is new, also later."""
    now = dt_util.utcnow() - timedelta(seconds=5)
    for minutes in range(60):
        await camera.vehicle_passes(
            f"OLD{minutes}X", captured_at=now - timedelta(minutes=minutes)
        )
    config_entry.add_to_hass(hass)
    await load(hass, config_entry)
    await catch_up_with(hass, config_entry)
    camera.drop_streams()
    coordinator = config_entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.arming.counts.streams == 2)
    await catch_up_with(hass, config_entry)
    await hass.config_entries.async_unload(config_entry.entry_id)
    await load(hass, config_entry)
    await catch_up_with(hass, config_entry)
    assert (witness.live, witness.recovered) == ([], [])


async def test_outage_right_after_the_first_setup(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    witness: Witness,
) -> None:
    """Test that a new entry has a past as soon as its stream was open."""
    before = dt_util.utcnow() - timedelta(seconds=5)
    await camera.vehicle_passes("OLD111", captured_at=before)
    config_entry.add_to_hass(hass)
    await load(hass, config_entry)
    await see(hass, camera, "SEEN111")
    await hass.config_entries.async_unload(config_entry.entry_id)
    await camera.wait_for_no_stream()
    await asyncio.sleep(1)
    await camera.vehicle_passes("MISSED1")
    await load(hass, config_entry)
    await catch_up_with(hass, config_entry)
    assert (witness.live, witness.recovered) == (["SEEN111"], ["MISSED1"])


async def test_reload_loses_and_doubles_nothing(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    witness: Witness,
) -> None:
    """Test traffic over reloads, one of them in the middle of catching up."""
    await see(hass, camera, "SEEN111", "SEEN222")
    await catch_up_with(hass, init_integration)
    for number in range(3):
        await hass.config_entries.async_unload(init_integration.entry_id)
        await camera.wait_for_no_stream()
        await camera.vehicle_passes(f"MI{number}SED")
        await load(hass, init_integration)
        await see(hass, camera, f"L{number}VE")
        if number != 1:
            await catch_up_with(hass, init_integration)
    assert witness.live == ["SEEN111", "SEEN222", "L0VE", "L1VE", "L2VE"]
    assert witness.recovered == ["MI0SED", "MI1SED", "MI2SED"]


async def test_restart_goes_on_where_it_ended(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    witness: Witness,
) -> None:
    """Test that a new start of Home Assistant knows what the last one saw."""
    end = dt_util.utcnow() - timedelta(hours=2)
    seen = end - timedelta(seconds=10)
    hass_storage[f"{DOMAIN}.cursors.{config_entry.entry_id}"] = {
        "version": 1,
        "minor_version": 1,
        "key": f"{DOMAIN}.cursors.{config_entry.entry_id}",
        "data": {
            "1": {
                "captured_at": end.isoformat(),
                "received_at": end.isoformat(),
                "taken": [
                    [int(moment.timestamp()), plate, int(end.timestamp())]
                    for moment, plate in (
                        (seen, "SEEN111"),
                        (seen, None),
                        (end, "SEEN222"),
                    )
                ],
            }
        },
    }
    passed: list[tuple[str | None, datetime]] = [
        ("OLD1111", end - timedelta(hours=3)),
        ("SEEN111", seen),
        (None, seen + timedelta(seconds=1)),
        ("SEEN222", end),
        ("MISSED1", end + timedelta(seconds=1)),
        (None, end + timedelta(minutes=1)),
        ("SEEN222", end + timedelta(minutes=2)),
    ]
    for plate, captured_at in passed:
        await camera.vehicle_passes(plate, captured_at=captured_at)
    config_entry.add_to_hass(hass)
    await load(hass, config_entry)
    await catch_up_with(hass, config_entry)
    assert (witness.live, witness.recovered) == ([], ["MISSED1", None, "SEEN222"])
    await hass.config_entries.async_unload(config_entry.entry_id)
    (stored,) = (
        value["data"]["1"]
        for key, value in hass_storage.items()
        if key.startswith(f"{DOMAIN}.cursors.")
    )
    captured_at = datetime.fromisoformat(stored["captured_at"])
    assert abs(captured_at - end - timedelta(minutes=2)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "late", [{"retransmitted": True}, {"history": True}, {}], ids=str
)
async def test_device_that_sends_again_what_was_caught_up_on(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    witness: Witness,
    late: dict[str, Any],
) -> None:
    """Test that what the stream brings after the table did is a repeat."""
    await catch_up_with(hass, init_integration)
    port = await go_away(camera, init_integration)
    captured_at = dt_util.utcnow()
    await camera.vehicle_passes("MISSED1", captured_at=captured_at)
    await camera.vehicle_passes(None, captured_at=captured_at)
    # Five minutes go by, here and there; only then the device sends it all again.
    camera.clock.drift = timedelta(minutes=5)
    shifted = captured_at - camera.clock.drift
    with patch.object(dt_util, "utcnow", lambda: captured_at + timedelta(minutes=5)):
        await come_back(camera, init_integration, port)
        await catch_up_with(hass, init_integration)
        assert Counter(witness.recovered) == Counter(["MISSED1", None])
        for plate in ("MISSED1", None):
            await camera.vehicle_passes(plate, captured_at=shifted, **late)
        async with expect_events(hass, EVENT_PASSAGE_RECOVERED):
            await camera.vehicle_passes(
                "LATE111", captured_at=shifted, retransmitted=True
            )
    assert witness.live == []
    assert Counter(witness.recovered) == Counter(["MISSED1", None, "LATE111"])


async def test_device_that_replays_unmarked(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    witness: Witness,
) -> None:
    """Test that what a device replays at once counts as it came, and once."""
    camera.faults.on(Fault.MISSED_UNMARKED)
    await catch_up_with(hass, init_integration)
    port = await go_away(camera, init_integration)
    await camera.vehicle_passes("OLD1111", captured_at=dt_util.utcnow() - HOUR)
    await camera.vehicle_passes("RECENT1")
    async with expect_events(hass, EVENT_PASSAGE):
        await come_back(camera, init_integration, port)
    await catch_up_with(hass, init_integration)
    assert (witness.live, witness.recovered) == (["RECENT1"], ["OLD1111"])


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_device_without_a_table(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    witness: Witness,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Test that it is asked once, and not talked about."""
    await catch_up_with(hass, init_integration)
    for _ in range(2):
        port = await go_away(camera, init_integration)
        await camera.vehicle_passes("MISSED1")
        await come_back(camera, init_integration, port)
        await catch_up_with(hass, init_integration)
    await see(hass, camera, "SEEN111")
    assert (witness.live, witness.recovered) == (["SEEN111"], [])
    asked = {request.path for request in camera.requests if "plates" in request.path}
    assert len(asked) == 1
    assert [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name.startswith(f"custom_components.{DOMAIN}")
        and "event stream of" not in record.getMessage()
    ] == []


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
@pytest.mark.parametrize(
    ("faults", "local_times"),
    [
        ([], False),
        ([], True),
        ([Fault.SEARCH_OTHER_PICTURES, Fault.SEARCH_ESCAPED_TWICE], False),
        ([Fault.CLOCK_OFF], False),
        ([Fault.CLOCK_WRONG_ZONE], True),
        ([Fault.CLOCK_ZULU], False),
    ],
)
async def test_device_that_stores_pictures(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    witness: Witness,
    faults: list[Fault],
    local_times: bool,
) -> None:
    """Test a camera without a table, whose card is searched."""
    camera.device.gallery.is_used = True
    camera.device.footage.page, camera.device.footage.local_times = 3, local_times
    camera.faults.on(*faults)
    config_entry.add_to_hass(hass)
    await camera.vehicle_passes("OLD1111", captured_at=dt_util.utcnow() - HOUR)
    await load(hass, config_entry)
    for number in range(2):
        await see(hass, camera, f"SEE{number}WE")
        await catch_up_with(hass, config_entry)
        port = await go_away(camera, config_entry)
        for plate in (f"MI{number}SED", f"GO{number}NE", None)[: number + 2]:
            await camera.vehicle_passes(plate)
        await come_back(camera, config_entry, port)
    await see(hass, camera, "LAST999")
    await catch_up_with(hass, config_entry)
    assert witness.live == ["SEE0WE", "SEE1WE", "LAST999"]
    missed = ["MI0SED", "GO0NE", "MI1SED", "GO1NE", None]
    assert Counter(witness.recovered) == Counter(missed)
    asked = [one.status for one in camera.requests if one.path.endswith("/plates")]
    assert asked == [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN]


async def test_busy_device_is_asked_at_the_next_opening(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    witness: Witness,
) -> None:
    """Test that a gap stays open until it was closed."""
    await catch_up_with(hass, init_integration)
    await see(hass, camera, "SEEN111")
    port = await go_away(camera, init_integration)
    await camera.vehicle_passes("MISSED1")
    await come_back(camera, init_integration, port)
    camera.faults.on(Fault.BUSY)
    await catch_up_with(hass, init_integration)
    camera.faults.clear()
    await see(hass, camera, "SEEN222")
    assert witness.recovered == []
    port = await go_away(camera, init_integration)
    await camera.vehicle_passes("MISSED2")
    await come_back(camera, init_integration, port)
    await catch_up_with(hass, init_integration)
    assert witness.live == ["SEEN111", "SEEN222"]
    assert witness.recovered == ["MISSED1", "MISSED2"]


async def test_removal_leaves_no_cursors(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Test that the stored plates go with the entry."""
    key = f"{DOMAIN}.cursors.{init_integration.entry_id}"
    await catch_up_with(hass, init_integration)
    await see(hass, camera, "SEEN111")
    await hass.config_entries.async_unload(init_integration.entry_id)
    assert "SEEN111" in str(hass_storage[key])
    await load(hass, init_integration)
    assert await hass.config_entries.async_remove(init_integration.entry_id)
    assert key not in hass_storage
