"""Fetch the pictures that a device names by their addresses."""

import asyncio
import logging
from typing import Final

from ..isapi.client import IsapiClient
from ..isapi.errors import IsapiError
from ..isapi.pictures import ReadPicture
from ..isapi.plate_read import PictureInfo, PlateRead
from .listener import IntakeListener

_LOGGER = logging.getLogger(__name__)

MOST_WAITING: Final = 64
"""How many pictures may wait; the oldest give way to new ones."""


class PictureFetch:
    """Fetch one picture after the other, in the device's turn (reference 8.2).

    Recorders name pictures by addresses of their own; only the path counts, the
    login goes to the device of the client alone.
    """

    def __init__(self, client: IsapiClient, listener: IntakeListener) -> None:
        """Prepare to fetch from a client's device."""
        self.fetched = 0
        self.missed = 0
        self._client = client
        self._listener = listener
        self._waiting: asyncio.Queue[tuple[PlateRead, PictureInfo]] = asyncio.Queue()

    def expect(self, read: PlateRead) -> None:
        """Let the pictures of a read wait for their turn."""
        for info in read.pictures:
            if info.url is None:
                continue
            if self._waiting.qsize() >= MOST_WAITING:
                self._waiting.get_nowait()
                self.missed += 1
            self._waiting.put_nowait((read, info))

    async def run(self) -> None:
        """Fetch what waits, until the task is cancelled."""
        while True:
            read, info = await self._waiting.get()
            try:
                data = await self._client.get_bytes(info.url or "")
            except IsapiError as error:
                self.missed += 1
                _LOGGER.debug("A picture could not be fetched: %s", error)
            else:
                self.fetched += 1
                self._listener.picture_arrived(
                    ReadPicture(read=read, info=info, data=data)
                )
