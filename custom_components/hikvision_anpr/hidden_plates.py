"""Keep plates out of what Home Assistant records, where the user wants that.

The recorder keeps states, attributes and events as they are. So these carry a mask, and
those who act on a passage ask here for what it stands for.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import CENTRE_UNIQUE_ID, CONF_HIDE_PLATES, DOMAIN
from .intake.passage import PassageValue

MASK: Final = "•••"

_REMEMBERED: Final = 256
"""How many passages are known by more than their mask."""

type Public = dict[str, PassageValue]

_PASSAGES: HassKey[OrderedDict[str, Mapping[str, Any]]] = HassKey(f"{DOMAIN}_hidden")


@callback
def hides_plates(hass: HomeAssistant) -> bool:
    """Tell whether plates are kept out of what is recorded; the centre's option."""
    centre = hass.config_entries.async_entry_for_domain_unique_id(
        DOMAIN, CENTRE_UNIQUE_ID
    )
    return centre is not None and bool(centre.options.get(CONF_HIDE_PLATES, False))


@callback
def recordable(hass: HomeAssistant, data: Public) -> Public:
    """Return what may be recorded of a passage or a visit."""
    if not hides_plates(hass) or data["plate"] is None:
        return data
    if passage_id := data.get("passage_id"):
        remembered = hass.data.setdefault(_PASSAGES, OrderedDict())
        remembered[str(passage_id)] = data
        if len(remembered) > _REMEMBERED:
            remembered.popitem(last=False)
    masked = {name: MASK for name in ("plate", "plate_normalized") if name in data}
    return data | masked


@callback
def unmasked(hass: HomeAssistant, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the passage that the data of an event stands for."""
    if (remembered := hass.data.get(_PASSAGES)) is None:
        return data
    return remembered.get(data.get("passage_id", ""), data)
