"""Connect the parts of a device: intake, gate, archive and entities."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from .alarm_ports import AlarmPorts
from .centre import async_get_centre
from .channel import ONLY_CHANNEL
from .channel_state import ChannelState
from .channel_states import ChannelStates
from .channels import Channels
from .connection_form import HTTPS_PORT
from .const import CONF_MERGE_SECONDS, DEFAULT_MERGE_SECONDS, DOMAIN
from .device_issues import DeviceIssues
from .device_lists import DeviceLists
from .device_return import async_await_return
from .device_watch import DeviceWatch
from .exceptions import setup_error
from .gates import Gates
from .intake.arming import Arming
from .intake.catch_up import CatchUp
from .intake.clock import DeviceClock
from .intake.clock_store import ClockStore
from .intake.cursor import Cursors
from .intake.first_contact import FirstContact
from .intake.listener import LiveSource, Way
from .intake.listening import Listening
from .intake.passage import Passage
from .intake.passages import Passages
from .intake.picture_fetch import PictureFetch
from .intake.slot_watch import SlotWatch
from .intake.timekeeper import Timekeeper
from .intake.ways import Ways
from .isapi.capabilities import Capabilities, async_get_capabilities
from .isapi.client import IsapiClient
from .isapi.device import DeviceInfo
from .isapi.errors import (
    NOT_TOLD,
    AuthenticationError,
    BusyError,
    IsapiError,
    UnreachableError,
)
from .isapi.events import DeviceEvent
from .isapi.https_only import async_is_https_only
from .isapi.pictures import ReadPicture
from .isapi.plate_read import PlateRead
from .isapi.storage import Disk, async_get_disks
from .isapi.user_check import async_log_in
from .listeners import Listeners
from .passage_taking import PassageTaking
from .plate_watch import PlateWatch
from .recorder_watch import RecorderWatch

_LOGGER = logging.getLogger(__name__)

type AnprConfigEntry = ConfigEntry[AnprCoordinator]


class AnprCoordinator(DataUpdateCoordinator[dict[int, ChannelState]]):
    """Follow one device and tell its entities; one state for each channel."""

    config_entry: AnprConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: AnprConfigEntry, client: IsapiClient
    ) -> None:
        """Prepare to follow the device of an entry."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=entry.title)
        self.client = client
        self.states = ChannelStates(hass, entry)
        self.clock = DeviceClock(dt_util.get_default_time_zone())
        self._clock_store = ClockStore(hass, entry.entry_id)
        self._first_contact = FirstContact(hass, entry)
        self.timekeeper = Timekeeper(client, self.clock)
        self.arming = Arming(client, self.timekeeper, self)
        self._merge_seconds: float = entry.options.get(
            CONF_MERGE_SECONDS, DEFAULT_MERGE_SECONDS
        )
        self._cursors = Cursors(hass, entry.entry_id, merge_seconds=self._merge_seconds)
        self.catch_up = CatchUp(client, self.clock, self._cursors, self)
        self.listening = Listening(hass, entry, self.timekeeper, self)
        self.slot_watch = SlotWatch(client, self.timekeeper, self, entry.data)
        self._ways = Ways(
            entry,
            arming=self.arming,
            listening=self.listening,
            slot_watch=self.slot_watch,
            catch_up=self.catch_up,
        )
        self.device: DeviceInfo
        self.capabilities: Capabilities
        self.disks: tuple[Disk, ...] | None = None
        self.channels: Channels
        self.picture_fetch = PictureFetch(client, self)
        self.data = self.states.by_channel
        self._centre = async_get_centre(hass)
        self._taking: PassageTaking
        self._channel_listeners = Listeners[Callable[[int], None]]()
        self.recorder_watch = RecorderWatch(hass, self)
        self._issues = DeviceIssues(hass, entry)
        self.plates = PlateWatch(hass, entry)
        self.gates = Gates(hass, entry)
        self.watch = DeviceWatch(hass, self, self._issues, self.gates.async_check)
        self.lists = DeviceLists(hass, entry, client)
        self.ports = AlarmPorts(hass, entry, client)

    @override
    async def _async_setup(self) -> None:
        """Ask the device in its turn who it is and what it can."""
        await self._first_contact.async_begin()
        try:
            await self._async_ask()
        except IsapiError as err:
            is_https_only = await async_is_https_only(self.client, err, HTTPS_PORT)
            self._issues.judge("https_only", is_wrong=is_https_only)
            if isinstance(err, UnreachableError):
                async_await_return(self.hass, self.config_entry)
            raise setup_error(err, self.config_entry.data[CONF_HOST]) from err
        self._issues.judge("https_only", is_wrong=False)
        self._issues.check(self.capabilities)
        await self._async_load()
        await self.ports.async_resume()

    async def _async_ask(self) -> None:
        """Ask who the device is, what it can and which channels it has."""
        self.device = await async_log_in(self.client)
        self.capabilities = await async_get_capabilities(self.client)
        await self.async_ask_for_disks()
        self.channels = Channels(self.hass, self.config_entry, self.client, self.device)
        await self.channels.async_find()

    async def _async_load(self) -> None:
        """Begin with what was known before the restart."""
        for number in self.channels.numbers:
            await self.states.async_load(number)
        await self._cursors.async_load()
        await self._clock_store.async_load(self.clock)
        self.lists.model = self.device.model or ""
        self.lists.capacity = self.capabilities.plate_list_capacity or None
        await self.lists.async_load(self.channels.numbers)

    async def async_ask_for_disks(self) -> None:
        """Ask what the device records on; one that cannot say so stays without.

        Raises AuthenticationError, AccountLockedError and UnreachableError.
        """
        with suppress(BusyError, *NOT_TOLD):
            self.disks = await async_get_disks(self.client)
            self.async_update_listeners()

    @override
    async def _async_update_data(self) -> dict[int, ChannelState]:
        """Return what is known: the device pushes, nothing is polled."""
        return self.data

    @callback
    def async_start(self) -> None:
        """Begin to take passages, now that the devices are registered."""
        for channel in self.data:
            self._cursors.of(channel).hold()
        self._taking = self._passage_taking()
        self.states.start()
        self._issues.start()
        self.lists.start()
        self.config_entry.async_on_unload(self._cursors.async_save)
        self.config_entry.async_on_unload(self._clock_store.async_save)
        self._ways.start(self.hass)
        self.config_entry.async_create_background_task(
            self.hass, self.picture_fetch.run(), f"{DOMAIN} pictures {self.name}"
        )
        self.watch.start()
        self.plates.start(self.channels)
        if self.channels.recorder:
            self.recorder_watch.start()

    def _passage_taking(self) -> PassageTaking:
        """Return what takes passages, and hands them on."""
        return PassageTaking(
            self.hass,
            self._cursors,
            Passages(
                self._device_id, merge_seconds=self._merge_seconds, new_id=ulid_now
            ),
            gates=self.gates,
            plates=self.plates,
            states=self.states,
            counts=self.catch_up.counts,
        )

    def _device_id(self, channel: int) -> str:
        """Return the device of a channel in Home Assistant."""
        return self.channels.followed[channel].device_id

    @property
    def connected(self) -> bool:
        """Tell whether reads can come in, by whatever way."""
        return self._ways.any_open

    def is_online(self, channel: int) -> bool:
        """Tell whether reads of a channel can come in."""
        followed = self.channels.followed.get(channel)
        return self.connected and followed is not None and followed.is_online

    @callback
    def async_subscribe_passages(
        self, channel: int, listener: Callable[[Passage], None]
    ) -> CALLBACK_TYPE:
        """Call a listener once for each live passage of a channel."""
        return self.states.subscribe(channel, listener)

    @callback
    def async_subscribe_channels(
        self, listener: Callable[[int], None]
    ) -> CALLBACK_TYPE:
        """Call a listener for each channel that comes later on."""
        return self._channel_listeners.add(listener)

    @callback
    def way_opened(self, way: Way) -> None:
        """Make the entities available, and catch up on what was missed."""
        self._first_contact.end()
        if self._ways.opened(way):
            self._issues.opened(way)
            self.picture_fetch.make_way()
            self.lists.wake()
            self.catch_up.opened(self.data, has_stream=self._ways.has_stream)
            self.async_update_listeners()
            self.recorder_watch.stream_opened()
        elif not self._ways.has_stream:
            self.catch_up.look_back(self.data)

    @callback
    def way_closed(self, way: Way, error: Exception) -> None:
        """Make the entities unavailable, and ask the user where only he can help."""
        self._first_contact.end()
        self._ways.closed(way, error)
        if not self._ways.has_stream:
            self.catch_up.closed(self.data)
        self._issues.report(error)
        if isinstance(error, AuthenticationError):
            self.config_entry.async_start_reauth(self.hass)
        self.async_update_listeners()

    @callback
    def event_arrived(self, event: DeviceEvent) -> None:
        """Tell of alarm inputs; other events pass, the stream counts them."""
        self.ports.take(event)

    @callback
    def read_arrived(
        self, read: PlateRead, received_at: datetime, source: LiveSource
    ) -> None:
        """Take a read that the device sent, live or late."""
        placed = self._placed(read, received_at, source)
        if placed is None:
            return
        live = not read.retransmitted and self.clock.is_fresh(
            read.captured_at, received_at
        )
        if live:
            self.picture_fetch.make_way()
            self.watch.read_arrived()
        self.picture_fetch.expect(read, late=not live)
        self._taking.take(placed, received_at, live=live, source=source)

    @callback
    def read_recovered(self, read: PlateRead, received_at: datetime) -> None:
        """Take a read that was missed, unless it was told, or its channel is gone."""
        if read.channel not in self.data or self._is_told(
            read, received_at, live=False
        ):
            return
        if self._taking.take(read, received_at, live=False, source="catch_up"):
            self.picture_fetch.expect(read, late=True)

    async def async_taken_before(
        self, channel: int, since: datetime
    ) -> list[tuple[PlateRead, datetime]] | None:
        """Return the reads that the archive has of a channel.

        None while the archive is away, and for a channel that is gone.
        """
        if channel not in self.channels.followed:
            return None
        return await self._centre.async_taken(self._device_id(channel), channel, since)

    @callback
    def picture_arrived(self, picture: ReadPicture) -> None:
        """Take a picture of a read that was taken before."""
        if read := self.channels.place(picture.read):
            self._taking.take_picture(picture, read)

    def _placed(
        self, read: PlateRead, received_at: datetime, source: LiveSource
    ) -> PlateRead | None:
        """Return a read as of a channel that is followed; None where it is not taken.

        The first plate of a channel lets it be followed, and is taken then. A camera
        that is added by itself as well tells of its own reads.
        """
        placed = self.channels.place(read)
        if placed is None:
            self.recorder_watch.report_unknown(read)
            return None
        if placed.channel in self.data:
            live = not placed.retransmitted
            return None if self._is_told(placed, received_at, live=live) else placed
        if placed.channel in self.channels.numbers:
            self.config_entry.async_create_task(
                self.hass, self._async_follow_first(read, received_at, source)
            )
        return None

    def _is_told(self, read: PlateRead, received_at: datetime, *, live: bool) -> bool:
        """Tell whether the camera of a recorder's read tells of it by itself.

        It counts as taken then, so that the recorder's search does not bring it again.
        """
        is_told = self.recorder_watch.comes_directly(read, received_at, live=live)
        if is_told:
            self._cursors.of(read.channel).take(read, received_at, live=live)
        return is_told

    async def _async_follow_first(
        self, read: PlateRead, received_at: datetime, source: LiveSource
    ) -> None:
        """Follow a channel that has shown that it reads plates."""
        await self.async_follow_channels()
        self.read_arrived(read, received_at, source)

    async def async_follow_channels(self) -> None:
        """Follow the channels that are new, and those no longer that are gone."""
        for number in set(self.channels.numbers) - self.data.keys():
            await self.states.async_load(number)
        change = self.channels.register()
        for number in change.gone:
            self.data.pop(number, None)
            self.catch_up.forget(number)
        for number in change.new:
            for listener in self._channel_listeners:
                listener(number)
        self.async_update_listeners()

    def has_taken(self, read: PlateRead) -> bool:
        """Tell whether a camera's own way brought a read of its recorder before."""
        own = replace(read, channel=ONLY_CHANNEL)
        return self._cursors.of(ONLY_CHANNEL).is_copy(own, live=False)

    def note_taken(self, read: PlateRead, received_at: datetime) -> None:
        """Note that the recorder told of a read, so that the camera does not."""
        own = replace(read, channel=ONLY_CHANNEL)
        self._cursors.of(ONLY_CHANNEL).note(own, received_at)
