"""Test seeing that a camera's clock is wrong, and setting it."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

from homeassistant.components.button import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import device_issues
from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.intake.clock import CLOCK_LIMIT
from simulator.camera import SimulatedCamera
from simulator.faults import Fault

from .repairing import go_on, mend, shown

HOUR = timedelta(hours=1)
SOON = timedelta(seconds=5)


@pytest.fixture
def at_once() -> Iterator[None]:
    """Show at once what is wrong."""
    with patch.dict(device_issues.PATIENCE, {"clock_wrong": timedelta()}):
        yield


@pytest.fixture
async def wrong(
    hass: HomeAssistant,
    at_once: None,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> MockConfigEntry:
    """Let the camera be an hour ahead, and Home Assistant know it."""
    camera.device.clock.drift = HOUR
    await init_integration.runtime_data.watch.async_check()
    assert shown(hass, init_integration) == {"clock_wrong"}
    return init_integration


async def press(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Press the button."""
    entity_id = er.async_get(hass).async_get_entity_id(
        BUTTON, DOMAIN, f"{camera.profile.serial_number}-set_clock"
    )
    await hass.services.async_call(
        BUTTON, SERVICE_PRESS, {"entity_id": entity_id}, blocking=True
    )


async def test_button(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Set the clock, and know at once that it is right."""
    camera.device.clock.drift = -HOUR
    await press(hass, camera)
    assert abs(camera.device.clock.drift) < SOON
    assert camera.device.clock.mode == "NTP"
    assert abs(init_integration.runtime_data.clock.drift) < SOON


async def test_button_says_what_is_wrong(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Do not show success where the camera shows another time."""
    camera.faults.on(Fault.CLOCK_OFF)
    with pytest.raises(HomeAssistantError) as error:
        await press(hass, camera)
    assert error.value.translation_key == "not_taken"


async def test_shown_only_when_it_lasts(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Bear a camera that has just started and not yet asked its time server."""
    camera.device.clock.drift = HOUR
    await init_integration.runtime_data.watch.async_check()
    assert shown(hass, init_integration) == set()


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("drift", "issues"),
    [
        (CLOCK_LIMIT - SOON, set()),
        (CLOCK_LIMIT + SOON, {"clock_wrong"}),
        (-CLOCK_LIMIT - SOON, {"clock_wrong"}),
    ],
)
async def test_limit(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    drift: timedelta,
    issues: set[str],
) -> None:
    """Bear what does no harm."""
    camera.device.clock.drift = drift
    await init_integration.runtime_data.watch.async_check()
    assert shown(hass, init_integration) == issues


async def test_goes_away_by_itself(
    hass: HomeAssistant, camera: SimulatedCamera, wrong: MockConfigEntry
) -> None:
    """Show nothing of a clock that was set by somebody else, but believe no silence."""
    camera.faults.on(Fault.BUSY, times=1)
    await wrong.runtime_data.watch.async_check()
    assert shown(hass, wrong) == {"clock_wrong"}
    camera.device.clock.drift = timedelta()
    await wrong.runtime_data.watch.async_check()
    assert shown(hass, wrong) == set()


async def test_set_the_time(
    hass: HomeAssistant, camera: SimulatedCamera, wrong: MockConfigEntry
) -> None:
    """Show what will change before it does."""
    flow = await mend(hass, wrong, "clock_wrong")
    assert flow["type"] is FlowResultType.MENU
    assert flow["menu_options"] == ["set_time", "time_server"]
    placeholders = flow["description_placeholders"]
    assert placeholders is not None
    assert placeholders["off_by"] in {"+1:00:00", "+0:59:59"}
    flow = await go_on(hass, flow, {"next_step_id": "set_time"})
    assert camera.device.clock.drift == HOUR
    flow = await go_on(hass, flow, {})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert abs(camera.device.clock.drift) < SOON
    assert shown(hass, wrong) == set()


async def test_follow_a_server(
    hass: HomeAssistant, camera: SimulatedCamera, wrong: MockConfigEntry
) -> None:
    """Ask for the server again where it is none."""
    camera.device.clock.mode = "manual"
    flow = await mend(hass, wrong, "clock_wrong")
    flow = await go_on(hass, flow, {"next_step_id": "time_server"})
    flow = await go_on(hass, flow, {"server": "no server"})
    assert flow["errors"] == {"server": "invalid_host"}
    assert camera.device.clock.drift == HOUR
    flow = await go_on(hass, flow, {"server": "192.0.2.1"})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert camera.device.clock.mode == "NTP"
    assert abs(camera.device.clock.drift) < SOON


async def test_camera_that_does_not_keep_it(
    hass: HomeAssistant, camera: SimulatedCamera, wrong: MockConfigEntry
) -> None:
    """Say so, and let the issue stand."""
    camera.faults.on(Fault.CLOCK_OFF)
    flow = await mend(hass, wrong, "clock_wrong")
    flow = await go_on(hass, flow, {"next_step_id": "set_time"})
    flow = await go_on(hass, flow, {})
    assert flow["errors"] == {"base": "device_says"}
    assert flow["description_placeholders"] is not None
    assert "127.0.0.1" in flow["description_placeholders"]["problem"]
    assert shown(hass, wrong) == {"clock_wrong"}


async def test_camera_that_says_nothing(
    hass: HomeAssistant, camera: SimulatedCamera, wrong: MockConfigEntry
) -> None:
    """Give up where it cannot be shown what would change."""
    camera.faults.on(Fault.BUSY)
    flow = await mend(hass, wrong, "clock_wrong")
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "device_says"
