"""Follow the event stream of a device: arming (reference 2)."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import tzinfo
from time import monotonic
from typing import Final

from aiohttp import ClientResponse

from .client import IsapiClient
from .errors import NotSupportedError, RejectedError
from .events import DeviceMessage, parse_messages
from .multipart import MultipartReader
from .part import Part, boundary_of
from .pictures import PictureMatcher, ReadPicture
from .plate_read import PlateRead
from .response import check

ALERT_STREAM: Final = "/ISAPI/Event/notification/alertStream"
SUBSCRIPTION: Final = "/ISAPI/Event/notification/subscribeEvent"
# Heartbeats above what a device allows are refused (trap 49); 30 s is what is known.
_ALL_EVENTS: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<SubscribeEvent version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'
    b"<heartbeat>10</heartbeat><eventMode>all</eventMode></SubscribeEvent>"
)

SILENCE_SECONDS: Final = 45.0
"""How long a stream may be silent: the vendor's limit is 30 s (reference 2.2)."""

_TOLD: Final = frozenset(
    {"connection", "content-length", "content-type", "server", "transfer-encoding"}
)

type StreamMessage = DeviceMessage | ReadPicture
type StreamTap = Callable[[bytes], None]
"""What is given all that arrives, before it is understood."""


@dataclass(slots=True)
class StreamCounts:
    """Count what came over streams, for diagnostics."""

    streams: int = 0
    received_bytes: int = 0
    reads: int = 0
    pictures: int = 0
    heartbeats: int = 0
    video_losses: int = 0
    other_events: int = 0
    not_understood: int = 0
    pictures_without_read: int = 0
    parts_given_up: int = 0


class AlertStream:
    """Iterate over the messages of one open stream.

    A read is handed on when its document is complete, before its pictures.
    Nothing that a device sends ends the iteration, except the device itself. `head`
    is the status line and what the device says of the framing.
    """

    def __init__(
        self,
        response: ClientResponse,
        default_zone: Callable[[], tzinfo],
        counts: StreamCounts,
    ) -> None:
        """Read from an open answer."""
        self.head: Final = _head(response)
        self._tap: StreamTap | None = None
        self._is_tapped = False
        self._response = response
        self._default_zone = default_zone
        self._counts = counts
        self._reader = MultipartReader(
            boundary_of(response.headers.get("Content-Type", ""))
        )
        self._matcher = PictureMatcher()
        self._has_spoken = False
        self._arrived_at = monotonic()

    async def __aiter__(self) -> AsyncIterator[StreamMessage]:
        """Yield each message as soon as it is there."""
        async for data in self._response.content.iter_any():
            self._arrived_at = monotonic()
            self._counts.received_bytes += len(data)
            if self._tap:
                self._pass_on(self._tap, data)
            for message in self._messages(self._reader.feed(data)):
                yield message
        for message in self._messages(self._reader.finish()):
            yield message

    def tap(self, tap: StreamTap | None) -> None:
        """Let somebody have all that arrives, from the next message on."""
        self._tap, self._is_tapped = tap, False

    def _pass_on(self, tap: StreamTap, data: bytes) -> None:
        """Give away what arrives, once that begins with a message."""
        self._is_tapped = self._is_tapped or self._reader.is_between_parts
        if self._is_tapped:
            tap(data)

    def seconds_since_arrival(self) -> float:
        """Return how long ago the last bytes arrived."""
        return monotonic() - self._arrived_at

    def _messages(self, parts: list[Part]) -> list[StreamMessage]:
        """Turn parts into messages, keeping count."""
        messages: list[StreamMessage] = []
        for part in parts:
            if part.is_document:
                messages += self._document(part)
            elif part.is_picture:
                messages += self._picture(part)
            else:
                self._counts.not_understood += 1
        losses = self._reader.losses
        self._counts.parts_given_up += losses.oversized + losses.torn
        losses.oversized = losses.torn = 0
        return messages

    def _document(self, part: Part) -> list[DeviceMessage]:
        """Read the messages of a document part."""
        messages = parse_messages(part.body, self._default_zone())
        for message in messages:
            self._note(message)
        if messages:
            self._has_spoken = True
        else:
            self._counts.not_understood += 1
            self._matcher.interrupt()
            self._check_refusal(part)
        return messages

    def _check_refusal(self, part: Part) -> None:
        """Raise what the device answers instead of a stream (reference 2.1)."""
        if not self._has_spoken and b"ResponseStatus" in part.body:
            check(200, part.content_type, part.body, ALERT_STREAM)

    def _note(self, message: DeviceMessage) -> None:
        """Count a message and expect its pictures."""
        if isinstance(message, PlateRead):
            self._counts.reads += 1
            self._matcher.expect(message)
        elif message.kind == "heartbeat":
            self._counts.heartbeats += 1
        elif message.kind == "video_loss":
            self._counts.video_losses += 1
        else:
            self._counts.other_events += 1
            self._matcher.interrupt()

    def _picture(self, part: Part) -> list[ReadPicture]:
        """Attach a picture part to its read."""
        if (picture := self._matcher.match(part)) is None:
            self._counts.pictures_without_read += 1
            return []
        self._counts.pictures += 1
        return [picture]


def _head(response: ClientResponse) -> str:
    """Return the head of an answer, as far as it tells of the stream."""
    told = (
        f"{name}: {value}\r\n"
        for name, value in response.headers.items()
        if name.lower() in _TOLD
    )
    return f"HTTP/1.1 {response.status} {response.reason}\r\n" + "".join(told)


@asynccontextmanager
async def open_alert_stream(
    client: IsapiClient,
    default_zone: Callable[[], tzinfo],
    counts: StreamCounts,
    *,
    silence_seconds: float = SILENCE_SECONDS,
) -> AsyncIterator[AlertStream]:
    """Open the device's event stream; leaving the context closes it.

    A device that has none is asked for a subscription to all events, which comes the
    same way (reference 2.5). `default_zone` is asked for each document whose times carry no offset.
    Raises the errors of the client; UnreachableError also when nothing arrives for
    `silence_seconds`, StreamSlotsFullError when other clients use every stream.
    """
    async with AsyncExitStack() as stack:
        response = await _enter(stack, client, silence_seconds)
        counts.streams += 1
        yield AlertStream(response, default_zone, counts)


async def _enter(
    stack: AsyncExitStack, client: IsapiClient, silence_seconds: float
) -> ClientResponse:
    """Open the stream, or else the subscription, until a stack is left."""
    try:
        return await stack.enter_async_context(
            client.stream(ALERT_STREAM, silence_seconds=silence_seconds)
        )
    except NotSupportedError as error:
        no_stream = error
    try:
        return await stack.enter_async_context(
            client.stream(SUBSCRIPTION, _ALL_EVENTS, silence_seconds=silence_seconds)
        )
    except (NotSupportedError, RejectedError) as error:
        raise no_stream from error
