"""Take the plate that an action is called with."""

from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .intake.passage import normalize_plate


def normalized_plate(call: ServiceCall) -> str:
    """Return the plate, normalized. Raises ServiceValidationError where nothing is left."""
    if plate := normalize_plate(call.data["plate"]):
        return plate
    raise ServiceValidationError(
        translation_domain=DOMAIN, translation_key="plate_without_characters"
    )
