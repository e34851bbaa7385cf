"""Track the alarm inputs and outputs of a device."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from .channel import ONLY_CHANNEL
from .channel_options import channel_options
from .gate.relay import Relay
from .gate.set_outputs import async_get_set_outputs
from .isapi.client import IsapiClient
from .isapi.errors import IsapiError
from .isapi.events import DeviceEvent
from .isapi.io_ports import async_set_output
from .listeners import Listeners

type InputListener = Callable[[bool], None]


class AlarmPorts:
    """Share one relay for each output, and the events of inputs."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, client: IsapiClient
    ) -> None:
        """Prepare; nothing is asked yet."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._set_outputs = async_get_set_outputs(hass, entry.entry_id)
        self._relays: dict[int, Relay] = {}
        self._listeners = defaultdict[int, Listeners[InputListener]](Listeners)

    def relay(self, output: int) -> Relay:
        """Return the relay of an output."""
        if output not in self._relays:
            self._relays[output] = Relay(
                self._client,
                output,
                self._hass.async_create_background_task,
                self._set_outputs,
            )
        return self._relays[output]

    async def async_resume(self) -> None:
        """Let the outputs go whose pulse an earlier Home Assistant did not end."""
        for output in await self._set_outputs.async_load():
            self.relay(output).let_go()

    async def async_remove(self) -> None:
        """Leave no output set, as far as the device answers."""
        for output in await self._set_outputs.async_remove():
            with suppress(IsapiError):
                await async_set_output(self._client, output, high=False)

    async def async_pulse(self, output: int) -> None:
        """Pulse an output for as long as the user chose. Raises IsapiError."""
        chosen = channel_options(self._entry.options, ONLY_CHANNEL)
        await self.relay(output).async_pulse(chosen.pulse_seconds)

    @callback
    def subscribe(self, port: int, listener: InputListener) -> CALLBACK_TYPE:
        """Call a listener whenever the device tells of an input."""
        return self._listeners[port].add(listener)

    @callback
    def take(self, event: DeviceEvent) -> None:
        """Tell of an input; other events are none of ours."""
        if event.kind != "input" or event.port is None:
            return
        for listener in self._listeners.get(event.port, ()):
            listener(event.active)
