"""Update the state of each channel, and announce passages."""

from asyncio import TimerHandle
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
import logging
from typing import Final, Literal

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util

from .channel_state import NOTHING_SEEN, ChannelState
from .const import EVENT_PASSAGE
from .hidden_plates import recordable
from .intake.passage import Passage
from .picture_cache import Picture, PictureCache

_LOGGER = logging.getLogger(__name__)

REFRESH_SECONDS: Final = 0.1
"""Pictures and better reads refresh the entities not more often than this; a new
passage does at once, before it is announced."""

KEEP_SECONDS: Final = 60
"""The last pictures are written to the cache not more often than this, and at the end:
the archive has them all."""

type PassageListener = Callable[[Passage], None]
type Shown = Literal["passage", "pictures"]
"""What may be shown of a channel: its last passage, or the pictures of it."""


class ChannelStates:
    """Hold one state for each channel, and refresh those who show it."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start without channels."""
        self.by_channel: dict[int, ChannelState] = {}
        self._hass = hass
        self._entry = entry
        self._changed: set[tuple[int, Shown]] = set()
        self._unkept: set[int] = set()
        self._cache = PictureCache(hass, entry.entry_id)
        self._listeners: dict[int, list[PassageListener]] = defaultdict(list)
        self._shows: dict[tuple[int, Shown], list[Callable[[], None]]] = defaultdict(
            list
        )
        self._rest: TimerHandle | None = None
        self._keep = Debouncer(
            hass,
            _LOGGER,
            cooldown=KEEP_SECONDS,
            immediate=False,
            function=self.async_keep_pictures,
            background=True,
        )

    @callback
    def start(self) -> None:
        """Begin new days, and keep pictures at the end, while the entry is loaded."""
        for unsubscribe in (
            async_track_time_change(
                self._hass, self._start_new_day, hour=0, minute=0, second=0
            ),
            self._end_rest,
            self._keep.async_shutdown,
            self._hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_keep_at_stop
            ),
        ):
            self._entry.async_on_unload(unsubscribe)

    async def async_load(self, channel: int) -> None:
        """Begin with what is left of a channel from before, unless it has begun."""
        pictures = await self._cache.async_load(channel)
        self.by_channel.setdefault(channel, ChannelState(pictures=pictures))

    @callback
    def subscribe(self, channel: int, listener: PassageListener) -> CALLBACK_TYPE:
        """Call a listener once for each live passage of a channel."""
        self._listeners[channel].append(listener)
        return partial(self._listeners[channel].remove, listener)

    @callback
    def subscribe_shown(
        self, channel: int, shown: Shown, show: Callable[[], None]
    ) -> CALLBACK_TYPE:
        """Call `show` whenever there is something new to show of a channel."""
        self._shows[channel, shown].append(show)
        return partial(self._shows[channel, shown].remove, show)

    @callback
    def restore_count(self, channel: int, passages_today: int) -> None:
        """Add the passages of today that were counted before a restart."""
        state = self.by_channel.get(channel, NOTHING_SEEN)
        self.by_channel[channel] = replace(
            state, passages_today=state.passages_today + passages_today
        )

    @callback
    def announce(self, passage: Passage) -> None:
        """Show a new passage and tell everybody, the states first."""
        channel = passage.read.channel
        state = self.by_channel.get(channel, NOTHING_SEEN)
        latency = dt_util.utcnow() - passage.received_at
        self.by_channel[channel] = replace(
            state,
            passage=passage,
            last_plate=passage.read.plate or state.last_plate,
            passages_today=state.passages_today + 1,
            latency=round(latency.total_seconds() * 1000, 1),
        )
        self._show(channel, "passage")
        for listener in list(self._listeners[channel]):
            listener(passage)
        self._hass.bus.async_fire(
            EVENT_PASSAGE, recordable(self._hass, passage.as_dict())
        )

    @callback
    def improve(self, passage: Passage) -> None:
        """Show a better read of the channel's last passage."""
        if state := self._state_of(passage):
            self.by_channel[passage.read.channel] = replace(
                state,
                passage=passage,
                last_plate=passage.read.plate or state.last_plate,
            )
            self._refresh(passage.read.channel, "passage")

    @callback
    def show_picture(self, passage: Passage, kind: str, data: bytes) -> None:
        """Show a picture of the channel's last passage."""
        if state := self._state_of(passage):
            shown = Picture(data=data, arrived_at=dt_util.utcnow())
            self.by_channel[passage.read.channel] = replace(
                state, pictures={**state.pictures, kind: shown}
            )
            self._refresh(passage.read.channel, "pictures")
            self._unkept.add(passage.read.channel)
            self._keep.async_schedule_call()

    async def async_keep_pictures(self) -> None:
        """Write the last pictures to the cache, of the channels that have new ones."""
        while self._unkept:
            channel = self._unkept.pop()
            if state := self.by_channel.get(channel):
                await self._cache.async_save(channel, state.pictures)

    def _refresh(self, channel: int, shown: Shown) -> None:
        """Show a change at once, or when those before it have been shown for a moment."""
        self._changed.add((channel, shown))
        if self._rest is None:
            self._show_changed()

    @callback
    def _show_changed(self) -> None:
        """Show what changed, and again after a moment if there is more by then."""
        self._rest = None
        changed, self._changed = self._changed, set()
        for channel, shown in changed:
            self._show(channel, shown)
        if changed:
            loop = self._hass.loop
            self._rest = loop.call_later(REFRESH_SECONDS, self._show_changed)

    @callback
    def _end_rest(self) -> None:
        """Show nothing more."""
        if self._rest:
            self._rest.cancel()

    def _show(self, channel: int, shown: Shown) -> None:
        """Show what is new of a channel; what cannot be shown keeps nothing else back."""
        for show in list(self._shows[channel, shown]):
            try:
                show()
            except Exception:
                _LOGGER.exception(
                    "Showing channel %s of %s failed", channel, self._entry.title
                )

    def _state_of(self, passage: Passage) -> ChannelState | None:
        """Return the state of a channel whose last passage this is."""
        state = self.by_channel.get(passage.read.channel)
        if state and state.passage and state.passage.passage_id == passage.passage_id:
            return state
        return None

    @callback
    def _start_new_day(self, now: datetime) -> None:
        """Count the passages of the day from zero."""
        for channel, state in list(self.by_channel.items()):
            self.by_channel[channel] = replace(state, passages_today=0)
            self._show(channel, "passage")

    async def _async_keep_at_stop(self, event: Event) -> None:
        """Write the last pictures before Home Assistant is gone."""
        await self.async_keep_pictures()
