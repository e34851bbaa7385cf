"""Test that the user can choose where a device posts to."""

from collections.abc import Callable
from datetime import timedelta
from errno import EACCES
import socket
from unittest.mock import patch

from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import device_issues, listening_flow
from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from custom_components.hikvision_anpr.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.hikvision_anpr.intake import listening
from custom_components.hikvision_anpr.intake.doors import async_get_doors
from custom_components.hikvision_anpr.intake.listening_url import async_own_address
from custom_components.hikvision_anpr.intake.sender import Sender
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, ENTRANCE

from .listening import Dialog, ours
from .repairing import shown
from .waiting import expect_events, wait_until

HTTPS = "https://192.0.2.5:8123"


@pytest.fixture
def https_only(hass: HomeAssistant, dialog: Dialog) -> Dialog:
    """Return a dialog with a Home Assistant that answers over HTTPS alone."""
    hass.config.internal_url = HTTPS
    assert hass.config.api is not None
    hass.config.api.local_ip = "127.0.0.1"
    return dialog


@pytest.fixture
async def with_own_port(dialog: Dialog, unused_tcp_port: int) -> Dialog:
    """Set the device up to post to a port of its own."""
    await dialog.choose("listening")
    await choose_port(dialog, unused_tcp_port)
    await set_up(dialog)
    return dialog


async def choose_port(dialog: Dialog, port: int, address: str = "127.0.0.1") -> None:
    """Choose a port of its own."""
    if dialog.shown["type"] is FlowResultType.MENU:
        await dialog.pick("own_port")
    await dialog.submit(listening_port=port, listening_address=address)


async def set_up(dialog: Dialog) -> None:
    """Let the device be set up, and agree to everything."""
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    await dialog.submit()
    assert dialog.shown["step_id"] == "result"
    assert dialog.shown["errors"] is None
    await dialog.submit()
    await dialog.done()


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW, ENTRANCE])
async def test_https_only(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    https_only: Dialog,
    unused_tcp_port: int,
) -> None:
    """Offer a port of its own where devices do not trust the web server."""
    dialog = https_only
    await dialog.choose("listening")
    assert dialog.shown["step_id"] == "https_only"
    assert dialog.shown["menu_options"] == ["own_port", "stay_with_arming"]
    await dialog.pick("own_port")
    assert dialog.suggested["listening_address"] == "127.0.0.1"
    assert dialog.suggested["listening_port"] in range(8064, 8080)
    await choose_port(dialog, unused_tcp_port)
    assert dialog.shown["step_id"] == "listening"
    url = f"http://127.0.0.1:{unused_tcp_port}"
    path = f"/api/webhook/{init_integration.data[CONF_WEBHOOK_ID]}"
    assert dialog.placeholders["url"] == f"{url}{path}"
    await set_up(dialog)
    assert ours(camera, init_integration).whole_url == f"{url}{path}"
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert coordinator.slot_watch.state == "ours"
    async with expect_events(hass, EVENT_PASSAGE) as events:
        passed = await camera.vehicle_passes("AB123CD")
    assert events[0].data["source"] == "listening"
    count = len(passed.jpegs)
    await wait_until(coordinator, lambda: len(coordinator.data[1].pictures) == count)


async def test_address_that_is_not_known(
    hass: HomeAssistant, init_integration: MockConfigEntry, https_only: Dialog
) -> None:
    """Offer the same where Home Assistant does not know its address."""
    hass.config.internal_url = None
    await https_only.choose("both")
    assert https_only.shown["step_id"] == "no_internal_url"
    result = await https_only.pick("stay_with_arming")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert init_integration.options["intake"] == "arming"


async def test_return_to_arming_that_fails(
    hass: HomeAssistant,
    home: str,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    https_only: Dialog,
) -> None:
    """Do not forget a slot that could not be put back."""
    dialog = https_only
    hass.config.internal_url = home
    await dialog.set_up_device()
    hass.config.internal_url = HTTPS
    await dialog.choose("listening")
    camera.faults.on(Fault.BUSY)
    await dialog.pick("stay_with_arming")
    assert dialog.shown["errors"] == {"base": "device_busy"}
    camera.faults.clear()
    result = await dialog.submit()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert not camera.listening.slots.in_use
    assert "listening" not in init_integration.data


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("", "invalid_address"),
        ("0.0.0.0", "invalid_address"),
        ("a b", "invalid_address"),
    ],
)
async def test_address_that_is_none(
    dialog: Dialog, unused_tcp_port: int, address: str, key: str
) -> None:
    """Say what is wrong with an address."""
    await dialog.choose("listening")
    await choose_port(dialog, unused_tcp_port, address)
    assert dialog.shown["errors"] == {"listening_address": key}
    await choose_port(dialog, unused_tcp_port, " [::1] ")
    assert dialog.placeholders["url"].startswith(f"http://[::1]:{unused_tcp_port}/")


async def test_port_that_somebody_has(dialog: Dialog, unused_tcp_port: int) -> None:
    """Say so before anything is changed."""
    await dialog.choose("listening")
    with socket.create_server(("127.0.0.1", unused_tcp_port)):
        await choose_port(dialog, unused_tcp_port)
    assert dialog.shown["errors"] == {"listening_port": "port_in_use"}
    assert dialog.suggested["listening_port"] == unused_tcp_port
    with patch.object(
        socket, "create_server", side_effect=PermissionError(EACCES, "no")
    ):
        await choose_port(dialog, unused_tcp_port)
    assert dialog.shown["errors"] == {"listening_port": "port_not_allowed"}


async def test_port_that_is_lost_before_the_test(
    dialog: Dialog, unused_tcp_port: int
) -> None:
    """Do not let the device try a port that is not open."""
    await dialog.choose("listening")
    await choose_port(dialog, unused_tcp_port)
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    with (
        socket.create_server(("127.0.0.1", unused_tcp_port)),
        patch.object(listening_flow, "OPEN_SECONDS", 0.05),
    ):
        await dialog.submit()
    assert dialog.shown["errors"] == {"base": "port_not_opened"}


async def test_other_port(
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    with_own_port: Dialog,
    unused_tcp_port_factory: Callable[[], int],
    hass: HomeAssistant,
) -> None:
    """Show and write the new port into our own slot, and close the old one."""
    dialog, before = with_own_port, ours(camera, init_integration)
    port = unused_tcp_port_factory()
    await dialog.choose("listening")
    assert "keep" in dialog.shown["menu_options"]
    await choose_port(dialog, port)
    assert "keep" not in dialog.shown["menu_options"]
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    assert dialog.placeholders["changes"] == f"- portNo: {before.port} → {port}"
    assert dialog.placeholders["slot"] == str(before.number)
    await dialog.submit()
    assert dialog.shown["errors"] is None
    await dialog.submit()
    await dialog.done()
    assert ours(camera, init_integration).port == port
    assert async_get_doors(hass).ports == (port,)


async def test_back_to_the_web_server(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    with_own_port: Dialog,
    home: str,
) -> None:
    """Close the port, and let the device post to the web server."""
    dialog = with_own_port
    await dialog.choose("listening")
    assert "web_server" in dialog.shown["menu_options"]
    await dialog.pick("web_server")
    assert dialog.placeholders["url"].startswith(home)
    await set_up(dialog)
    assert "listening_port" not in init_integration.options
    assert async_get_doors(hass).ports == ()
    assert ours(camera, init_integration).whole_url.startswith(home)


async def test_port_by_hand(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    unused_tcp_port: int,
) -> None:
    """Show the port to type, and receive there."""
    await dialog.choose("listening")
    await choose_port(dialog, unused_tcp_port)
    await dialog.pick("by_hand")
    assert dialog.placeholders["port"] == str(unused_tcp_port)
    url = dialog.placeholders["url"]
    await dialog.submit()
    await dialog.done()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    camera.listening.post_to(url)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes()


async def test_port_closes_with_the_device(
    hass: HomeAssistant, init_integration: MockConfigEntry, with_own_port: Dialog
) -> None:
    """Keep no port open for a device that was deleted."""
    assert await hass.config_entries.async_remove(init_integration.entry_id)
    assert async_get_doors(hass).ports == ()


async def test_port_is_lost_while_home_assistant_runs(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    with_own_port: Dialog,
    unused_tcp_port: int,
) -> None:
    """Be unavailable while somebody else has the port, then listen again."""
    entry_id = init_integration.entry_id
    assert await hass.config_entries.async_unload(entry_id)
    await async_get_doors(hass).async_close(entry_id)
    with (
        patch.object(listening, "RETRY_SECONDS", 0.02),
        patch.dict(device_issues.PATIENCE, {"port_closed": timedelta()}),
    ):
        with socket.create_server(("127.0.0.1", unused_tcp_port)):
            assert await hass.config_entries.async_setup(entry_id)
            coordinator = init_integration.runtime_data
            assert not coordinator.connected
            told = await async_get_config_entry_diagnostics(hass, init_integration)
            assert told["listening"]["open"] is False
            await wait_until(
                coordinator, lambda: shown(hass, init_integration) == {"port_closed"}
            )
        await wait_until(coordinator, lambda: coordinator.connected)
    assert shown(hass, init_integration) == set()
    told = await async_get_config_entry_diagnostics(hass, init_integration)
    assert told["listening"]["own_port"] == unused_tcp_port
    assert told["entry"]["options"]["listening_address"] == "**REDACTED**"


async def test_test_from_another_address(dialog: Dialog, unused_tcp_port: int) -> None:
    """Tell that something stands between the two, where the device says it failed."""
    await dialog.choose("listening")
    await choose_port(dialog, unused_tcp_port)
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    with patch.object(Sender, "is_at", return_value=False):
        await dialog.submit()
    assert dialog.shown["errors"] == {"base": "test_from_elsewhere"}


async def test_values_with_blanks(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    with_own_port: Dialog,
) -> None:
    """Take the third format of cameras, whose blanks the web server refuses."""
    camera.faults.on(Fault.POST_QUERYSTRING)
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes("AB 12 CDE")
    assert events[0].data["plate"] == "AB 12 CDE"


async def test_own_address(hass: HomeAssistant, socket_enabled: None) -> None:
    """Know the address of this machine in the direction of a device."""
    assert await async_own_address(hass, "127.0.0.1") == "127.0.0.1"
    with patch.object(hass.loop, "getaddrinfo", side_effect=OSError):
        assert await async_own_address(hass, "gate.example") == ""
