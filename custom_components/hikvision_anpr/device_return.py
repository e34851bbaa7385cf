"""Set a device up as soon as it answers again.

Home Assistant alone tries ever more seldom, in the end every ten minutes: too long for a
gate whose camera comes back later than the home.
"""

import asyncio
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .connection import async_get_client
from .const import DOMAIN
from .isapi.client import IsapiClient
from .isapi.errors import IsapiError, UnreachableError

LOOK_AGAIN_SECONDS: Final = 15

AWAITED: HassKey[set[str]] = HassKey(f"{DOMAIN}_awaited")
_NOT_SET_UP: Final = {
    ConfigEntryState.SETUP_IN_PROGRESS,
    ConfigEntryState.SETUP_RETRY,
}


@callback
def async_await_return(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Look for a device that could not be reached, until its entry is not waiting.

    It outlives the attempt to set the entry up; there is one for each entry.
    """
    awaited = hass.data.setdefault(AWAITED, set())
    if entry.entry_id in awaited:
        return
    awaited.add(entry.entry_id)
    hass.async_create_background_task(
        _async_await(hass, entry), f"{DOMAIN} return of {entry.title}"
    )


async def _async_await(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Look now and then, and set the entry up once the device answers."""
    try:
        while entry.state in _NOT_SET_UP:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            if await _async_answers(async_get_client(hass, entry.data)):
                break
    finally:
        hass.data[AWAITED].discard(entry.entry_id)
    if entry.state is ConfigEntryState.SETUP_RETRY:
        hass.config_entries.async_schedule_reload(entry.entry_id)


async def _async_answers(client: IsapiClient) -> bool:
    """Ask a device, without a login, whether it is there; any answer will do."""
    try:
        await client.activation()
    except IsapiError as err:
        return not isinstance(err, UnreachableError)
    return True
