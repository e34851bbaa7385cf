"""Test that a bug report says what happened and nobody's name."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
import json
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.isapi.errors import AuthenticationError
from simulator.camera import SimulatedCamera
from simulator.digest import User
from simulator.passage import Passage
from simulator.profiles import ENTRANCE

from .waiting import wait_until

PLATE = "GV-812 KX"


type Download = Callable[..., Awaitable[Any]]


@pytest.fixture
async def download(
    hass: HomeAssistant, socket_enabled: None, hass_client: ClientSessionGenerator
) -> Download:
    """Return how to download the diagnostics of an entry, or of its device."""
    assert await async_setup_component(hass, "diagnostics", {})

    async def download(
        entry: MockConfigEntry, device: dr.DeviceEntry | None = None
    ) -> Any:
        if device is None:
            return await get_diagnostics_for_config_entry(hass, hass_client, entry)
        return await get_diagnostics_for_device(hass, hass_client, entry, device)

    return download


async def see_vehicle(camera: SimulatedCamera, entry: MockConfigEntry) -> Passage:
    """Let a vehicle pass, and wait until it is known with its pictures."""
    coordinator = entry.runtime_data
    passage = await camera.vehicle_passes(PLATE, list_name="Family Miller")
    count = len(passage.pictures)
    await wait_until(coordinator, lambda: len(coordinator.data[1].pictures) == count)
    return passage


async def test_what_happened_is_told(
    download: Download,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Tell what the device is and can, and what came of it."""
    passage = await see_vehicle(camera, init_integration)
    told = await download(init_integration)

    assert told["entry"]["state"] == "loaded"
    assert told["entry"]["connection"]["port"] == camera.port
    assert told["device"]["model"] == camera.profile.model
    assert told["device"]["firmware"].startswith(camera.profile.firmware_version)
    assert told["capabilities"]["reads_plates"] is True
    assert told["capabilities"]["streams"] == [101, 102]
    assert [disk["status"] for disk in told["disks"]] == ["ok"]
    assert told["connected"] is True
    assert told["login"] == "admitted"
    assert told["stream"]["reads"] == 1
    assert told["stream"]["pictures"] == len(passage.pictures)
    assert abs(told["clock"]["drift"]) < 60
    assert told["clock"]["measured_at"] is not None

    channel = told["channels"]["1"]
    assert channel["passages_today"] == 1
    assert channel["passage"]["direction"] == "forward"
    assert channel["passage"]["plate"] == REDACTED
    assert channel["passage"]["device_list"] == REDACTED
    sizes = {kind: picture["bytes"] for kind, picture in channel["pictures"].items()}
    assert sizes == {name.kind: len(jpeg) for name, jpeg in passage.jpegs.items()}
    assert channel["entities"]["sensor.last_plate"] == "enabled"
    assert channel["entities"]["sensor.lane"] == "disabled by integration"


async def test_list_of_everybody_is_told(
    download: Download,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Tell the plain lists, and that a plate could not be read."""
    coordinator = init_integration.runtime_data
    await camera.vehicle_passes(None, list_name="block")
    await wait_until(coordinator, lambda: coordinator.data[1].passage is not None)
    told = await download(init_integration)
    passage = told["channels"]["1"]["passage"]
    assert passage["device_list"] == "block"
    assert passage["plate"] is None


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_nobody_is_named(
    hass: HomeAssistant,
    download: Download,
    device_registry: dr.DeviceRegistry,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Leave out who passed, whose device it is, and how to get at it."""
    hass.config_entries.async_update_entry(init_integration, title="Miller's drive")
    passage = await see_vehicle(camera, init_integration)
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, camera.profile.serial_number), init_integration.entry_id
    )
    assert device is not None
    told = [
        await download(init_integration),
        await download(init_integration, device),
    ]
    profile = camera.profile
    private = [
        PLATE,
        "GV812KX",
        "Miller",
        passage.uuid,
        profile.serial_number,
        profile.device_name,
        profile.device_id,
        profile.mac_address,
        profile.mac_address.replace(":", "-"),
        profile.mac_address.replace(":", ""),
        camera.username,
        camera.password,
        "127.0.0.1",
        device.id,
    ]
    for diagnostics in told:
        text = json.dumps(diagnostics).casefold()
        assert [word for word in private if word.casefold() in text] == []


async def test_private_values_are_taken_out_of_texts(
    hass: HomeAssistant,
    download: Download,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Find a name, a plate or an address inside of other texts, in any case."""
    passage = await see_vehicle(camera, init_integration)
    mac = camera.profile.mac_address
    said = f"gate: {PLATE.lower()} gv812kx {mac.upper()} {passage.uuid}!"
    options = {"said": [said, {"again": (said, 1, None)}], "other": "kept"}
    hass.config_entries.async_update_entry(init_integration, options=options)
    told = await download(init_integration)
    clean = f"{REDACTED}: {REDACTED} {REDACTED} {REDACTED} {REDACTED}!"
    assert told["entry"]["options"] == {
        "said": [clean, {"again": [clean, 1, None]}],
        "other": "kept",
    }


async def test_device_that_refuses_the_login(
    hass: HomeAssistant,
    download: Download,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
) -> None:
    """Tell why an entry is not loaded, again without a name."""
    name = camera.username
    camera.guard.users[name] = User(name=name, password="new one")
    config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(config_entry.entry_id)
    assert config_entry.state is ConfigEntryState.SETUP_ERROR
    told = await download(config_entry)
    assert set(told) == {"entry"}
    assert told["entry"]["state"] == "setup_error"
    assert told["entry"]["reason"].startswith(REDACTED)
    assert "127.0.0.1" not in json.dumps(told)


async def test_login_that_was_refused_later(
    download: Download,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Tell that the login is no longer tried, without trying it."""
    name = camera.username
    camera.guard.users[name] = User(name=name, password="new one")
    coordinator = init_integration.runtime_data
    with pytest.raises(AuthenticationError):
        await coordinator.client.get("/ISAPI/System/status")
    told = await download(init_integration)
    assert told["login"] == "invalid_auth"
    assert camera.failed_logins == 1


async def test_device_without_network_address(
    download: Download, init_integration: MockConfigEntry
) -> None:
    """Do without what a device does not say of itself."""
    coordinator = init_integration.runtime_data
    coordinator.device = replace(coordinator.device, mac_address=None, name=None)
    told = await download(init_integration)
    assert told["device"]["mac_address"] is None
    assert told["device"]["name"] is None
