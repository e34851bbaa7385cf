"""List the parking areas that are set up."""

from homeassistant.core import HomeAssistant

from .centre import is_centre
from .const import CONF_AREA, CONF_CHANNELS, DOMAIN, SUBENTRY_AREA


def area_names(hass: HomeAssistant) -> list[str]:
    """Return the areas of the centre, and those that only a channel names."""
    entries = hass.config_entries.async_entries(DOMAIN)
    of_channels = {
        name
        for entry in entries
        for channel in entry.options.get(CONF_CHANNELS, {}).values()
        if (name := channel.get(CONF_AREA))
    }
    return sorted(of_channels | set(areas_of_centre(hass)), key=str.casefold)


def areas_of_centre(hass: HomeAssistant) -> list[str]:
    """Return the areas that the centre has, in their order."""
    return [
        subentry.title
        for entry in hass.config_entries.async_entries(DOMAIN)
        if is_centre(entry)
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_AREA
    ]
