"""Run arming and listening, and track which of them are open."""

from collections.abc import Coroutine, Iterator
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_INTAKE, DOMAIN, INTAKE_ARMING, INTAKE_LISTENING
from .arming import Arming
from .catch_up import CatchUp
from .doors import async_get_doors, is_listening
from .listener import Way
from .listening import Listening
from .slot_watch import SlotWatch

_LOGGER = logging.getLogger(__name__)

type _Task = tuple[str, Coroutine[Any, Any, None]]

_NAMES: Final[dict[Way, str]] = {
    "arming": "The event stream of",
    "listening": "Listening to",
}


class Ways:
    """Run what the user chose, and log once when a way closes and opens again."""

    def __init__(
        self,
        entry: ConfigEntry,
        *,
        arming: Arming,
        listening: Listening,
        slot_watch: SlotWatch,
        catch_up: CatchUp,
    ) -> None:
        """Start with all ways closed."""
        self._entry = entry
        self._arming = arming
        self._listening = listening
        self._slot_watch = slot_watch
        self._catch_up = catch_up
        self._open: set[Way] = set()
        self._logged: set[Way] = set()

    @property
    def any_open(self) -> bool:
        """Tell whether reads can come in."""
        return bool(self._open)

    @property
    def has_stream(self) -> bool:
        """Tell whether an interruption would be noticed: a stream has heartbeats."""
        return "arming" in self._open

    @callback
    def start(self, hass: HomeAssistant) -> None:
        """Open the ways of the entry's options; they end with the entry."""
        for name, task in self._tasks(hass):
            self._entry.async_create_background_task(
                hass, task, f"{DOMAIN} {name} {self._entry.title}"
            )

    @callback
    def opened(self, way: Way) -> bool:
        """Note that a way is open; tell whether it was closed."""
        if way in self._open:
            return False
        self._open.add(way)
        if way in self._logged:
            _LOGGER.info("%s %s is up again", _NAMES[way], self._entry.title)
            self._logged.discard(way)
        return True

    @callback
    def closed(self, way: Way, error: Exception) -> None:
        """Note that a way is closed, and why."""
        self._open.discard(way)
        if way not in self._logged:
            _LOGGER.warning("%s %s is down: %s", _NAMES[way], self._entry.title, error)
            self._logged.add(way)

    def _tasks(self, hass: HomeAssistant) -> Iterator[_Task]:
        """Yield what is to be run, and begin to receive."""
        intake = self._entry.options.get(CONF_INTAKE, INTAKE_ARMING)
        listens = is_listening(self._entry)
        yield "catch-up", self._catch_up.run()
        if intake != INTAKE_LISTENING or not listens:
            yield "arming", self._arming.run()
        if listens:
            yield "listening", self._listening.run()
            yield "verification", self._verify()
        else:
            yield "closing", async_get_doors(hass).async_close(self._entry.entry_id)

    async def _verify(self) -> None:
        """Watch the device's slot once there is where it can post to."""
        await self._listening.is_open.wait()
        await self._slot_watch.run()
