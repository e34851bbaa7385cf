"""Options flow of a device."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import asdict
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .channel import ONLY_CHANNEL
from .channel_options import channel_options
from .const import (
    BARRIER_ENTITY,
    CONF_BARRIER,
    CONF_BARRIER_ENTITY,
    CONF_CHANNELS,
    CONF_FOLLOWED,
    CONF_GATE_CONTROL,
    CONF_INTAKE,
    CONF_KEEP_LISTS,
    CONF_MERGE_SECONDS,
    DOMAIN,
    INTAKE_ARMING,
)
from .listening_flow import ListeningOptionsFlow
from .options_form import DEVICE_OPTIONS, channel_form
from .parking_areas import area_names
from .receiver_flow import Complaint
from .recorder import Recorder

CONF_OWN_OPTIONS: Final = "own_options"
"""Which channels of a recorder are asked for next; not stored."""

_OF_DEVICE: Final = (
    CONF_INTAKE,
    CONF_MERGE_SECONDS,
    CONF_KEEP_LISTS,
    CONF_GATE_CONTROL,
)
"""What the first form asks for the device as a whole."""


class AnprOptionsFlow(ListeningOptionsFlow):
    """Ask what is done with the reads of a device, and by which way they come."""

    def __init__(self) -> None:
        """Begin before the first form."""
        super().__init__()
        self._waiting: list[int] = []

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what holds for the device and, where there is but one, its channel."""
        channels = self._known_channels()
        if user_input is None:
            return self._show_init(channels, self.config_entry.options)
        if complaint := await self._async_init_complaint(channels, user_input):
            return self._show_init(channels, user_input, complaint)
        self._options = self._device_options(user_input)
        if self._recorder():
            self._options[CONF_FOLLOWED] = user_input.get(CONF_FOLLOWED, [])
            channels = sorted(map(int, user_input.get(CONF_OWN_OPTIONS, [])))
        self._waiting = channels
        of_device = {*_OF_DEVICE, CONF_FOLLOWED, CONF_OWN_OPTIONS}
        of_channel = {key: user_input[key] for key in user_input.keys() - of_device}
        return await self.async_step_channel(of_channel or None)

    async def _async_init_complaint(
        self, channels: list[int], user_input: Mapping[str, Any]
    ) -> Complaint | None:
        """Return what is wrong with the first form."""
        channel = min(channels, default=ONLY_CHANNEL)
        return self._barrier_complaint(
            channel, user_input
        ) or await self._async_prepare(user_input[CONF_INTAKE])

    def _device_options(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options with what was chosen for the device as a whole.

        Who opens the gate holds for all channels, where it is another one than before.
        """
        before = self.config_entry.options
        channels = deepcopy(dict(before.get(CONF_CHANNELS, {})))
        if user_input[CONF_GATE_CONTROL] != before.get(CONF_GATE_CONTROL):
            for of_channel in channels.values():
                of_channel.pop(CONF_GATE_CONTROL, None)
        chosen = {key: user_input[key] for key in _OF_DEVICE}
        return {**before, **chosen, CONF_CHANNELS: channels}

    async def async_step_channel(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for one channel after the other."""
        if user_input is not None:
            waiting = self._waiting[0]
            if complaint := self._barrier_complaint(waiting, user_input):
                return self._show_channel(waiting, user_input, complaint)
            chosen, channel = self._options[CONF_CHANNELS], str(self._waiting.pop(0))
            kept = chosen.get(channel, {})
            kept.pop(CONF_BARRIER_ENTITY, None)
            chosen[channel] = {**kept, **user_input}
        if self._waiting:
            waiting = self._waiting[0]
            return self._show_channel(waiting, self._chosen_before(waiting))
        if self._options[CONF_INTAKE] == INTAKE_ARMING:
            return self.async_create_entry(data=self._options)
        return await self.async_step_listening()

    def _recorder(self) -> Recorder | None:
        """Return the recorder of a loaded entry, None for a camera."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return None
        recorder: Recorder | None = self.config_entry.runtime_data.channels.recorder
        return recorder

    def _known_channels(self) -> list[int]:
        """Return the channels of the device, as far as they are known."""
        if self.config_entry.state is ConfigEntryState.LOADED:
            return sorted(self.config_entry.runtime_data.data)
        return sorted(map(int, self.config_entry.options.get(CONF_CHANNELS, ()))) or [1]

    def _show_init(
        self,
        channels: list[int],
        values: Mapping[str, Any],
        complaint: Complaint | None = None,
    ) -> ConfigFlowResult:
        """Show the first form, of a single channel with all that there is to ask."""
        schema, shown = DEVICE_OPTIONS, dict(values)
        recorder = self._recorder()
        if recorder:
            schema = schema.extend(_of_recorder(recorder))
            followed = shown.get(CONF_FOLLOWED, [])
            shown[CONF_FOLLOWED] = [
                number for number in followed if int(number) in recorder.inputs
            ]
        elif len(channels) == 1:
            schema = schema.extend(self._channel_form().schema)
            shown = self._chosen_before(channels[0]) | shown
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                schema,  # type: ignore[arg-type]  # one engine, by two names
                shown,
            ),
            errors=complaint.errors if complaint else None,
            description_placeholders=complaint.placeholders if complaint else None,
            last_step=None if len(channels) == 1 or recorder else False,
        )

    def _barrier_complaint(
        self, channel: int, user_input: Mapping[str, Any]
    ) -> Complaint | None:
        """Return why the entity that opens the gate of a channel cannot be used."""
        if user_input.get(CONF_BARRIER) != BARRIER_ENTITY:
            return None
        if not (entity_id := user_input.get(CONF_BARRIER_ENTITY)):
            return Complaint(errors={CONF_BARRIER_ENTITY: "gate_entity_missing"})
        known = er.async_get(self.hass).async_get(entity_id)
        own = f"{self.config_entry.unique_id}-{channel}-barrier"
        if known and known.platform == DOMAIN and known.unique_id.startswith(own):
            return Complaint(errors={CONF_BARRIER_ENTITY: "gate_entity_itself"})
        return None

    def _show_channel(
        self,
        channel: int,
        values: Mapping[str, Any],
        complaint: Complaint | None = None,
    ) -> ConfigFlowResult:
        """Show the form of one of several channels."""
        return self.async_show_form(
            step_id="channel",
            data_schema=self.add_suggested_values_to_schema(
                self._channel_form(),  # type: ignore[arg-type]  # one engine, by two names
                values,
            ),
            errors=complaint.errors if complaint else None,
            description_placeholders={"channel": _label(channel, self._recorder())},
            last_step=(
                len(self._waiting) == 1 and self._options[CONF_INTAKE] == INTAKE_ARMING
            ),
        )

    def _channel_form(self) -> vol.Schema:
        """Return the form of a channel's options."""
        return channel_form(area_names(self.hass))

    def _chosen_before(self, channel: int) -> dict[str, Any]:
        """Return what holds for a channel now."""
        return asdict(channel_options(self.config_entry.options, channel))


def _of_recorder(recorder: Recorder) -> dict[vol.Marker, SelectSelector]:
    """Return the fields for the channels of a recorder: which are followed, and asked for."""
    return {
        vol.Optional(CONF_FOLLOWED, default=list): _channels(recorder, recorder.inputs),
        vol.Optional(CONF_OWN_OPTIONS, default=list): _channels(
            recorder, recorder.followed
        ),
    }


def _channels(recorder: Recorder, numbers: Iterable[int]) -> SelectSelector:
    """Return a field for some of the channels of a recorder."""
    options = [
        SelectOptionDict(value=str(number), label=_label(number, recorder))
        for number in numbers
    ]
    config = SelectSelectorConfig(
        options=options, multiple=True, mode=SelectSelectorMode.LIST
    )
    return SelectSelector(config)


def _label(number: int, recorder: Recorder | None) -> str:
    """Return what to call a channel."""
    channel = recorder.inputs.get(number) if recorder else None
    known = (channel.name, channel.model) if channel else ()
    return " · ".join(filter(None, (str(number), *known)))
