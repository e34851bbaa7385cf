"""Integrate Hikvision number-plate cameras into Home Assistant."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .alarm_ports import AlarmPorts
from .barriers import async_look_again
from .centre import async_ensure_entry, is_centre
from .centre_entity import centre_device
from .centre_opening import async_open
from .connection import async_get_client
from .const import DOMAIN
from .coordinator import AnprConfigEntry, AnprCoordinator
from .device_issues import async_forget_issues
from .device_lists import DeviceLists
from .discovery import async_start_discovery
from .export_resuming import async_resume_export
from .image_undo import ImageUndo
from .intake.clock_store import ClockStore
from .intake.cursor import Cursors
from .intake.device_setup import DeviceSetup
from .intake.doors import async_get_doors
from .picture_cache import PictureCache
from .services import async_setup_services
from .views import async_setup_views
from .websocket_api import async_setup_commands

PLATFORMS: list[Platform] = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.COVER,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.LOCK,
    Platform.NOTIFY,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TEXT,
]

CENTRE_PLATFORMS: list[Platform] = [
    Platform.BINARY_SENSOR,
    Platform.DEVICE_TRACKER,
    Platform.SENSOR,
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register what is there with and without devices."""
    async_setup_services(hass)
    async_setup_commands(hass)
    async_setup_views(hass)
    async_start_discovery(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: AnprConfigEntry) -> bool:
    """Follow a device from its entry, or open the centre."""
    if is_centre(entry):
        return await _async_setup_centre(hass, entry)
    async_ensure_entry(hass)
    await async_get_doors(hass).async_hold(entry)
    client = async_get_client(hass, entry.data)
    coordinator = AnprCoordinator(hass, entry, client)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    coordinator.channels.register()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    coordinator.async_start()
    async_look_again(hass, entry)
    return True


async def _async_setup_centre(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Open the centre; what is changed in its options and areas opens it anew."""
    await async_open(hass, entry)
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **centre_device()
    )
    await hass.config_entries.async_forward_entry_setups(entry, CENTRE_PLATFORMS)
    entry.async_on_unload(async_resume_export(hass))
    return True


async def _async_reload(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Open the centre with what was changed."""
    hass.config_entries.async_schedule_reload(entry.entry_id)


async def async_unload_entry(hass: HomeAssistant, entry: AnprConfigEntry) -> bool:
    """Stop following a device, or close the centre; tasks end with their entry."""
    if is_centre(entry):
        return await hass.config_entries.async_unload_platforms(entry, CENTRE_PLATFORMS)
    await entry.runtime_data.listening.async_stop()
    await entry.runtime_data.states.async_keep_pictures()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: AnprConfigEntry) -> None:
    """Leave neither cursors nor pictures behind, and the device as it was."""
    if is_centre(entry):
        return
    async_forget_issues(hass, entry)
    await async_get_doors(hass).async_close(entry.entry_id)
    if setup := DeviceSetup.from_stored(entry.data):
        await setup.async_try_to_take_back(async_get_client(hass, entry.data))
    await AlarmPorts(hass, entry, async_get_client(hass, entry.data)).async_remove()
    await Cursors(hass, entry.entry_id).async_remove()
    await ClockStore(hass, entry.entry_id).async_remove()
    await DeviceLists(hass, entry, async_get_client(hass, entry.data)).async_remove()
    await PictureCache(hass, entry.entry_id).async_remove()
    await ImageUndo(hass, entry.entry_id).async_remove()
