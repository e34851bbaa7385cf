"""Let the test stack of Home Assistant 2026.10 run on 2026.11.

Loaded before all other plugins (`-p tests.ha_compat`) and on that version alone: Home
Assistant must put its own names for httpx and voluptuous in place before anybody
imports them, and the stack asks for two things that have moved.
"""

import homeassistant  # noqa: F401  isort:skip  before all others

from collections.abc import Mapping
from typing import Any

from homeassistant.components import logger
from homeassistant.components.logger import helpers
from homeassistant.helpers import entity_registry as er, restore_state
from homeassistant.helpers.restore_state import StoredState

# The two versions differ here, and types are checked on the older one.
_restore: Any = restore_state


def _last_states(data: Any) -> dict[str, StoredState]:
    """Return the stored states, which have two indexes now."""
    return {**data.last_states_by_entity_id, **data.last_states_by_entity_registry_id}


def _set_last_states(data: Any, states: Mapping[str, StoredState]) -> None:
    """Put stored states where the entities of today look for theirs."""
    registry = er.async_get(data.hass)
    for entity_id, stored in states.items():
        if entry := registry.async_get(entity_id):
            data.last_states_by_entity_registry_id[entry.id] = stored
        else:
            data.last_states_by_entity_id[entity_id] = stored
    data.hass.bus.async_listen(
        er.EVENT_ENTITY_REGISTRY_UPDATED,
        data._async_entity_registry_entry_created,  # noqa: SLF001
        event_filter=_restore._entity_registry_entry_created_filter,  # noqa: SLF001
    )


_restore.RestoreStateData.last_states = property(_last_states, _set_last_states)
logger._clear_logger_overwrites = helpers._clear_logger_overwrites  # noqa: SLF001
