"""Serve the endless alert stream to everyone who armed the device (reference 2)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
import itertools
from typing import Final, override

from aiohttp import web

from .faults import Fault, Faults
from .multipart import Frame, Part, frame

#: What is sent to every stream: parts to frame, or bytes as they are.
type Message = Sequence[Part] | bytes

_END: Final = b""


class EndlessResponse(web.StreamResponse):
    """Answer without length and without chunks: the connection's end is the body's."""

    # The one switch that aiohttp has for this; its web socket answer uses it too.
    _length_check = False

    @override
    def __init__(self, content_type: str) -> None:
        """Prepare the three headers that the devices send (reference 2.1)."""
        super().__init__(
            headers={
                "MIME-Version": "1.0",
                "Connection": "close",
                "Content-Type": content_type,
            }
        )
        self.force_close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Say how a stream begins, and how it says that it is alive (reference 2.5).

    Attributes:
        seconds: Silence after which a heartbeat is sent.
        heartbeat: Makes the parts of a heartbeat.
        answer: What is sent first.
    """

    seconds: float
    heartbeat: Callable[[], Sequence[Part]]
    answer: Sequence[Part] = ()


@dataclass(slots=True)
class AlertStreams:
    """Hold the open alert streams of one device.

    Attributes:
        slots: How many streams are served at once.
        heartbeat_seconds: Silence after which a heartbeat is sent; traffic puts
            heartbeats off (reference 2.2).
        heartbeat: Makes the parts of a heartbeat.
        greeting: Makes the messages that a new stream begins with.
        opened: Number of streams opened so far.
    """

    faults: Faults
    heartbeat: Callable[[], Sequence[Part]]
    slots: int
    heartbeat_seconds: float = 10
    boundary: str = "boundary"
    greeting: Callable[[], Sequence[Message]] = tuple
    opened: int = 0
    _open: set[_Stream] = field(default_factory=set)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def count(self) -> int:
        """Return the number of open streams."""
        return len(self._open)

    @property
    def full(self) -> bool:
        """Tell whether every slot is taken."""
        return len(self._open) >= self.slots

    def send(self, message: Message) -> None:
        """Queue a message on every open stream."""
        for stream in self._open:
            stream.queue.put_nowait(message)

    def close(self) -> None:
        """End every open stream, as a rebooting device does."""
        self.send(_END)

    async def wait_open(self, count: int = 1) -> None:
        """Wait until at least so many streams are open."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._open) >= count)

    async def wait_closed(self) -> None:
        """Wait until no stream is open."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._open)

    async def drain(self) -> None:
        """Wait until everything queued was handed to the network."""
        await asyncio.gather(*(stream.queue.join() for stream in self._open))

    async def serve(
        self, request: web.Request, subscription: Subscription | None = None
    ) -> web.StreamResponse:
        """Answer one arming request, until either side ends it."""
        response = EndlessResponse(self._content_type())
        alive = subscription or Subscription(
            seconds=self.heartbeat_seconds, heartbeat=self.heartbeat
        )
        stream = _Stream(self, request, response, alive)
        if subscription:
            stream.queue.put_nowait(subscription.answer)
        await self._add(stream)
        try:
            await response.prepare(request)
            await stream.run()
        except ConnectionResetError:
            pass
        finally:
            await self._remove(stream)
        return response

    def _content_type(self) -> str:
        """Return the Content-Type of the answer."""
        kind = "form-data" if self.faults.strikes(Fault.FORM_DATA) else "mixed"
        quoted = self.faults.strikes(Fault.QUOTED_BOUNDARY)
        boundary = f'"{self.boundary}"' if quoted else self.boundary
        return f"multipart/{kind}; boundary={boundary}"

    async def _add(self, stream: _Stream) -> None:
        """Take a slot for the stream."""
        self.opened += 1
        async with self._changed:
            for message in self.greeting():
                stream.queue.put_nowait(message)
            self._open.add(stream)
            self._changed.notify_all()

    async def _remove(self, stream: _Stream) -> None:
        """Give the stream's slot back."""
        self._open.discard(stream)
        stream.settle()
        async with self._changed:
            self._changed.notify_all()


class _Stream:
    """Write to one client what the device has to say."""

    def __init__(
        self,
        streams: AlertStreams,
        request: web.Request,
        response: EndlessResponse,
        alive: Subscription,
    ) -> None:
        """Begin with nothing sent."""
        self.queue: asyncio.Queue[Message] = asyncio.Queue()
        self._streams = streams
        self._faults = streams.faults
        self._transport = request.transport
        self._response = response
        self._alive = alive
        self._sent = itertools.count()
        self._over = False
        self._stalled = False

    async def run(self) -> None:
        """Send messages as they come and heartbeats in between."""
        while not self._over:
            try:
                async with asyncio.timeout(self._alive.seconds):
                    message = await self.queue.get()
            except TimeoutError:
                await self._send(self._alive.heartbeat())
                continue
            try:
                self._over = message == _END
                await self._send(message)
            finally:
                self.queue.task_done()

    def settle(self) -> None:
        """Count what is left in the queue as done, so that nobody waits for it."""
        while not self.queue.empty():
            self.queue.get_nowait()
            self.queue.task_done()

    async def _send(self, message: Message) -> None:
        """Send one message, unless the stream has gone silent for good."""
        self._stalled = self._stalled or self._faults.strikes(Fault.STALL)
        if self._stalled or self._over:
            return
        if isinstance(message, bytes):
            await self._write(message)
            return
        for part in message:
            if self._over or self._stalled:
                return
            await self._send_part(part)

    async def _send_part(self, part: Part) -> None:
        """Send one part, or as much of it as the faults let through."""
        first = next(self._sent) == 0
        framed = frame(part, self._faults, boundary=self._streams.boundary, first=first)
        if self._cuts(framed):
            self._over = True
            await self._write(framed.torn().data)
            if self._transport is not None:
                self._transport.close()
        elif framed.is_picture and self._faults.strikes(Fault.STALL_IN_PICTURE):
            self._stalled = True
            await self._write(framed.torn().data)
        else:
            await self._write(framed.data)

    def _cuts(self, framed: Frame) -> bool:
        """Tell whether the connection is cut in the middle of this part."""
        fault = Fault.CUT_IN_PICTURE if framed.is_picture else Fault.CUT_IN_XML
        return self._faults.strikes(fault)

    async def _write(self, data: bytes) -> None:
        """Write bytes at once, or drop by drop."""
        if Fault.SLOW_BYTES not in self._faults:
            await self._response.write(data)
            return
        step = self._faults.drip_bytes
        for start in range(0, len(data), step):
            await self._response.write(data[start : start + step])
            await asyncio.sleep(self._faults.drip_seconds)
