"""Test logging in anew, changing a connection, and following an address."""

from collections.abc import AsyncIterator
from dataclasses import replace
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_REAUTH,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera
from simulator.digest import User
from simulator.pictures import SMALL
from simulator.profiles import DEEPINVIEW, ENTRANCE

from .flows import form_for, submit

MAC = "44:19:b6:00:00:01"


@pytest.fixture
async def moved_camera(
    socket_enabled: None, camera: SimulatedCamera
) -> AsyncIterator[SimulatedCamera]:
    """Start the same camera at another port, set to another analysis meanwhile."""
    profile = replace(camera.profile, vca_resource="smart")
    moved = SimulatedCamera(profile, password="new one", pictures=SMALL)
    await moved.start()
    yield moved
    await moved.stop()


@pytest.fixture
async def other_camera(socket_enabled: None) -> AsyncIterator[SimulatedCamera]:
    """Start a camera that is none of the entries'."""
    other = SimulatedCamera(ENTRANCE, pictures=SMALL)
    await other.start()
    yield other
    await other.stop()


def change_password(camera: SimulatedCamera, password: str) -> None:
    """Change the password at the camera."""
    name = camera.username
    camera.guard.users[name] = User(name=name, password=password)


async def test_refused_entry_asks_the_user(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Make one bad login for the entry, and one more each time the user tries."""
    change_password(camera, "new one")
    config_entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(config_entry.entry_id)
    await hass.async_block_till_done()
    assert config_entry.error_reason_translation_key == "invalid_auth"
    assert camera.failed_logins == 1

    await hass.config_entries.async_reload(config_entry.entry_id)
    assert camera.failed_logins == 1

    typed = {CONF_USERNAME: camera.username, CONF_PASSWORD: camera.password}
    result = await submit(hass, _only_flow(hass), typed)
    assert result["errors"] == {"base": "invalid_auth_attempts_left"}
    assert camera.failed_logins == 2

    await hass.config_entries.async_reload(config_entry.entry_id)
    assert camera.failed_logins == 2

    right = {CONF_USERNAME: f"{camera.username} ", CONF_PASSWORD: "new one"}
    result = await submit(hass, _only_flow(hass), right)
    await hass.async_block_till_done()
    assert result["reason"] == "reauth_successful"
    assert config_entry.state is ConfigEntryState.LOADED
    assert config_entry.data[CONF_USERNAME] == camera.username
    assert config_entry.data[CONF_PASSWORD] == "new one"
    assert camera.failed_logins == 2


def _only_flow(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the one flow that is in progress, which asks for a login."""
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    return flow


async def test_login_form(hass: HomeAssistant, config_entry: MockConfigEntry) -> None:
    """Show whose login is asked for, and the user name."""
    config_entry.add_to_hass(hass)
    flow = await config_entry.start_reauth_flow(hass)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "reauth_confirm"
    assert flow["errors"] == {}
    placeholders = flow["description_placeholders"]
    assert placeholders is not None
    assert placeholders["name"] == config_entry.title
    schema = flow["data_schema"]
    assert schema is not None
    assert set(schema.schema) == {CONF_USERNAME, CONF_PASSWORD}
    assert get_schema_suggested_value(schema.schema, CONF_USERNAME) == "admin"
    assert get_schema_suggested_value(schema.schema, CONF_PASSWORD) is None


async def test_login_of_another_device(
    hass: HomeAssistant, config_entry: MockConfigEntry, other_camera: SimulatedCamera
) -> None:
    """Leave the entry alone when another device has taken its address."""
    data = {**config_entry.data, CONF_PORT: other_camera.port}
    config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(config_entry, data=data)
    flow = await config_entry.start_reauth_flow(hass)
    typed = {CONF_USERNAME: "admin", CONF_PASSWORD: other_camera.password}
    result = await submit(hass, flow, typed)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "unique_id_mismatch"
    assert config_entry.data == data


async def test_connection_form(
    hass: HomeAssistant, config_entry: MockConfigEntry
) -> None:
    """Show the connection as it is, but for the password."""
    config_entry.add_to_hass(hass)
    flow = await config_entry.start_reconfigure_flow(hass)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "reconfigure"
    schema = flow["data_schema"]
    assert schema is not None
    assert set(schema.schema) == set(config_entry.data)
    for key, value in config_entry.data.items():
        shown = get_schema_suggested_value(schema.schema, key)
        assert shown == (None if key == CONF_PASSWORD else value)


async def test_connection_is_changed(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    camera: SimulatedCamera,
    moved_camera: SimulatedCamera,
) -> None:
    """Go where the device is now, even when it is set to read no plates at present."""
    flow = await init_integration.start_reconfigure_flow(hass)
    wrong = form_for(moved_camera, **{CONF_PASSWORD: camera.password})
    result = await submit(hass, flow, wrong)
    assert result["errors"] == {"base": "invalid_auth_attempts_left"}
    form = form_for(moved_camera, **{CONF_VERIFY_SSL: False})
    result = await submit(hass, result, form)
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert init_integration.state is ConfigEntryState.LOADED
    assert init_integration.data.items() >= form.items()
    await moved_camera.wait_for_stream()
    await camera.wait_for_no_stream()


async def test_connection_to_another_device(
    hass: HomeAssistant, config_entry: MockConfigEntry, other_camera: SimulatedCamera
) -> None:
    """Keep an entry with its device."""
    config_entry.add_to_hass(hass)
    before = dict(config_entry.data)
    flow = await config_entry.start_reconfigure_flow(hass)
    result = await submit(hass, flow, form_for(other_camera))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "unique_id_mismatch"
    assert config_entry.data == before


async def discover(hass: HomeAssistant, mac_address: str) -> ConfigFlowResult:
    """Let a device appear at a new address."""
    return await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_DHCP},
        data=DhcpServiceInfo(
            ip="192.0.2.20",
            hostname="hikvision",
            macaddress=mac_address.replace(":", ""),
        ),
    )


@pytest.mark.parametrize(
    ("host", "mac_address", "reason", "host_after"),
    [
        ("192.0.2.10", MAC, "already_configured", "192.0.2.20"),
        ("gate.example", MAC, "no_devices_found", "gate.example"),
        ("192.0.2.10", "44:19:b6:00:00:02", "no_devices_found", "192.0.2.10"),
    ],
)
async def test_address_is_followed(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    host: str,
    mac_address: str,
    reason: str,
    host_after: str,
) -> None:
    """Follow the device of an entry, unless a name leads to it; offer no other."""
    serial_number = DEEPINVIEW.serial_number
    entry = MockConfigEntry(
        domain=DOMAIN, unique_id=serial_number, data={CONF_HOST: host}
    )
    entry.add_to_hass(hass)
    entry.mock_state(hass, ConfigEntryState.LOADED)
    device_registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, serial_number)},
        connections={(dr.CONNECTION_NETWORK_MAC, MAC)},
    )
    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        result = await discover(hass, mac_address)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == reason
    assert entry.data[CONF_HOST] == host_after
    assert reload.call_count == (host != host_after)
    entry.mock_state(hass, ConfigEntryState.NOT_LOADED)
