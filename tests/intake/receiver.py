"""Post to a receiver, and write down what it hands on."""

import asyncio
from datetime import datetime
from typing import Final

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.intake.listener import LiveSource, Way
from custom_components.hikvision_anpr.intake.listening import Listening
from custom_components.hikvision_anpr.isapi.events import DeviceEvent
from custom_components.hikvision_anpr.isapi.pictures import ReadPicture
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from tests.isapi.fixtures import Framing, Piece, document, jpeg, picture_piece

PATIENCE: Final = 10
PLATE: Final = "MAB4711"
FORM: Final = {"Content-Type": "multipart/form-data; boundary=boundary"}
PICTURES: Final = (
    picture_piece(jpeg(seed=1), "detectionPicture.jpg"),
    picture_piece(jpeg(seed=2)),
)
WHOLE: Final = Framing().multipart(Piece(body=document("deepinview.xml")), *PICTURES)


class Diary:
    """Write down what listening brings, and let a test wait for it."""

    def __init__(self) -> None:
        """Begin with blank pages."""
        self.pages: list[PlateRead | ReadPicture | DeviceEvent] = []
        self.received: list[datetime] = []
        self.ways: list[LiveSource] = []
        self.failure: Exception | None = None
        self._changed = asyncio.Event()

    def way_opened(self, way: Way) -> None:
        """Refuse to know of ways: that a receiver is open says little."""
        raise NotImplementedError

    def way_closed(self, way: Way, error: Exception) -> None:
        """Refuse to know of ways."""
        raise NotImplementedError

    def read_arrived(
        self, read: PlateRead, received_at: datetime, source: LiveSource
    ) -> None:
        """Note a read, or fail at it."""
        self.received.append(received_at)
        self.ways.append(source)
        self._note(read)
        if self.failure:
            raise self.failure

    def picture_arrived(self, picture: ReadPicture) -> None:
        """Note a picture."""
        self._note(picture)

    def event_arrived(self, event: DeviceEvent) -> None:
        """Note an event."""
        self._note(event)

    @property
    def plates(self) -> list[str | None]:
        """Return the plates so far."""
        return [page.plate for page in self.pages if isinstance(page, PlateRead)]

    async def until(self, count: int) -> None:
        """Wait until so much was noted."""
        async with asyncio.timeout(PATIENCE):
            while len(self.pages) < count:
                self._changed.clear()
                await self._changed.wait()

    def _note(self, page: PlateRead | ReadPicture | DeviceEvent) -> None:
        """Put something onto a page."""
        self.pages.append(page)
        self._changed.set()


class Post:
    """Post to a receiver, as its device or as somebody else."""

    def __init__(
        self,
        client: TestClient[web.Request, web.Application],
        path: str,
        receiver: Listening,
        entry: MockConfigEntry,
        port: int,
    ) -> None:
        """Know the receiver, its entry, its port and its path."""
        self.path = path
        self.receiver = receiver
        self.entry = entry
        self.port = port
        self.is_own_port = port != client.server.port
        self._session = client.session

    async def __call__(
        self,
        body: object = WHOLE,
        *,
        method: str = "POST",
        path: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> ClientResponse:
        """Post a body, and return the answer."""
        url = f"http://127.0.0.1:{self.port}{path or self.path}"
        return await self._session.request(
            method, url, data=body, headers=headers or FORM
        )

    async def raw(self, *pieces: bytes) -> bytes:
        """Send bytes as they are, and return all that is answered until the end."""
        async with asyncio.timeout(PATIENCE):
            reader, writer = await self.connect()
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            answer = await reader.read()
            writer.close()
        return answer

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)
