"""Call the actions that keep the known vehicles."""

from typing import Any

from homeassistant.core import Context, HomeAssistant

from custom_components.hikvision_anpr.const import DOMAIN


async def add(hass: HomeAssistant, plate: str, **data: object) -> dict[str, Any]:
    """Add a plate, and return the answer."""
    return await ask(hass, "add_plate", None, plate=plate, **data)


async def ask(
    hass: HomeAssistant, action: str, context: Context | None = None, **data: object
) -> dict[str, Any]:
    """Call an action, and return its answer."""
    answer = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True, context=context
    )
    assert answer is not None
    return dict(answer)
