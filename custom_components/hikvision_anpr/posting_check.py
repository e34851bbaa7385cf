"""Check whether a device can know where to post to."""

from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .const import CONF_INTAKE, INTAKE_ARMING
from .device_issues import Issue
from .intake.device_setup import DeviceSetup
from .intake.doors import own_port_of
from .intake.listening_url import async_still_answers
from .intake.slot_watch import SlotState


async def async_check_posting(
    hass: HomeAssistant, entry: ConfigEntry, slot: SlotState
) -> Mapping[Issue, bool]:
    """Return what keeps the posts of a device away, as far as that can be seen.

    The address of a port of its own was entered by the user, and may be that of a
    router.
    """
    if entry.options.get(CONF_INTAKE, INTAKE_ARMING) == INTAKE_ARMING:
        return {}
    setup = DeviceSetup.from_stored(entry.data)
    if setup is None:
        return {"not_posting": slot == "not_found"}
    if own_port_of(entry.options) is not None:
        return {}
    wanted = setup.wanted
    answers = await async_still_answers(hass, wanted.address, wanted.port)
    return {"address_outdated": not answers}
