"""Create a repair issue when a device needs a restart."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .isapi.client import IsapiClient
from .isapi.reboot import async_reboot

ISSUE: Final = "restart_wanted"


@callback
def async_want_restart(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Offer to restart the device of an entry, until it is, or is said to be.

    Home Assistant may restart meanwhile: no device says what it waits for. What is kept
    of such an issue is also in the diagnostics of Home Assistant, so no address is.
    """
    ir.async_create_issue(
        hass,
        DOMAIN,
        _id(entry),
        data={"entry_id": entry.entry_id, "issue": ISSUE},
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=ISSUE,
        translation_placeholders={"name": entry.title},
    )


@callback
def async_restart_error(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> HomeAssistantError:
    """Offer to restart the device of an entry, and return what its user is told."""
    async_want_restart(hass, entry)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="reboot_required",
        translation_placeholders={"host": entry.data[CONF_HOST]},
    )


async def async_restart(
    hass: HomeAssistant, entry: ConfigEntry[Any], client: IsapiClient
) -> None:
    """Restart the device of an entry, and offer it no longer.

    Raises the errors of the client.
    """
    await async_reboot(client)
    async_want_no_restart(hass, entry)


@callback
def async_want_no_restart(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Offer it no longer."""
    ir.async_delete_issue(hass, DOMAIN, _id(entry))


def _id(entry: ConfigEntry[Any]) -> str:
    """Return the name of the issue of a device."""
    return f"{ISSUE}_{entry.entry_id}"
