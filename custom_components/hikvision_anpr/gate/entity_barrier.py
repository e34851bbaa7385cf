"""Open the gate with a Home Assistant entity."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_SUPPORTED_FEATURES,
    STATE_UNAVAILABLE,
)
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
    split_entity_id,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event

from ..const import DOMAIN
from ..isapi.barrier import BarrierCommand, BarrierPosition
from .barrier import Barrier


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    """Hold an action of a domain, and the feature that an entity needs for it."""

    name: str
    feature: int = 0


# Features by number: the domains are not loaded for homes that lack them.
_ACTIONS: Final[dict[str, dict[BarrierCommand, _Action]]] = {
    "cover": {
        "open": _Action(name="open_cover", feature=1),
        "close": _Action(name="close_cover", feature=2),
        "stop": _Action(name="stop_cover", feature=8),
    },
    "lock": {"open": _Action(name="unlock"), "close": _Action(name="lock")},
    "switch": {"open": _Action(name="turn_on")},
    "input_boolean": {"open": _Action(name="turn_on")},
    "button": {"open": _Action(name="press")},
    "input_button": {"open": _Action(name="press")},
    "script": {"open": _Action(name="turn_on")},
    "scene": {"open": _Action(name="turn_on")},
}
_POSITIONS: Final[dict[str, dict[str, BarrierPosition]]] = {
    "cover": {"open": "open", "opening": "open", "closed": "closed"},
    "lock": {"unlocked": "open", "open": "open", "locked": "closed"},
}
GATE_DOMAINS: Final = tuple(_ACTIONS)


class EntityBarrier(Barrier):
    """Open what the user chose; what it can do is up to its kind.

    A switch is turned on and a button pressed: that it ends by itself is up to what
    stands behind it.
    """

    def __init__(self, hass: HomeAssistant, entity_id: str, place: str) -> None:
        """Prepare for an entity, which may come later."""
        self._hass = hass
        self._entity_id = entity_id
        self.place = place
        self._domain = split_entity_id(entity_id)[0]
        self._actions = _ACTIONS.get(self._domain, {})
        self.tells_position = self._domain in _POSITIONS
        self.commands = frozenset(self._actions)

    @property
    @override
    def is_there(self) -> bool:
        """Tell whether the entity is there now."""
        state = self._hass.states.get(self._entity_id)
        return state is not None and state.state != STATE_UNAVAILABLE

    @override
    async def async_command(self, command: BarrierCommand) -> None:
        """Call the action once. Raises HomeAssistantError."""
        action = self._actions[command]
        if not self.is_there or self._lacks(action):
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="gate_entity_unavailable",
                translation_placeholders={"entity_id": self._entity_id},
            )
        await self._hass.services.async_call(
            self._domain, action.name, {ATTR_ENTITY_ID: self._entity_id}, blocking=True
        )

    @override
    async def async_position(self) -> BarrierPosition | None:
        """Return what the entity shows."""
        state = self._hass.states.get(self._entity_id)
        return _POSITIONS.get(self._domain, {}).get(state.state) if state else None

    @override
    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener when the entity shows something else."""

        @callback
        def tell(_event: Event[EventStateChangedData]) -> None:
            listener()

        return async_track_state_change_event(self._hass, self._entity_id, tell)

    def _lacks(self, action: _Action) -> bool:
        """Tell whether the entity cannot do what is asked."""
        state = self._hass.states.get(self._entity_id)
        told = state.attributes.get(ATTR_SUPPORTED_FEATURES) if state else None
        return bool(action.feature) and not int(told or 0) & action.feature
