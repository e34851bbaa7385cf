"""Manage the channels of a device, each with a device of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .channel import ONLY_CHANNEL, Channel
from .const import DOMAIN, MANUFACTURER
from .isapi.channels import InputChannel
from .isapi.client import IsapiClient
from .isapi.device import DeviceInfo
from .isapi.plate_read import PlateRead
from .recorder import Recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Hold which channels came and which are gone."""

    new: tuple[int, ...]
    gone: tuple[int, ...]


class Channels:
    """Hold the channels that are followed, by number.

    A camera has one, and is its device; the cameras behind a recorder are devices
    of their own, which come and go.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        client: IsapiClient,
        device: DeviceInfo,
    ) -> None:
        """Prepare for a device; nothing is registered yet."""
        self.recorder = Recorder(client, entry.options) if device.is_nvr else None
        self.followed: dict[int, Channel] = {}
        self._hass = hass
        self._entry = entry
        self._device = device
        self._client = client

    async def async_find(self) -> None:
        """Ask a recorder for its channels. Raises the errors of the client."""
        if self.recorder:
            await self.recorder.async_ask()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of the channels that are to be followed."""
        return self.recorder.followed if self.recorder else (ONLY_CHANNEL,)

    def place(self, read: PlateRead) -> PlateRead | None:
        """Return a read as of its own channel; None where no channel fits."""
        if self.recorder:
            return self.recorder.place(read)
        if read.channel == ONLY_CHANNEL:
            return read
        return replace(read, channel=ONLY_CHANNEL)

    @callback
    def register(self) -> Change:
        """Register the devices of all channels, and remove those that are gone."""
        before = self.followed
        main = self._register_device()
        if self.recorder is None:
            self.followed = {ONLY_CHANNEL: self._only(main)}
        else:
            self.followed = {
                number: self._register_channel(main, number) for number in self.numbers
            }
            self._remove_others(main)
        return Change(
            new=tuple(number for number in self.followed if number not in before),
            gone=tuple(number for number in before if number not in self.followed),
        )

    def _only(self, main: dr.DeviceEntry) -> Channel:
        """Return the one channel of a camera."""
        return Channel(
            number=ONLY_CHANNEL,
            identifier=self._device.serial_number,
            device_id=main.id,
        )

    def _register_device(self) -> dr.DeviceEntry:
        """Put the device into the registry, with what it says of itself."""
        mac = self._device.mac_address
        return dr.async_get(self._hass).async_get_or_create(
            config_entry_id=self._entry.entry_id,
            identifiers={(DOMAIN, self._device.serial_number)},
            connections={(dr.CONNECTION_NETWORK_MAC, mac)} if mac else set(),
            name=self._entry.title,
            manufacturer=MANUFACTURER,
            model=self._device.model,
            serial_number=self._device.serial_number,
            sw_version=self._device.firmware,
            configuration_url=str(self._client.address.url),
        )

    def _register_channel(self, main: dr.DeviceEntry, number: int) -> Channel:
        """Put the camera behind a channel into the registry."""
        assert self.recorder is not None
        source = self.recorder.inputs[number]
        identifier = f"{self._device.serial_number}-{number}"
        device = dr.async_get(self._hass).async_get_or_create(
            config_entry_id=self._entry.entry_id,
            identifiers={(DOMAIN, identifier)},
            name=source.name or f"{self._entry.title} {number}",
            manufacturer=MANUFACTURER,
            model=source.model,
            serial_number=source.serial_number,
            via_device_id=main.id,
        )
        return Channel(
            number=number, identifier=identifier, device_id=device.id, source=source
        )

    def _remove_others(self, main: dr.DeviceEntry) -> None:
        """Remove the devices of channels that are no longer followed."""
        kept = {main.id, *(channel.device_id for channel in self.followed.values())}
        registry = dr.async_get(self._hass)
        for device in dr.async_entries_for_config_entry(registry, self._entry.entry_id):
            if device.id not in kept:
                registry.async_remove_device(device.id)


def channel_names(channels: Mapping[int, InputChannel]) -> str:
    """Return the channels of a recorder as a text for the user."""
    return ", ".join(
        f"{number} ({channel.name})" if channel.name else str(number)
        for number, channel in channels.items()
    )
