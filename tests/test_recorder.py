"""Test following the cameras behind a recorder."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from unittest.mock import patch

from homeassistant.components.camera import async_get_image, async_get_stream_source
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.hikvision_anpr.const import (
    CONF_FOLLOWED,
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.intake import arming, gap_closing
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.clock import DeviceTime, async_get_time
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from simulator.camera import SimulatedCamera
from simulator.nvr import SimulatedNvr
from simulator.pictures import SMALL
from simulator.profiles import DEEPINVIEW, ENTRANCE, numbered
from simulator.recorder import Addressing

from .entries import entry_of
from .flows import form_for, start, submit
from .waiting import expect_events, wait_until

GATE, YARD, EXIT = 1, 2, 5


@pytest.fixture
async def gate(socket_enabled: None) -> AsyncIterator[SimulatedCamera]:
    """Return a camera behind the recorder that can be reached directly, too."""
    camera = SimulatedCamera(DEEPINVIEW, pictures=SMALL, seed=1)
    await camera.start()
    yield camera
    await camera.stop()


@pytest.fixture
def exit_camera() -> SimulatedCamera:
    """Return a camera that only the recorder reaches."""
    return SimulatedCamera(numbered(ENTRANCE, 2), pictures=SMALL, seed=2)


@pytest.fixture
async def nvr(
    socket_enabled: None, gate: SimulatedCamera, exit_camera: SimulatedCamera
) -> AsyncIterator[SimulatedNvr]:
    """Start a recorder with two cameras that read plates and one that does not."""
    nvr = SimulatedNvr(seed=3)
    nvr.add(GATE, gate, name="Gate")
    nvr.add(YARD, name="Yard")
    nvr.add(EXIT, exit_camera, name="Exit")
    await nvr.start()
    yield nvr
    await nvr.stop()


@pytest.fixture(autouse=True)
def short_delays() -> Iterator[None]:
    """Reconnect quickly."""
    with patch.object(arming, "FIRST_DELAY", 0.05):
        yield


async def follow(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set an entry up, and wait until its stream is open."""
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    return entry


@pytest.fixture
async def recorder(hass: HomeAssistant, nvr: SimulatedNvr) -> MockConfigEntry:
    """Follow the recorder."""
    return await follow(hass, entry_of(nvr))


def device_of(
    hass: HomeAssistant, entry: MockConfigEntry, identifier: str
) -> dr.DeviceEntry | None:
    """Return a device by its identifier."""
    return dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, identifier), entry.entry_id
    )


def channel_device(
    hass: HomeAssistant, entry: MockConfigEntry, number: int
) -> dr.DeviceEntry | None:
    """Return the device of a channel."""
    return device_of(hass, entry, f"{entry.unique_id}-{number}")


def state_of(hass: HomeAssistant, entry: MockConfigEntry, unique: str) -> str:
    """Return the state of an entity by the end of its unique id."""
    registry = er.async_get(hass)
    (entity_id,) = (
        entity.entity_id
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
        if entity.unique_id == f"{entry.unique_id}-{unique}"
    )
    state = hass.states.get(entity_id)
    assert state is not None
    return state.state


async def test_channels_that_read_plates_are_devices(
    hass: HomeAssistant, nvr: SimulatedNvr, recorder: MockConfigEntry
) -> None:
    """Make a device of each camera that reads plates, behind that of the recorder."""
    main = device_of(hass, recorder, nvr.profile.serial_number)
    gate = channel_device(hass, recorder, GATE)
    assert main is not None
    assert gate is not None
    assert gate.via_device_id == main.id
    assert (gate.name, gate.model) == ("Gate", DEEPINVIEW.model)
    assert gate.serial_number == DEEPINVIEW.serial_number
    assert channel_device(hass, recorder, EXIT) is not None
    assert channel_device(hass, recorder, YARD) is None


async def test_a_passage_leaves_other_channels_alone(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    exit_camera: SimulatedCamera,
    recorder: MockConfigEntry,
) -> None:
    """Write the states of the channel that a vehicle passed, and of no other."""
    registry = er.async_get(hass)
    prefix = f"{recorder.unique_id}-"

    def told() -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for entity in er.async_entries_for_config_entry(registry, recorder.entry_id):
            if state := hass.states.get(entity.entity_id):
                channel = entity.unique_id.removeprefix(prefix).partition("-")[0]
                found.setdefault(channel, []).append(state.last_reported_timestamp)
        return found

    before = told()
    async with expect_events(hass, EVENT_PASSAGE):
        await exit_camera.vehicle_passes("AB123CD")
        await nvr.drain()
    coordinator = recorder.runtime_data
    await wait_until(coordinator, lambda: len(coordinator.data[EXIT].pictures) == 2)
    after = told()
    assert after[str(GATE)] == before[str(GATE)]
    assert max(after[str(EXIT)]) > max(before[str(EXIT)])
    assert state_of(hass, recorder, f"{EXIT}-last_plate") == "AB123CD"


@pytest.mark.parametrize(
    "addressing",
    [Addressing.DYNAMIC, Addressing.OFFSET, Addressing.BOTH, Addressing.PLAIN],
)
async def test_passage_is_told_as_of_its_channel(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    exit_camera: SimulatedCamera,
    recorder: MockConfigEntry,
    addressing: Addressing,
) -> None:
    """Tell of the right camera, however the recorder names it."""
    nvr.recorder.addressing = addressing
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await exit_camera.vehicle_passes("AB123CD")
    device = channel_device(hass, recorder, EXIT)
    assert device is not None
    assert events[0].data["device_id"] == device.id
    assert events[0].data["channel"] == EXIT
    assert state_of(hass, recorder, f"{EXIT}-last_plate") == "AB123CD"
    assert state_of(hass, recorder, f"{GATE}-last_plate") != "AB123CD"


async def test_each_channel_is_seen_through_the_recorder(
    hass: HomeAssistant, nvr: SimulatedNvr, recorder: MockConfigEntry
) -> None:
    """Show what each camera sees, live and as a picture of now."""
    registry = er.async_get(hass)
    for number in (GATE, EXIT):
        unique_id = f"{recorder.unique_id}-{number}-live"
        entity_id = registry.async_get_entity_id("camera", DOMAIN, unique_id)
        assert entity_id is not None
        source = await async_get_stream_source(hass, entity_id)
        assert source is not None
        assert source.endswith(f"/Streaming/Channels/{number}01")
        picture = await async_get_image(hass, entity_id)
        assert picture.content_type == "image/jpeg"
        path = f"/ISAPI/Streaming/channels/{number}01/picture"
        assert 200 in {one.status for one in nvr.device.requests if one.path == path}


async def test_pictures_come_from_the_recorder(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    exit_camera: SimulatedCamera,
    recorder: MockConfigEntry,
) -> None:
    """Fetch with its login what the recorder only names by an address."""
    nvr.recorder.pictures_as_urls = True
    sent = await exit_camera.vehicle_passes("AB123CD")
    coordinator = recorder.runtime_data
    await wait_until(
        coordinator,
        lambda: len(coordinator.data[EXIT].pictures) == len(sent.pictures),
    )
    shown = coordinator.data[EXIT].pictures
    assert {picture.data for picture in shown.values()} == set(sent.jpegs.values())
    assert coordinator.picture_fetch.fetched == len(sent.pictures)


async def test_picture_that_is_gone_is_counted(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    exit_camera: SimulatedCamera,
    recorder: MockConfigEntry,
) -> None:
    """Do without a picture that the recorder no longer has, and read on."""
    nvr.recorder.pictures_as_urls = True
    coordinator = recorder.runtime_data
    async with expect_events(hass, EVENT_PASSAGE, count=2):
        await exit_camera.vehicle_passes("AB123CD")
        nvr.recorder.shelf.clear()
        await exit_camera.vehicle_passes("CD456EF")
    await wait_until(coordinator, lambda: coordinator.picture_fetch.fetched >= 2)
    assert coordinator.picture_fetch.missed >= 1


async def test_unknown_channel_is_shown(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    gate: SimulatedCamera,
    exit_camera: SimulatedCamera,
    recorder: MockConfigEntry,
) -> None:
    """Take no read of a camera that cannot be told, and say so."""
    nvr.recorder.addressing = Addressing.WRONG
    nvr.recorder.channels[EXIT].name = "Nobody knows"
    await exit_camera.vehicle_passes("AB123CD")
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await gate.vehicle_passes("CD456EF")
    assert [event.data["plate"] for event in events] == ["CD456EF"]
    assert events[0].data["channel"] == GATE
    issue_id = f"unknown_channel_{recorder.entry_id}"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["numbers"] == str(900 + EXIT)
    channels = issue.translation_placeholders["channels"]
    assert channels == f"{GATE} (Gate), {YARD} (Yard), {EXIT} (Exit)"
    assert await hass.config_entries.async_unload(recorder.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_plate_lets_a_channel_be_followed(
    hass: HomeAssistant, nvr: SimulatedNvr, exit_camera: SimulatedCamera
) -> None:
    """Follow a camera that the recorder did not say reads plates, once it does."""
    nvr.recorder.says_which_read_plates = False
    nvr.recorder.channels[EXIT].profile = replace(
        exit_camera.profile, model="DS-2CD2386G2-IU"
    )
    entry = await follow(hass, entry_of(nvr))
    assert channel_device(hass, entry, EXIT) is None
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await exit_camera.vehicle_passes("AB123CD")
    assert events[0].data["channel"] == EXIT
    assert channel_device(hass, entry, EXIT) is not None
    assert state_of(hass, entry, f"{EXIT}-last_plate") == "AB123CD"


async def test_first_plates_of_a_channel_all_count(
    hass: HomeAssistant, nvr: SimulatedNvr, exit_camera: SimulatedCamera
) -> None:
    """Lose nothing of what a channel brings while it is about to be followed."""
    nvr.recorder.says_which_read_plates = False
    nvr.recorder.channels[EXIT].profile = replace(
        exit_camera.profile, model="DS-2CD2386G2-IU"
    )
    entry = await follow(hass, entry_of(nvr))
    states = entry.runtime_data.states
    asked: list[int] = []
    both, told = asyncio.Event(), asyncio.Event()
    load = states.async_load

    async def load_late(channel: int) -> None:
        """Let both be asked for, and the second only load when the first was told."""
        asked.append(channel)
        if len(asked) == 1:
            await both.wait()
        else:
            both.set()
            await told.wait()
        await load(channel)

    hass.bus.async_listen(EVENT_PASSAGE, callback(lambda event: told.set()))
    first, second = (
        PlateRead(plate=plate, channel=EXIT) for plate in ("AB123CD", "EF456GH")
    )
    with patch.object(states, "async_load", load_late):
        async with expect_events(hass, EVENT_PASSAGE, count=2):
            for read in (first, second):
                entry.runtime_data.read_arrived(read, dt_util.utcnow(), "arming")
    assert asked == [EXIT, EXIT]
    assert entry.runtime_data.data[EXIT].passages_today == 2


async def test_channels_come_and_go(
    hass: HomeAssistant, nvr: SimulatedNvr, recorder: MockConfigEntry
) -> None:
    """Follow a camera that is added, and forget one that is removed."""
    added = SimulatedCamera(numbered(DEEPINVIEW, 7), pictures=SMALL, seed=7)
    nvr.add(7, added, name="Back door")
    nvr.remove(GATE)
    await recorder.runtime_data.recorder_watch.async_ask()
    await hass.async_block_till_done()
    assert channel_device(hass, recorder, GATE) is None
    device = channel_device(hass, recorder, 7)
    assert device is not None
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await added.vehicle_passes("AB123CD")
    assert events[0].data["device_id"] == device.id
    assert state_of(hass, recorder, "7-last_plate") == "AB123CD"


async def test_camera_that_is_away_is_unavailable(
    hass: HomeAssistant, nvr: SimulatedNvr, recorder: MockConfigEntry
) -> None:
    """Tell the camera that is away from those that are there."""
    nvr.recorder.channels[GATE].online = False
    nvr.recorder.channels[EXIT].online = None
    await recorder.runtime_data.recorder_watch.async_ask()
    await hass.async_block_till_done()
    assert state_of(hass, recorder, f"{GATE}-connected") == STATE_OFF
    assert state_of(hass, recorder, f"{GATE}-last_plate") == STATE_UNAVAILABLE
    assert state_of(hass, recorder, f"{EXIT}-connected") == STATE_ON
    assert state_of(hass, recorder, "connected") == STATE_ON


async def test_recorder_that_does_not_answer_keeps_its_channels(
    hass: HomeAssistant, nvr: SimulatedNvr, recorder: MockConfigEntry
) -> None:
    """Remove nothing because the recorder is away."""
    await nvr.stop()
    await recorder.runtime_data.recorder_watch.async_ask()
    assert channel_device(hass, recorder, GATE) is not None


@pytest.mark.parametrize("camera_first", [True, False])
async def test_camera_that_is_added_twice_counts_once(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    gate: SimulatedCamera,
    exit_camera: SimulatedCamera,
    camera_first: bool,
) -> None:
    """Let the camera's own reads count, whichever was added first."""
    direct, behind = entry_of(gate), entry_of(nvr)
    for entry in (direct, behind) if camera_first else (behind, direct):
        await follow(hass, entry)
    async with expect_events(hass, EVENT_PASSAGE, count=2) as events:
        await gate.vehicle_passes("AB123CD")
        await exit_camera.vehicle_passes("CD456EF")
    device = device_of(hass, direct, gate.profile.serial_number)
    assert device is not None
    told = {event.data["plate"]: event.data["device_id"] for event in events}
    assert len(events) == 2
    assert told["AB123CD"] == device.id
    assert behind.runtime_data.channels.recorder.yielded == 1


async def test_recorder_notices_that_a_camera_is_added_or_removed(
    hass: HomeAssistant, nvr: SimulatedNvr, gate: SimulatedCamera
) -> None:
    """Let the camera tell of its reads from when it is added until it is removed."""
    behind, direct = await follow(hass, entry_of(nvr)), entry_of(gate)
    tellers = []
    for plate in ("AB123CD", "CD456EF", "EF789GH"):
        if plate == "CD456EF":
            await follow(hass, direct)
        elif plate == "EF789GH":
            assert await hass.config_entries.async_unload(direct.entry_id)
        async with expect_events(hass, EVENT_PASSAGE) as events:
            await gate.vehicle_passes(plate)
        tellers += [event.data["device_id"] for event in events]
    device = channel_device(hass, behind, GATE)
    assert device is not None
    assert [teller == device.id for teller in tellers] == [True, False, True]


async def test_recorder_tells_while_the_camera_is_away(
    hass: HomeAssistant, nvr: SimulatedNvr, gate: SimulatedCamera
) -> None:
    """Take the recorder's reads while the camera's own way is closed, and once only."""
    direct = await follow(hass, entry_of(gate))
    behind = await follow(hass, entry_of(nvr))
    own = direct.runtime_data
    port = gate.port
    await gate.stop()
    await wait_until(own, lambda: not own.connected)
    async with expect_events(hass, EVENT_PASSAGE) as events:
        passage = await gate.vehicle_passes("AB123CD")
    device = channel_device(hass, behind, GATE)
    assert device is not None
    assert events[0].data["device_id"] == device.id
    await gate.start(port=port)
    await wait_until(own, lambda: own.connected)
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await gate.vehicle_passes(
            "AB123CD", captured_at=passage.captured_at, retransmitted=True
        )
        await gate.vehicle_passes("CD456EF")
    assert [event.data["plate"] for event in events] == ["CD456EF"]
    assert own.catch_up.counts.recovered == 0


async def away_and_back(
    entry: MockConfigEntry, nvr: SimulatedNvr, *passing: tuple[SimulatedCamera, str]
) -> None:
    """Let vehicles pass while the recorder is away, and catch up."""
    coordinator, port = entry.runtime_data, nvr.port
    await coordinator.catch_up.close_gaps()
    await nvr.stop()
    await wait_until(coordinator, lambda: not coordinator.connected)
    for camera, plate in passing:
        await camera.vehicle_passes(plate)
    await nvr.start(port=port)
    await wait_until(coordinator, lambda: coordinator.connected)
    await coordinator.catch_up.close_gaps()


async def test_missed_vehicles_are_found_by_the_search(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    gate: SimulatedCamera,
    exit_camera: SimulatedCamera,
    recorder: MockConfigEntry,
) -> None:
    """Recover what passed while the recorder was away, as of its channels, once."""
    told = async_capture_events(hass, EVENT_PASSAGE_RECOVERED)
    async with expect_events(hass, EVENT_PASSAGE, count=2):
        await gate.vehicle_passes("SEEN111")
        await exit_camera.vehicle_passes("SEEN222")
    for number in range(2):
        passing = (gate, f"MI{number}SED"), (exit_camera, f"GO{number}NE")
        await away_and_back(recorder, nvr, *passing)
    assert [(event.data["plate"], event.data["channel"]) for event in told] == [
        ("MI0SED", GATE),
        ("GO0NE", EXIT),
        ("MI1SED", GATE),
        ("GO1NE", EXIT),
    ]
    device = channel_device(hass, recorder, GATE)
    assert device is not None
    assert told[0].data["device_id"] == device.id


async def test_search_does_not_repeat_what_the_camera_told(
    hass: HomeAssistant, nvr: SimulatedNvr, gate: SimulatedCamera
) -> None:
    """Recover nothing of a camera that told of its vehicles by itself."""
    told = async_capture_events(hass, EVENT_PASSAGE_RECOVERED)
    direct = await follow(hass, entry_of(gate))
    behind = await follow(hass, entry_of(nvr))
    async with expect_events(hass, EVENT_PASSAGE, count=2):
        await gate.vehicle_passes("SEEN111")
        await away_and_back(behind, nvr, (gate, "SEEN222"))
    await away_and_back(behind, nvr)
    assert await hass.config_entries.async_reload(direct.entry_id)
    assert await hass.config_entries.async_reload(behind.entry_id)
    coordinator = behind.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    await coordinator.catch_up.close_gaps()
    assert told == []


async def test_camera_that_goes_while_it_is_asked_for(
    nvr: SimulatedNvr, recorder: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """Ask no longer for what a camera missed that the recorder no longer has."""
    coordinator = recorder.runtime_data

    async def lose_camera(client: IsapiClient) -> DeviceTime:
        """Take the camera away while the recorder is asked."""
        if EXIT in nvr.recorder.channels:
            nvr.remove(EXIT)
            await coordinator.recorder_watch.async_ask()
        return await async_get_time(client)

    coordinator.catch_up.opened(coordinator.data, has_stream=True)
    with patch.object(gap_closing, "async_get_time", lose_camera):
        assert await coordinator.catch_up.close_gaps()
    assert "Catching up failed" not in caplog.text
    assert list(coordinator.data) == [GATE]


async def test_user_chooses_the_channels(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    exit_camera: SimulatedCamera,
    gate: SimulatedCamera,
    recorder: MockConfigEntry,
) -> None:
    """Follow what the user chose, and ask for each what is to be done with its reads."""
    flows = hass.config_entries.options
    shown = await flows.async_init(recorder.entry_id)
    form = {"merge_seconds": 5, CONF_FOLLOWED: [str(EXIT)], "own_options": [str(EXIT)]}
    shown = await flows.async_configure(shown["flow_id"], form)
    assert shown["step_id"] == "channel"
    label = f"{EXIT} · Exit · {exit_camera.profile.model}"
    assert shown["description_placeholders"] == {"channel": label}
    channel = {"hold_seconds": 20, "clear_seconds": 0}
    shown = await flows.async_configure(shown["flow_id"], channel)
    assert shown["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    coordinator = recorder.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert list(coordinator.data) == [EXIT]
    assert channel_device(hass, recorder, GATE) is None
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await gate.vehicle_passes("AB123CD")
        await exit_camera.vehicle_passes("CD456EF")
    assert [event.data["plate"] for event in events] == ["CD456EF"]


async def test_other_options_leave_the_channels_as_they_are(
    hass: HomeAssistant,
    nvr: SimulatedNvr,
    exit_camera: SimulatedCamera,
    recorder: MockConfigEntry,
) -> None:
    """Follow new cameras also after something else was changed, without a form each."""
    flows = hass.config_entries.options
    shown = await flows.async_init(recorder.entry_id)
    shown = await flows.async_configure(shown["flow_id"], {"merge_seconds": 4})
    assert shown["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    coordinator = recorder.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert list(coordinator.data) == [GATE, EXIT]
    nvr.add(EXIT + 1, exit_camera, name="Second exit")
    await coordinator.recorder_watch.async_ask()
    assert channel_device(hass, recorder, EXIT + 1) is not None


async def test_chosen_channel_that_is_gone(
    hass: HomeAssistant, nvr: SimulatedNvr, recorder: MockConfigEntry
) -> None:
    """Offer the channels that are there, and select no other."""
    chosen = {CONF_FOLLOWED: [str(GATE), str(EXIT)]}
    hass.config_entries.async_update_entry(recorder, options=chosen)
    nvr.remove(EXIT)
    await recorder.runtime_data.recorder_watch.async_ask()
    shown = await hass.config_entries.options.async_init(recorder.entry_id)
    schema = shown["data_schema"]
    assert schema is not None
    (followed,) = (key for key in schema.schema if key == CONF_FOLLOWED)
    assert followed.description == {"suggested_value": [str(GATE)]}


async def test_recorder_is_added(hass: HomeAssistant, nvr: SimulatedNvr) -> None:
    """Add a recorder as a camera is added."""
    result = await submit(hass, await start(hass), form_for(nvr))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == nvr.profile.device_name
    await hass.async_block_till_done()


async def test_recorder_without_cameras_is_not_added(
    hass: HomeAssistant, nvr: SimulatedNvr
) -> None:
    """Say that a recorder has nothing that could read plates."""
    nvr.recorder.channels.clear()
    nvr.recorder.analogue = 4
    result = await submit(hass, await start(hass), form_for(nvr))
    assert result["errors"] == {"base": "no_channels"}


async def test_dead_inputs_are_no_life_sign(
    hass: HomeAssistant, nvr: SimulatedNvr, recorder: MockConfigEntry
) -> None:
    """Count the alarm of a dead input as what it is."""
    nvr.loses_video(YARD)
    coordinator = recorder.runtime_data
    for _ in range(200):
        if coordinator.arming.counts.video_losses:
            break
        await nvr.drain()
        await hass.async_block_till_done()
    assert coordinator.arming.counts.video_losses == 1
