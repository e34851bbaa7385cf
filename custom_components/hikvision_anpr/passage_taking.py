"""Process a read: passage, decision, archive and announcement."""

from datetime import datetime

from homeassistant.core import HomeAssistant, callback

from .centre import async_get_centre
from .channel_states import ChannelStates
from .const import EVENT_PASSAGE_RECOVERED
from .gates import Gates
from .hidden_plates import recordable
from .intake.cursor import Cursors
from .intake.gap_closing import CatchUpCounts
from .intake.passage import Passage, Source
from .intake.passages import Change, Passages
from .isapi.pictures import ReadPicture
from .isapi.plate_read import PlateRead
from .picture_cache import KINDS
from .plate_watch import PlateWatch


class PassageTaking:
    """Take the reads of one device's channels, whichever way they came."""

    def __init__(
        self,
        hass: HomeAssistant,
        cursors: Cursors,
        passages: Passages,
        *,
        gates: Gates,
        plates: PlateWatch,
        states: ChannelStates,
        counts: CatchUpCounts,
    ) -> None:
        """Begin without a passage; `counts` are those of what came late."""
        self._hass = hass
        self._centre = async_get_centre(hass)
        self._cursors = cursors
        self._passages = passages
        self._gates = gates
        self._plates = plates
        self._states = states
        self._counts = counts

    @callback
    def take(
        self, read: PlateRead, received_at: datetime, *, live: bool, source: Source
    ) -> bool:
        """Take a read into its passage and announce a new one; tell whether it was."""
        cursor = self._cursors.of(read.channel)
        is_copy = cursor.is_copy(read, live=live)
        cursor.take(read, received_at, live=live)
        arrival = self._passages.take(
            read, received_at=received_at, live=live, source=source
        )
        if arrival.change == "repeat":
            return False
        if arrival.change == "new" and is_copy:
            self._passages.forget(arrival.passage)
            return False
        passage = self._gates.take(arrival.passage, read, live=live)
        self._passages.keep(passage)
        self._tell(passage, arrival.change)
        self._centre.take(passage, arrival.change)
        return True

    @callback
    def take_picture(self, picture: ReadPicture, read: PlateRead) -> None:
        """Hand a picture over, and show it if it is of the channel's last passage."""
        passage = self._passages.passage_of(read)
        if passage is None or picture.info.kind not in KINDS:
            return
        self._centre.take_picture(passage, picture.info.kind, picture.data)
        self._states.show_picture(passage, picture.info.kind, picture.data)

    def _tell(self, passage: Passage, change: Change) -> None:
        """Tell Home Assistant of a passage; one that came late acts on nothing."""
        if not passage.live:
            if change == "new":
                self._counts.recovered += 1
                recovered = recordable(self._hass, passage.as_dict())
                self._hass.bus.async_fire(EVENT_PASSAGE_RECOVERED, recovered)
            return
        self._plates.take(passage)
        if change == "new":
            self._states.announce(passage)
        else:
            self._states.improve(passage)
