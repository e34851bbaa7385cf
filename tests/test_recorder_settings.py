"""Test asking for and changing settings of cameras through their recorder."""

from collections.abc import AsyncIterator

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera
from simulator.nvr import SimulatedNvr
from simulator.pictures import SMALL

from .entries import entry_of
from .registry import ask

CHANNEL = 3
TRIGGER = f"/ISAPI/Event/triggers/vehicledetection-{CHANNEL}"


@pytest.fixture
async def nvr(socket_enabled: None) -> AsyncIterator[SimulatedNvr]:
    """Start a recorder with one camera that reads plates."""
    nvr = SimulatedNvr(seed=1)
    nvr.add(CHANNEL, SimulatedCamera(pictures=SMALL, seed=2), name="Gate")
    await nvr.start()
    yield nvr
    await nvr.stop()


@pytest.fixture
async def entry(hass: HomeAssistant, nvr: SimulatedNvr) -> MockConfigEntry:
    """Follow the recorder."""
    entry = entry_of(nvr)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


@pytest.fixture
def channel(entry: MockConfigEntry) -> str:
    """Return the device of the camera."""
    found: str = entry.runtime_data.channels.followed[CHANNEL].device_id
    return found


@pytest.fixture
def recorder(hass: HomeAssistant, nvr: SimulatedNvr, entry: MockConfigEntry) -> str:
    """Return the device of the recorder itself."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, nvr.profile.serial_number), entry.entry_id
    )
    assert device is not None
    return device.id


async def test_linkage(hass: HomeAssistant, nvr: SimulatedNvr, channel: str) -> None:
    """Change what the recorder does when its camera reads, by the channel's number."""
    nvr.recorder.passes_settings = True
    found = await ask(hass, "get_linkage", device_id=channel)
    assert (found["channel"], found["center"], found["outputs"]) == (3, False, [])
    after = await ask(
        hass,
        "set_linkage",
        None,
        device_id=channel,
        center=True,
        record=True,
        outputs=[1],
        direction="forward",
    )
    assert (after["center"], after["record"], after["outputs"]) == (True, True, [1])
    assert after["direction"] == "forward"
    written = nvr.device.configuration.get(TRIGGER, lambda: b"").decode()
    assert "<id>record-3</id>" in written
    assert "<videoInputID>3</videoInputID>" in written
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "set_linkage", None, device_id=channel, outputs=[2])
    assert error.value.translation_key == "output_unknown"


@pytest.mark.parametrize(
    "action", ["get_linkage", "get_schedule", "get_image_settings", "get_text_overlay"]
)
async def test_recorder_that_passes_nothing_on(
    hass: HomeAssistant, channel: str, action: str
) -> None:
    """Say that the camera itself can be added."""
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, action, device_id=channel)
    assert error.value.translation_key == "not_supported_by_recorder"


async def test_recorder_itself(
    hass: HomeAssistant, nvr: SimulatedNvr, recorder: str
) -> None:
    """Take the recorder for what it has itself, and ask for a camera otherwise."""
    found = await ask(hass, "get_time_settings", device_id=recorder)
    assert (found["device_id"], found["mode"]) == (recorder, "ntp")
    targets = await ask(hass, "get_upload_targets", device_id=recorder)
    assert targets.keys() == {"device_id", "ftp", "nas"}
    for action in ("get_linkage", "get_schedule", "get_recording_schedule"):
        with pytest.raises(ServiceValidationError) as error:
            await ask(hass, action, device_id=recorder)
        assert error.value.translation_key == "recorder_named"
