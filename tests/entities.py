"""Find the integration's entities by their keys."""

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera


def entity_id_of(
    hass: HomeAssistant, camera: SimulatedCamera, platform: str, key: str
) -> str:
    """Return the entity id of a camera's entity."""
    unique_id = f"{camera.profile.serial_number}-1-{key}"
    found = er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)
    assert found is not None, key
    return found


def state_of(
    hass: HomeAssistant, camera: SimulatedCamera, platform: str, key: str
) -> State:
    """Return the state of a camera's entity."""
    state = hass.states.get(entity_id_of(hass, camera, platform, key))
    assert state is not None, key
    return state
