"""Test that the drift of a device's clock outlives a restart."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant

from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.clock_store import ClockStore

ENTRY_ID: Final = "01JANPR"
NOW: Final = datetime(2026, 4, 7, 8, 15, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)


async def restarted(hass: HomeAssistant) -> tuple[ClockStore, DeviceClock]:
    """Return store and clock as after a start of Home Assistant."""
    store, clock = ClockStore(hass, ENTRY_ID), DeviceClock(UTC)
    await store.async_load(clock)
    return store, clock


async def test_measured_drift_is_used_after_a_restart(hass: HomeAssistant) -> None:
    """Judge by it, though the device has not been asked again."""
    store, clock = await restarted(hass)
    clock.measure(NOW + HOUR, NOW)
    await store.async_save()
    _, again = await restarted(hass)
    assert again.drift is None
    assert again.is_fresh(NOW + HOUR, NOW)
    assert not again.is_fresh(NOW, NOW)


async def test_heartbeat_is_remembered_with_its_zone(hass: HomeAssistant) -> None:
    """Remember how events are written, not how the clock answers."""
    store, clock = await restarted(hass)
    clock.measure(NOW, NOW)
    clock.settle(NOW + 8 * HOUR, NOW)
    await store.async_save()
    _, again = await restarted(hass)
    assert again.is_fresh(NOW + 8 * HOUR, NOW)


async def test_life_without_a_measurement_forgets_nothing(hass: HomeAssistant) -> None:
    """Keep what was stored where nothing new was learnt."""
    store, clock = await restarted(hass)
    clock.measure(NOW + HOUR, NOW)
    await store.async_save()
    silent, _ = await restarted(hass)
    await silent.async_save()
    _, again = await restarted(hass)
    assert again.is_fresh(NOW + HOUR, NOW)


async def test_nothing_is_left_behind(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Store when it was known, and delete it with the entry."""
    store, clock = await restarted(hass)
    clock.measure(NOW + HOUR, NOW)
    await store.async_save()
    stored = hass_storage[f"hikvision_anpr.clock.{ENTRY_ID}"]["data"]
    assert stored["drift"] == HOUR.total_seconds()
    assert datetime.fromisoformat(stored["known_at"]).tzinfo is not None
    await store.async_remove()
    assert f"hikvision_anpr.clock.{ENTRY_ID}" not in hass_storage
