"""Download the pictures that a device refers to."""

import asyncio
from collections import deque
from contextlib import suppress
import logging
from typing import Final, NamedTuple, Protocol

from homeassistant.core import callback

from ..isapi.client import IsapiClient
from ..isapi.errors import BusyError, IsapiError, UnreachableError
from ..isapi.pictures import ReadPicture
from ..isapi.plate_read import PictureInfo, PlateRead
from ..isapi.stored_pictures import async_get_picture

_LOGGER = logging.getLogger(__name__)

MOST_WAITING: Final = 64
MOST_LATE: Final = 4000
"""How many pictures of live reads, and of late ones, may wait; the oldest give way."""

QUIET_SECONDS: Final = 2.0
"""How long after a live read the device is left alone with late pictures."""

RETRY_SECONDS: Final = 30.0
"""How long a device that does not answer is left alone with them."""


class PictureTaker(Protocol):
    """Take pictures, and tell whether there is a device to fetch them from."""

    @property
    def connected(self) -> bool:
        """Tell whether reads can come in."""

    def picture_arrived(self, picture: ReadPicture) -> None:
        """Take a picture of a read that arrived before."""


class _Wanted(NamedTuple):
    """Hold what is to be fetched, and the read that it is of."""

    read: PlateRead
    info: PictureInfo


class PictureFetch:
    """Fetch one picture after the other, in the device's turn (reference 8.2).

    Recorders name pictures by addresses of their own; only the path counts, the
    login goes to the device of the client alone. Pictures of late reads wait for the
    others, and give way to a live read: the command to a barrier may follow it.
    """

    def __init__(self, client: IsapiClient, taker: PictureTaker) -> None:
        """Prepare to fetch from a client's device."""
        self.fetched = 0
        self.missed = 0
        self._client = client
        self._taker = taker
        self._live: deque[_Wanted] = deque()
        self._late: deque[_Wanted] = deque()
        self._news = asyncio.Event()
        self._quiet_at = 0.0
        self._late_fetch: asyncio.Timeout | None = None

    @property
    def waiting(self) -> int:
        """Return how many pictures wait."""
        return len(self._live) + len(self._late)

    @callback
    def expect(self, read: PlateRead, *, late: bool) -> None:
        """Let the pictures of a read wait for their turn."""
        queue, most = (self._late, MOST_LATE) if late else (self._live, MOST_WAITING)
        queue.extend(_Wanted(read, info) for info in read.pictures if info.url)
        while len(queue) > most:
            queue.popleft()
            self.missed += 1
        if queue:
            self._news.set()

    @callback
    def make_way(self) -> None:
        """Leave the device to a live read, and to what follows from it."""
        self._rest(QUIET_SECONDS)
        if self._late_fetch:
            self._late_fetch.reschedule(asyncio.get_running_loop().time())
            self._late_fetch = None

    async def run(self) -> None:
        """Fetch what waits, until the task is cancelled."""
        while True:
            if self._live:
                await self._fetch(self._live.popleft())
            elif self._late and self._may_fetch_late():
                await self._fetch_late(self._late.popleft())
            else:
                await self._wait()

    async def _wait(self) -> None:
        """Wait for something to fetch, or until late pictures may be fetched."""
        self._news.clear()
        until = self._quiet_at if self._late and self._taker.connected else None
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._news.wait()

    def _may_fetch_late(self) -> bool:
        """Tell whether the device is there, and nothing else goes on."""
        is_quiet = asyncio.get_running_loop().time() >= self._quiet_at
        return is_quiet and self._taker.connected

    def _rest(self, seconds: float) -> None:
        """Fetch no late picture for a while."""
        self._quiet_at = asyncio.get_running_loop().time() + seconds
        if self._late:
            self._news.set()

    async def _fetch_late(self, wanted: _Wanted) -> None:
        """Fetch a late picture, later once more where it had to make way."""
        try:
            async with asyncio.timeout(None) as self._late_fetch:
                await self._fetch(wanted)
        except TimeoutError:
            self._late.appendleft(wanted)
        finally:
            self._late_fetch = None

    async def _fetch(self, wanted: _Wanted) -> None:
        """Fetch a picture and hand it on; one that is gone is only counted."""
        read, info = wanted
        try:
            data = await async_get_picture(self._client, info.url or "")
        except IsapiError as error:
            self.missed += 1
            _LOGGER.debug("A picture could not be fetched: %s", error)
            if isinstance(error, BusyError | UnreachableError):
                self._rest(RETRY_SECONDS)
        else:
            self.fetched += 1
            self._taker.picture_arrived(ReadPicture(read=read, info=info, data=data))
