"""Test that listening knows whether the device is there and still posts to us."""

import asyncio
import logging
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from custom_components.hikvision_anpr.coordinator import AnprCoordinator
from custom_components.hikvision_anpr.intake import slot_watch
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    BusyError,
    ForbiddenError,
    RejectedError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.http_hosts import HttpHost, async_get_hosts
from simulator.camera import SimulatedCamera
from simulator.digest import User

from .entities import state_of
from .listening import Dialog, documents, occupy, ours
from .waiting import PATIENCE, expect_events, wait_until


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged of listening as a warning."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING and "Listening to" in record.getMessage()
    ]


async def test_slot_that_others_take(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Log it once, and leave the slot to them until they leave it."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    occupy(camera, 1)
    taken = documents(camera)
    await wait_until(coordinator, lambda: not coordinator.connected)
    await several_verifications(coordinator)
    assert coordinator.slot_watch.state == "used_by_others"
    assert state_of(hass, camera, "sensor", "last_plate").state == STATE_UNAVAILABLE
    assert documents(camera) == taken
    assert len(warnings(caplog)) == 1

    camera.listening.slots.empty(1)
    await wait_until(coordinator, lambda: coordinator.connected)
    assert coordinator.slot_watch.state == "ours"
    assert "Listening to Gate is up again" in caplog.text


async def several_verifications(coordinator: AnprCoordinator) -> None:
    """Wait until the device was asked a few times more."""
    asked = asyncio.Semaphore(0)

    async def counted(client: IsapiClient) -> list[HttpHost]:
        """Ask, and count."""
        asked.release()
        return await async_get_hosts(client)

    with patch.object(slot_watch, "async_get_hosts", counted):
        async with asyncio.timeout(PATIENCE):
            for _ in range(3):
                await asked.acquire()


async def test_slot_that_was_lost_is_written_again(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
) -> None:
    """Tell a device again that forgot at a restart, into the same slot alone."""
    occupy(camera, 1)
    await dialog.set_up_device()
    before = ours(camera, init_integration)
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    camera.listening.slots.empty(1)
    camera.listening.slots.empty(2)
    await several_verifications(coordinator)
    assert ours(camera, init_integration).whole_url == before.whole_url
    assert ours(camera, init_integration).number == 2
    assert not camera.listening.hosts[0].is_somebody
    assert coordinator.slot_watch.rewritten == 1
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes()


async def test_slot_that_leads_elsewhere(
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
) -> None:
    """Notice that somebody changed address or port of our slot."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    path = ours(camera, init_integration).url
    camera.listening.post_to(f"http://192.0.2.77:8123{path}", slot=1)
    await wait_until(coordinator, lambda: not coordinator.connected)
    assert coordinator.slot_watch.state == "changed"


async def test_slot_that_is_gone(
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
) -> None:
    """Notice a device that no longer has the slot at all."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    with patch.object(slot_watch, "async_get_hosts", return_value=[]):
        await wait_until(coordinator, lambda: not coordinator.connected)
        assert coordinator.slot_watch.state == "not_found"


async def test_device_that_is_away(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Be unavailable while the device does not answer, and come back by itself."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    port = camera.port
    await camera.stop()
    await wait_until(coordinator, lambda: not coordinator.connected)
    assert state_of(hass, camera, "binary_sensor", "connected").state == "off"
    await camera.start(port=port)
    await wait_until(coordinator, lambda: coordinator.connected)
    assert state_of(hass, camera, "binary_sensor", "connected").state == "on"
    assert len(warnings(caplog)) == 1


async def test_refused_login_asks_the_user(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
) -> None:
    """Try a wrong password once, and ask for the right one."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    camera.guard.users[camera.username] = User(name=camera.username, password="another")
    await wait_until(coordinator, lambda: not coordinator.connected)
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert camera.failed_logins == 1


async def test_user_without_the_right_to_see_the_slots(
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
) -> None:
    """Be content that the device answers, where it was set up by hand."""
    with patch.object(
        slot_watch, "async_get_hosts", side_effect=ForbiddenError("no right")
    ):
        await dialog.choose("listening")
        await dialog.pick("by_hand")
        await dialog.submit()
        await dialog.done()
        coordinator = init_integration.runtime_data
        await wait_until(coordinator, lambda: coordinator.connected)
        assert coordinator.slot_watch.state == "unknown"


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (UnreachableError("away"), slot_watch.RETRY_SECONDS),
        (BusyError("starting"), slot_watch.RETRY_SECONDS),
        (RejectedError("not kept"), slot_watch.VERIFY_SECONDS),
        (slot_watch.SlotLostError("taken"), slot_watch.VERIFY_SECONDS),
    ],
)
def test_device_that_answers_wrongly_is_not_pressed(
    error: Exception, seconds: float
) -> None:
    """Ask often only while there is no answer."""
    assert slot_watch._delay(error) == seconds  # noqa: SLF001


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8::5", "2001:0DB8:0:0::0005", True),
        ("home.lan", "HOME.lan", True),
        ("192.0.2.5", "192.0.2.6", False),
        ("192.0.2.5", "home.lan", False),
    ],
)
def test_spellings_of_an_address(first: str, second: str, is_same: bool) -> None:
    """Know an address again however the device writes it."""
    same = slot_watch._folded(first) == slot_watch._folded(second)  # noqa: SLF001
    assert same is is_same
