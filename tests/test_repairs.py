"""Test finding and mending what keeps the reads of a camera away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from homeassistant.const import CONF_PORT, CONF_SSL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import device_issues, silence
from custom_components.hikvision_anpr.const import (
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.intake import catch_up
from simulator.camera import SimulatedCamera
from simulator.device import VCA_RESOURCE, VEHICLE_SCHEDULES, VEHICLE_TRIGGER, Device
from simulator.faults import Fault
from simulator.nvr import SimulatedNvr
from simulator.profiles import DEEPINVIEW

from .entries import entry_of
from .flows import CAPABILITIES
from .listening import OTHER, Dialog, documents, occupy, ours
from .repairing import go_on, mend, shown
from .waiting import expect_events, seconds_later, wait_until

HIK = "http://www.hikvision.com/ver20/XMLSchema"
WEEK = f"{VEHICLE_SCHEDULES}/vehicledetection-1"


def document(root: str, inner: str) -> bytes:
    """Return a document as cameras write it."""
    return f'<{root} xmlns="{HIK}">{inner}</{root}>'.encode()


BROKEN = {
    "linkage_missing": (
        VEHICLE_TRIGGER,
        "EventTrigger",
        "<EventTriggerNotificationList></EventTriggerNotificationList>",
    ),
    "schedule_empty": (WEEK, "Schedule", "<TimeBlockList></TimeBlockList>"),
    "vca_mode": (VCA_RESOURCE, "VCAResource", "<type>smart</type>"),
}
FORMS = {"vca_mode": {"restart": True}}


def broken(camera: SimulatedCamera, issue: str) -> None:
    """Let somebody set the camera up so that it tells nothing."""
    path, root, inner = BROKEN[issue]
    camera.device.configuration.put(path, document(root, inner), root)


async def look(entry: MockConfigEntry) -> None:
    """Look at the camera now."""
    await entry.runtime_data.watch.async_check()


@pytest.fixture
def at_once() -> Iterator[None]:
    """Show at once what is wrong."""
    patience = dict.fromkeys(device_issues.PATIENCE, timedelta())
    with patch.dict(device_issues.PATIENCE, patience):
        yield


@pytest.mark.parametrize("issue", BROKEN)
async def test_mended(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    issue: str,
) -> None:
    """Show what will change, change it, and hear the camera again."""
    await look(init_integration)
    assert shown(hass, init_integration) == set()
    broken(camera, issue)
    await look(init_integration)
    assert shown(hass, init_integration) == {issue}
    flow = await mend(hass, init_integration, issue)
    assert flow["step_id"] == "confirm"
    assert not [one for one in camera.requests if one.method == "PUT"]
    flow = await go_on(hass, flow, FORMS.get(issue, {}))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert camera.device.tells_centre
    assert camera.device.reads_plates
    await look(init_integration)
    assert shown(hass, init_integration) == set()


@pytest.mark.parametrize("issue", BROKEN)
async def test_mended_elsewhere(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    issue: str,
) -> None:
    """Show it no longer when somebody else mended it, but do not take silence for that."""
    broken(camera, issue)
    await look(init_integration)
    camera.faults.on(Fault.BUSY)
    await look(init_integration)
    assert shown(hass, init_integration) == {issue}
    camera.faults.off(Fault.BUSY)
    camera.device.configuration._stored.clear()  # noqa: SLF001
    await look(init_integration)
    assert shown(hass, init_integration) == set()


async def test_restart_is_the_users_choice(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Restart no camera that is not to be restarted."""
    broken(camera, "vca_mode")
    await look(init_integration)
    flow = await mend(hass, init_integration, "vca_mode")
    assert flow["description_placeholders"] is not None
    assert flow["description_placeholders"]["before"] == "smart"
    assert flow["description_placeholders"]["after"] == "roadDetection"
    await go_on(hass, flow, {"restart": False})
    assert camera.device.reboots == 0
    assert not camera.device.reads_plates


async def test_camera_that_refuses(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say what the camera says, and let the issue stand."""
    broken(camera, "schedule_empty")
    await look(init_integration)
    flow = await mend(hass, init_integration, "schedule_empty")
    camera.faults.on(Fault.BUSY)
    flow = await go_on(hass, flow, {})
    assert flow["type"] is FlowResultType.ABORT
    assert flow["description_placeholders"] is not None
    assert "127.0.0.1" in flow["description_placeholders"]["problem"]
    assert shown(hass, init_integration) == {"schedule_empty"}


async def test_reads_disprove(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Believe the reads more than a setting, which may mean something else."""
    watch = init_integration.runtime_data.watch
    broken(camera, "linkage_missing")
    await look(init_integration)
    watch.read_arrived()
    assert shown(hass, init_integration) == set()
    await look(init_integration)
    assert shown(hass, init_integration) == set()
    camera.device.configuration._stored.clear()  # noqa: SLF001
    await look(init_integration)
    broken(camera, "linkage_missing")
    await look(init_integration)
    assert shown(hass, init_integration) == {"linkage_missing"}


async def test_live_read_is_noted(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Note each live read."""
    watch = init_integration.runtime_data.watch
    with patch.object(watch, "read_arrived") as noted:
        await camera.vehicle_passes("AB123CD")
        coordinator = init_integration.runtime_data
        await wait_until(coordinator, lambda: bool(noted.call_count))
    assert noted.call_count == 1


async def test_firmware_without_plates(
    hass: HomeAssistant,
    at_once: None,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Say that a camera no longer claims to read plates, until it does."""
    coordinator = init_integration.runtime_data
    nothing = replace(CAPABILITIES, reads_plates=False)
    coordinator.capabilities = nothing
    path = "custom_components.hikvision_anpr.device_checks.async_get_capabilities"
    with patch(path, return_value=nothing):
        await look(init_integration)
    assert shown(hass, init_integration) == {"no_anpr"}
    await look(init_integration)
    assert shown(hass, init_integration) == set()


async def test_recorder_is_not_asked(
    hass: HomeAssistant, socket_enabled: None, at_once: None
) -> None:
    """Ask a recorder for its time alone."""
    nvr = SimulatedNvr(seed=3)
    nvr.add(1, SimulatedCamera(DEEPINVIEW, seed=1), name="Gate")
    await nvr.start()
    entry = entry_of(nvr)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    asked = len(nvr.requests)
    await look(entry)
    paths = {one.path for one in nvr.requests[asked:]}
    assert "/ISAPI/System/time" in paths
    assert not paths & {path for path, _, _ in BROKEN.values()}
    assert shown(hass, entry) == set()
    assert await hass.config_entries.async_unload(entry.entry_id)
    await nvr.stop()


async def test_silent_camera(
    hass: HomeAssistant,
    at_once: None,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ask the camera's own table after a long silence, and fetch what was missed."""
    coordinator = init_integration.runtime_data
    await coordinator.catch_up.close_gaps()
    async with expect_events(hass, "hikvision_anpr_passage"):
        await camera.vehicle_passes("AB123CD")
    with patch.object(Device, "tell"):
        await camera.vehicle_passes("CD456EF")
    await look(init_integration)
    assert shown(hass, init_integration) == set()
    ahead = silence.SILENT.total_seconds() - 600
    camera.device.clock.drift = timedelta(seconds=ahead)
    with seconds_later(ahead):
        with patch.object(Device, "tell"):
            await camera.vehicle_passes("EF789GH")
        await look(init_integration)
        assert shown(hass, init_integration) == set()
    camera.device.clock.drift = timedelta(seconds=ahead + 1200)
    with seconds_later(ahead + 1200):
        await look(init_integration)
        assert shown(hass, init_integration) == {"silent"}
        issue = ir.async_get(hass).async_get_issue(
            DOMAIN, f"silent_{init_integration.entry_id}"
        )
        assert issue is not None
        assert issue.translation_placeholders is not None
        assert issue.translation_placeholders["count"] == "1"
        flow = await mend(hass, init_integration, "silent")
        async with expect_events(hass, EVENT_PASSAGE_RECOVERED, 2) as events:
            monkeypatch.setattr(catch_up, "SETTLE_SECONDS", 0.05)
            flow = await go_on(hass, flow, {})
            assert flow["type"] is FlowResultType.CREATE_ENTRY
    plates = {event.data["plate"] for event in events}
    assert plates == {"CD456EF", "EF789GH"}
    assert coordinator is not init_integration.runtime_data


async def test_quiet_road(
    hass: HomeAssistant, at_once: None, init_integration: MockConfigEntry
) -> None:
    """Suspect no camera that nobody passed."""
    with seconds_later(silence.SILENT.total_seconds() + 3600):
        await look(init_integration)
    assert "silent" not in shown(hass, init_integration)


@pytest.mark.parametrize("camera_profile", [replace(DEEPINVIEW, vca_resource="")])
async def test_camera_without_modes(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Say nothing of what a camera does not have."""
    await look(init_integration)
    assert shown(hass, init_integration) == set()
    assert dt_util.utcnow() - init_integration.runtime_data.clock.measured_at < (
        timedelta(seconds=10)
    )


async def test_slot_is_written_again(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
) -> None:
    """Move to a free slot, and leave that of the other system to it."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert shown(hass, init_integration) == set()
    occupy(camera, 1)
    taken = documents(camera)
    await wait_until(
        coordinator, lambda: shown(hass, init_integration) == {"slot_overwritten"}
    )
    flow = await mend(hass, init_integration, "slot_overwritten")
    assert flow["description_placeholders"] is not None
    assert flow["description_placeholders"]["slot"] == "2"
    assert documents(camera) == taken
    flow = await go_on(hass, flow, {})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert shown(hass, init_integration) == set()
    assert ours(camera, init_integration).number == 2
    assert documents(camera)[0] == taken[0]


async def test_no_slot_is_taken_from_others(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
) -> None:
    """Say who has the slots, and write nothing."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    occupy(camera, *range(1, len(camera.listening.hosts) + 1))
    taken = documents(camera)
    await wait_until(
        coordinator, lambda: shown(hass, init_integration) == {"slot_overwritten"}
    )
    flow = await mend(hass, init_integration, "slot_overwritten")
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "no_free_slot"
    assert flow["description_placeholders"] is not None
    assert OTHER in flow["description_placeholders"]["occupants"]
    assert documents(camera) == taken


@pytest.fixture
def impatient() -> Iterator[None]:
    """Show at once what is wrong."""
    with patch.dict(device_issues.PATIENCE, {"not_posting": timedelta()}):
        yield


async def test_home_that_moved(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Say that the device posts to an old address, and tell it the new one."""
    await dialog.set_up_device()
    old = ours(camera, init_integration)
    hass.config.internal_url = "http://192.0.2.9:8123"
    await look(init_integration)
    assert shown(hass, init_integration) == {"address_outdated"}
    await dialog.choose("listening")
    assert "keep" not in dialog.shown["menu_options"]
    flow = await mend(hass, init_integration, "address_outdated")
    assert flow["description_placeholders"] is not None
    assert flow["description_placeholders"]["changes"] == (
        f"- ipAddress: 127.0.0.1 → 192.0.2.9\n- portNo: {old.port} → 8123"
    )
    flow = await go_on(hass, flow, {})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert ours(camera, init_integration).whole_url == (
        f"http://192.0.2.9:8123{old.url}"
    )
    await look(init_integration)
    assert shown(hass, init_integration) == set()


async def test_old_address_that_still_leads_here(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Say nothing of an address where posts arrive all the same."""
    await dialog.set_up_device()
    hass.config.internal_url = "http://192.0.2.9:8123"
    await look(init_integration)
    assert shown(hass, init_integration) == {"address_outdated"}
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    for _ in range(2):
        await look(init_integration)
        assert shown(hass, init_integration) == set()


async def test_home_that_became_encrypted(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Point to a port of its own where no device reaches the web server any more."""
    await dialog.set_up_device()
    before = documents(camera)
    hass.config.internal_url = "https://192.0.2.9:8123"
    assert hass.config.api is not None
    hass.config.api.local_ip = "127.0.0.1"
    await look(init_integration)
    assert shown(hass, init_integration) == {"address_outdated"}
    flow = await mend(hass, init_integration, "address_outdated")
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "no_address"
    assert documents(camera) == before


async def test_device_that_was_not_set_up_by_hand(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
    impatient: None,
) -> None:
    """Say that nothing was entered on the device, until it is."""
    await dialog.choose("listening")
    await dialog.pick("by_hand")
    url = dialog.placeholders["url"]
    await dialog.submit()
    await hass.async_block_till_done()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    await look(init_integration)
    assert shown(hass, init_integration) == {"not_posting"}
    camera.listening.post_to(url)
    await wait_until(coordinator, lambda: coordinator.slot_watch.state == "ours")
    await look(init_integration)
    assert shown(hass, init_integration) == set()


@pytest.fixture
def plain_entry(
    hass: HomeAssistant, secure_camera: SimulatedCamera, unused_tcp_port: int
) -> Iterator[MockConfigEntry]:
    """Return an entry that tries plain HTTP, at a port where nobody listens."""
    entry = entry_of(secure_camera)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: unused_tcp_port}
    )
    package = "custom_components.hikvision_anpr"
    with (
        patch(f"{package}.coordinator.HTTPS_PORT", secure_camera.port),
        patch(f"{package}.repair.https_only.HTTPS_PORT", secure_camera.port),
    ):
        yield entry


async def test_https_alone(
    hass: HomeAssistant, secure_camera: SimulatedCamera, plain_entry: MockConfigEntry
) -> None:
    """Say that a camera turned HTTP off, and connect over HTTPS."""
    assert not await hass.config_entries.async_setup(plain_entry.entry_id)
    assert shown(hass, plain_entry) == {"https_only"}
    assert secure_camera.failed_logins == 0
    flow = await mend(hass, plain_entry, "https_only")
    assert dict(plain_entry.data)[CONF_SSL] is False
    flow = await go_on(hass, flow, {CONF_VERIFY_SSL: True})
    assert flow["errors"] == {"base": "device_says"}
    assert dict(plain_entry.data)[CONF_SSL] is False
    flow = await go_on(hass, flow, {CONF_VERIFY_SSL: False})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    coordinator = plain_entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert shown(hass, plain_entry) == set()
    assert plain_entry.data[CONF_PORT] == secure_camera.port


async def test_another_device_at_https(
    hass: HomeAssistant, secure_camera: SimulatedCamera, plain_entry: MockConfigEntry
) -> None:
    """Do not take another device for the one that was added, and forget a deleted one."""
    hass.config_entries.async_update_entry(plain_entry, unique_id="another")
    assert not await hass.config_entries.async_setup(plain_entry.entry_id)
    flow = await mend(hass, plain_entry, "https_only")
    flow = await go_on(hass, flow, {CONF_VERIFY_SSL: False})
    assert flow["errors"] == {"base": "device_says"}
    assert dict(plain_entry.data)[CONF_SSL] is False
    await hass.config_entries.async_remove(plain_entry.entry_id)
    assert shown(hass, plain_entry) == set()


async def test_camera_that_is_away(
    hass: HomeAssistant, secure_camera: SimulatedCamera, plain_entry: MockConfigEntry
) -> None:
    """Suspect nothing of a camera that answers nowhere."""
    await secure_camera.stop()
    assert not await hass.config_entries.async_setup(plain_entry.entry_id)
    assert shown(hass, plain_entry) == set()
