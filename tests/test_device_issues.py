"""Test that the repairs show what keeps reads away, as long as it does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import device_issues
from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.device_issues import DeviceIssues
from custom_components.hikvision_anpr.intake import arming
from custom_components.hikvision_anpr.isapi.errors import (
    AccountLockedError,
    CertificateError,
    StreamSlotsFullError,
    UnreachableError,
)
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW

from .flows import CAPABILITIES
from .repairing import shown
from .waiting import seconds_later, wait_until


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """Try again at once."""
    with (
        patch.object(arming, "FIRST_DELAY", 0.01),
        patch.object(arming, "LONGEST_DELAY", 0.01),
        patch.object(arming, "SLOTS_FULL_DELAY", 0.01),
    ):
        yield


@pytest.mark.parametrize(
    ("error", "issue"),
    [
        (AccountLockedError("", unlock_seconds=60), "account_locked"),
        (CertificateError(""), "certificate"),
    ],
)
def test_what_is_shown_at_once(
    hass: HomeAssistant, config_entry: MockConfigEntry, error: Exception, issue: str
) -> None:
    """Show what does not go away by waiting, until something else is the matter."""
    issues = DeviceIssues(hass, config_entry)
    issues.report(error)
    assert shown(hass, config_entry) == {issue}
    issues.report(UnreachableError(""))
    assert shown(hass, config_entry) == set()


def test_full_device_is_shown_when_that_lasts(
    hass: HomeAssistant, config_entry: MockConfigEntry
) -> None:
    """Bear our own old stream after a restart, but not for long."""
    issues = DeviceIssues(hass, config_entry)
    issues.report(StreamSlotsFullError(""))
    assert shown(hass, config_entry) == set()
    with seconds_later(device_issues.PATIENCE["streams_full"].total_seconds() + 1):
        issues.report(StreamSlotsFullError(""))
    assert shown(hass, config_entry) == {"streams_full"}
    issues.clear()
    assert shown(hass, config_entry) == set()


@pytest.mark.parametrize("allows", [True, None])
def test_mode_that_reads_plates_is_not_shown(
    hass: HomeAssistant, config_entry: MockConfigEntry, allows: bool | None
) -> None:
    """Show the wrong mode alone, and no longer when it is right."""
    issues = DeviceIssues(hass, config_entry)
    wrong = replace(CAPABILITIES, vca_resource="smart", vca_allows_plates=False)
    issues.check(wrong)
    assert shown(hass, config_entry) == {"vca_mode"}
    issues.check(replace(CAPABILITIES, vca_allows_plates=allows))
    assert shown(hass, config_entry) == set()


async def test_streams_of_others(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say that others use every stream, and no longer when one is free again."""
    coordinator = init_integration.runtime_data
    streams = camera.device.streams
    with (
        patch.dict(device_issues.PATIENCE, {"streams_full": timedelta()}),
        patch.object(streams, "slots", 0),
    ):
        camera.drop_streams()
        await wait_until(
            coordinator, lambda: shown(hass, init_integration) == {"streams_full"}
        )
    await wait_until(coordinator, lambda: coordinator.connected)
    assert shown(hass, init_integration) == set()


async def test_locked_account(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say that the account is locked, and nothing of an entry that is unloaded."""
    coordinator = init_integration.runtime_data
    camera.faults.on(Fault.LOCKED)
    camera.drop_streams()
    await wait_until(
        coordinator, lambda: shown(hass, init_integration) == {"account_locked"}
    )
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    assert shown(hass, init_integration) == set()


@pytest.mark.parametrize("camera_profile", [replace(DEEPINVIEW, vca_resource="smart")])
async def test_camera_in_another_mode(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say that a camera that was added before is set to something else now."""
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"vca_mode_{init_integration.entry_id}"
    )
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["mode"] == "smart"
