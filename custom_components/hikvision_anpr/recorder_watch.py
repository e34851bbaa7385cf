"""Watch the channels of a recorder."""

from datetime import datetime, timedelta
import logging
from typing import Final, Protocol

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval

from .channels import Channels, channel_names
from .const import DOMAIN
from .isapi.channels import InputChannel
from .isapi.device import DeviceInfo
from .isapi.errors import IsapiError
from .isapi.plate_read import PlateRead

_LOGGER = logging.getLogger(__name__)

ASK_SECONDS: Final = 300.0
"""How often a recorder is asked for its channels."""

REST_SECONDS: Final = 10.0
"""How often at most, however often its stream opens."""


class Follower(Protocol):
    """Follow a device, be it a recorder or a camera."""

    config_entry: ConfigEntry
    channels: Channels
    device: DeviceInfo

    @property
    def connected(self) -> bool:
        """Tell whether reads can come in."""

    async def async_follow_channels(self) -> None:
        """Follow the channels that are new, and those no longer that are gone."""

    def has_taken(self, read: PlateRead) -> bool:
        """Tell whether a read was told before."""

    def note_taken(self, read: PlateRead, received_at: datetime) -> None:
        """Note that a read was told by somebody else."""


class RecorderWatch:
    """Keep the channels of a recorder up to date."""

    def __init__(self, hass: HomeAssistant, follower: Follower) -> None:
        """Prepare to watch the device of a follower."""
        self._hass = hass
        self._follower = follower
        self._cameras: dict[InputChannel, Follower | None] = {}
        self._ask = Debouncer(
            hass,
            _LOGGER,
            cooldown=REST_SECONDS,
            immediate=False,
            function=self.async_ask,
            background=True,
        )

    @callback
    def start(self) -> None:
        """Ask now and then, for as long as the entry is loaded."""
        entry = self._follower.config_entry
        entry.async_on_unload(
            async_track_time_interval(
                self._hass, self.async_ask, timedelta(seconds=ASK_SECONDS)
            )
        )
        entry.async_on_unload(self._ask.async_shutdown)
        entry.async_on_unload(
            async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._forget_cameras
            )
        )
        entry.async_on_unload(
            lambda: ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
        )

    @callback
    def stream_opened(self) -> None:
        """Ask soon: what changed meanwhile was not told."""
        if self._follower.channels.recorder:
            self._ask.async_schedule_call()

    async def async_ask(self, now: datetime | None = None) -> None:
        """Ask for the channels, and follow what changed."""
        try:
            await self._follower.channels.async_find()
        except IsapiError as error:
            _LOGGER.debug("The recorder does not tell its channels: %s", error)
            return
        self._cameras.clear()
        await self._follower.async_follow_channels()

    @callback
    def _forget_cameras(self, *_: object) -> None:
        """Look anew who follows which camera: an entry came, went or changed."""
        self._cameras.clear()

    @callback
    def report_unknown(self, read: PlateRead) -> None:
        """Count a read of a channel that the recorder does not have, and show that."""
        recorder = self._follower.channels.recorder
        if recorder is None:
            return
        recorder.unknown[str(read.channel)] += 1
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="unknown_channel",
            translation_placeholders={
                "name": self._follower.config_entry.title,
                "numbers": ", ".join(recorder.unknown),
                "channels": channel_names(recorder.inputs) or "-",
            },
        )

    def comes_directly(
        self, read: PlateRead, received_at: datetime, *, live: bool
    ) -> bool:
        """Tell whether a read of the recorder comes from its camera as well.

        While the camera is connected its own live reads count; while it is away the
        recorder's do, and the camera is told of them for when it is back. Of what
        comes late, the first counts.
        """
        recorder = self._follower.channels.recorder
        direct = self.camera_of(read.channel)
        if recorder is None or direct is None:
            return False
        if (live and direct.connected) or direct.has_taken(read):
            recorder.yielded += 1
            return True
        direct.note_taken(read, received_at)
        return False

    def camera_of(self, number: int) -> Follower | None:
        """Return who follows the camera of a channel by itself, if anybody does."""
        recorder = self._follower.channels.recorder
        source = recorder.inputs.get(number) if recorder else None
        if source is None:
            return None
        if source not in self._cameras:
            self._cameras[source] = self._direct(source)
        return self._cameras[source]

    def _direct(self, source: InputChannel) -> Follower | None:
        """Return the first entry whose device is the camera of a channel."""
        for entry in self._hass.config_entries.async_loaded_entries(DOMAIN):
            follower: Follower | None = getattr(entry, "runtime_data", None)
            if follower is None or not isinstance(
                getattr(follower, "device", None), DeviceInfo
            ):
                continue
            if self._is_same(source, follower, entry):
                return follower
        return None

    def _is_same(
        self, source: InputChannel, follower: Follower, entry: ConfigEntry
    ) -> bool:
        """Tell whether a channel is a camera: by serial number, else by address.

        Several channels may share an address, behind a router or an encoder.
        """
        if follower.device.is_nvr:
            return False
        if source.serial_number:
            return source.serial_number.split() == follower.device.serial_number.split()
        recorder = self._follower.channels.recorder
        addresses = (
            [other.address for other in recorder.inputs.values()] if recorder else []
        )
        return addresses.count(
            source.address
        ) == 1 and source.address == entry.data.get(CONF_HOST)

    @property
    def _issue_id(self) -> str:
        """Return the name of the issue of this recorder."""
        return f"unknown_channel_{self._follower.config_entry.entry_id}"
