"""Count who is inside, and keep it across restarts."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
import logging
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now
from sqlalchemy import Connection

from ..archive.database import Database
from ..archive.errors import ArchiveError
from ..archive.record import milliseconds
from ..intake.passage import ListName, Passage, normalize_plate
from ..intake.passages import Change
from ..listeners import Listeners
from .area import Area
from .visit import Movement, Visit
from .visit_book import VisitBook
from .visit_store import hide_visits, keep_visits, load_visits, strange_plates

_LOGGER = logging.getLogger(__name__)

RETRY_SECONDS: Final = 30.0
PLATES_AT_ONCE: Final = 500
REMEMBERED: Final = 4096
"""How many passages are known to have been counted."""

type Known = tuple[str | None, ListName]
"""The name and the list of a vehicle."""

type Run = Callable[[Coroutine[Any, Any, None]], object]


class CarPark:
    """Follow all areas, those without a name included.

    A change counts at once and is written in the order of events; while the database
    cannot be used, it waits in memory.
    """

    def __init__(self, database: Database, areas: Iterable[Area], run: Run) -> None:
        """Begin before it is known who is inside; `run` runs what is written."""
        self.is_loaded = False
        self.areas: Mapping[str, Area] = {area.name: area for area in areas}
        self._database = database
        self._run = run
        self._book = VisitBook(ulid_now)
        self._counted: OrderedDict[str, None] = OrderedDict()
        self._unwritten: dict[str, Visit | None] = {}
        self._is_writing = False
        self._listeners = Listeners[CALLBACK_TYPE]()

    async def async_load(self) -> None:
        """Begin with those who were inside. Raises ArchiveError."""
        self._book.restore(await self._database.async_read(load_visits))
        self.is_loaded = True
        self._tell()

    async def async_read[T](self, read: Callable[[Connection], T]) -> T:
        """Read visits, those included that were counted just now. Raises ArchiveError.

        What waits for the writer is written first, in the same turn.
        """
        waiting = dict(self._unwritten)

        def keep_and_read(connection: Connection) -> T:
            _keep(connection, waiting)
            return read(connection)

        return await self._database.async_write(keep_and_read)

    def inside(self, area: str | None = None) -> list[Visit]:
        """Return who is in an area, or in any; the longest stay first."""
        return self._book.inside(area)

    def free_spaces(self, area: str) -> int | None:
        """Return how many still fit in, None where that is not known."""
        known = self.areas.get(area)
        if known is None or known.capacity is None:
            return None
        return max(0, known.capacity - len(self.inside(area)))

    def is_inside(self, plate: str, area: str | None = None) -> bool:
        """Tell whether the vehicle with a plate is in an area, or in any."""
        normalized = normalize_plate(plate)
        return any(visit.plate == normalized for visit in self.inside(area))

    @callback
    def take(self, passage: Passage, change: Change) -> None:
        """Count a passage that is a movement, once; a better read gives it its name.

        Who was not let in did not move.
        """
        if passage.movement is None or passage.decision == "deny":
            return
        movement = movement_of(passage)
        if passage.passage_id in self._counted:
            self._change(self._book.rename(movement))
            return
        self._counted[passage.passage_id] = None
        if len(self._counted) > REMEMBERED:
            self._counted.popitem(last=False)
        act = self._book.enter if passage.movement == "entry" else self._book.leave
        self._change(act(movement))

    @callback
    def take_picture(self, passage: Passage, kind: str, data: bytes) -> None:
        """Let pictures pass."""

    @callback
    def async_end(self, visit_id: str, at: datetime) -> Visit | None:
        """End a visit by hand; None where it is not going on."""
        changed = self._book.end(visit_id, at)
        self._change(changed)
        return changed[0] if changed else None

    @callback
    def async_start(self, movement: Movement) -> Visit:
        """Begin a visit by hand."""
        changed = self._book.enter(movement)
        self._change(changed)
        return changed[-1]

    def find(self, visit_id: str) -> Visit | None:
        """Return a visit that goes on or ended lately, None for any other."""
        return self._book.find(visit_id)

    @callback
    def async_correct(self, visit: Visit) -> None:
        """Take over a visit as somebody has put it right."""
        self._change([self._book.change(visit)])

    @callback
    def async_rename(self, passage_id: str, plate: str, vehicle: Known) -> None:
        """Take over the corrected plate of a passage that began a visit, or is all of it."""
        self._change(
            [
                self._book.change(
                    replace(
                        visit, plate=plate, vehicle_name=vehicle[0], list=vehicle[1]
                    )
                )
                for visit in self._book.remembered()
                if passage_id == (visit.entry_passage_id or visit.exit_passage_id)
            ]
        )

    @callback
    def async_join(self, entered: Visit, left: Visit) -> Visit:
        """Make one visit of an entry and an exit; return it."""
        joined = self._book.join(entered, left)
        self._unwritten[left.visit_id] = None
        self._change([joined])
        return joined

    @callback
    def async_set_count(self, area: str, count: int) -> int:
        """Let so many be inside; return how many visits that changed."""
        changed = self._book.set_count(area, count, dt_util.utcnow())
        self._change(changed)
        return len(changed)

    @callback
    def async_find_overstays(self, now: datetime) -> list[Visit]:
        """Return the visits that have just become longer than their area allows."""
        found = [
            self._book.change(replace(visit, overstayed=True))
            for visit in self.inside()
            if not visit.overstayed and self._is_too_long(visit, now)
        ]
        self._change(found)
        return found

    @callback
    def async_take_touched(self) -> datetime | None:
        """Return from when on something changed since this was last asked."""
        return self._book.take_touched()

    @callback
    def async_subscribe(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener after each change; return how to stop."""
        return self._listeners.add(listener)

    @callback
    def async_forget(self, plate: str) -> int:
        """Let visits with a normalized plate have none, and return of how many those were.

        Who is inside stays so.
        """
        forgotten = [
            self._book.change(replace(visit, plate=None, vehicle_name=None))
            for visit in self._book.remembered()
            if visit.plate == plate
        ]
        self._change(forgotten)
        return len(forgotten)

    async def async_hide(
        self, before: datetime, token: Callable[[str], str | None]
    ) -> None:
        """Put tokens in the place of strangers' plates, of visits over before a time.

        `token` gives None for a plate that stays. Raises ArchiveError.
        """
        self._change(
            [
                self._book.change(replace(visit, plate=hidden))
                for visit in self._book.remembered()
                if visit.plate
                and visit.is_strange(before)
                and (hidden := token(visit.plate))
            ]
        )
        until, after = milliseconds(before)[0], ""
        while plates := await self._database.async_read(
            partial(strange_plates, before=until, after=after, most=PLATES_AT_ONCE)
        ):
            tokens = {plate: hidden for plate in plates if (hidden := token(plate))}
            if tokens:
                await self._database.async_write(
                    partial(hide_visits, before=until, tokens=tokens)
                )
            after = plates[-1]

    def _is_too_long(self, visit: Visit, now: datetime) -> bool:
        """Tell whether a visit is longer than its area allows."""
        area = self.areas.get(visit.area)
        if area is None or area.longest_stay is None or visit.entered_at is None:
            return False
        return now - visit.entered_at > area.longest_stay

    def _change(self, visits: Iterable[Visit]) -> None:
        """Write changes, and tell of them."""
        changed = {visit.visit_id: visit for visit in visits}
        if not changed:
            return
        self._unwritten |= changed
        if not self._is_writing:
            self._is_writing = True
            self._run(self._async_write())
        self._tell()

    async def _async_write(self) -> None:
        """Write what waits, again and again until all of it is written."""
        try:
            while self._unwritten:
                batch, self._unwritten = self._unwritten, {}
                try:
                    await self._database.async_write(partial(_keep, visits=batch))
                except ArchiveError as error:
                    self._unwritten = batch | self._unwritten
                    _LOGGER.debug("Visits are written later: %s", error)
                    await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._is_writing = False

    def _tell(self) -> None:
        """Tell those who show who is inside."""
        for listener in self._listeners:
            listener()


def _keep(connection: Connection, visits: Mapping[str, Visit | None]) -> None:
    """Write visits by their ids, None for one that is no more."""
    gone = [visit_id for visit_id, visit in visits.items() if visit is None]
    keep_visits(connection, filter(None, visits.values()), gone)


def movement_of(passage: Passage) -> Movement:
    """Return a passage as a movement.

    What is live moved when it came, by our clock, which all devices share; what came
    late, when its device says.
    """
    plate = passage.read.plate
    return Movement(
        area=passage.area or "",
        plate=(normalize_plate(plate) or None) if plate else None,
        at=passage.received_at if passage.live else passage.captured_at,
        passage_id=passage.passage_id,
        vehicle_name=passage.verdict.vehicle_name if passage.verdict else None,
        list=passage.list,
    )
