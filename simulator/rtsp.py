"""Play what a device sees and has recorded: RTSP over TCP (reference 8.4, RFC 2326)."""

import asyncio
from base64 import b64encode
from collections.abc import Iterator
import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
import re
import struct
from typing import Final

from yarl import URL

from .device import Device
from .digest import Verdict
from .footage import FRAMES_A_SECOND, Film, film

_TRACK: Final = re.compile(r"(?i)/Streaming/(tracks|channels)/(\d+)")
_CLOCK: Final = 90_000
_LARGEST_PAYLOAD: Final = 1200
_FRAGMENT: Final = 28
_FILLER: Final = b"\x0c"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """Hold one request."""

    method: str
    target: str
    headers: dict[str, str]


@dataclass(slots=True, kw_only=True)
class RtspServer:
    """Serve the streams of one device.

    Attributes:
        device: Whose streams they are.
        speed: How much faster than the clock it plays.
        filler: How many bytes that mean nothing are added to each picture, as cameras
            do that send at a constant rate.
        played: The targets that were played, in their order.
    """

    device: Device
    speed: float = 1.0
    filler: int = 0
    played: list[str] = field(default_factory=list)
    _server: asyncio.Server | None = None

    async def start(self, host: str, port: int = 0) -> None:
        """Answer from now on; port 0 takes any."""
        await asyncio.to_thread(film)
        self._server = await asyncio.start_server(self._serve, host, port)
        self.device.rtsp_port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Answer no more."""
        if self._server:
            self._server.close()
            self._server.close_clients()
            await self._server.wait_closed()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer the requests of one connection."""
        player: asyncio.Task[None] | None = None
        try:
            while request := await _read(reader):
                await _write(writer, self._answer(request))
                if request.method == "PLAY" and self._is_admitted(request):
                    self.played.append(request.target)
                    player = asyncio.create_task(self._play(writer))
        except ConnectionError, asyncio.IncompleteReadError:
            pass
        finally:
            if player:
                player.cancel()
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def _answer(self, request: _Request) -> str:
        """Return what a request is answered."""
        if not self._is_admitted(request):
            challenges = self.device.guard.challenges()
            return _told(
                request, 401, *(f"WWW-Authenticate: {one}" for one in challenges)
            )
        match request.method:
            case "OPTIONS":
                known = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"
                return _told(request, 200, f"Public: {known}")
            case "DESCRIBE":
                return self._described(request)
            case "SETUP":
                transport = "RTP/AVP/TCP;unicast;interleaved=0-1"
                return _told(request, 200, f"Transport: {transport}", "Session: 77")
            case _:
                return _told(request, 200, "Session: 77")

    def _described(self, request: _Request) -> str:
        """Answer what a stream is made of; 500 where nothing was ever recorded."""
        if (found := self._has(URL(request.target))) is not True:
            return _told(request, found)
        parameters = ",".join(
            b64encode(one).decode() for one in (film().sequence, film().picture)
        )
        body = "\r\n".join(
            (
                "v=0",
                "o=- 1 1 IN IP4 127.0.0.1",
                "s=Media Presentation",
                "c=IN IP4 0.0.0.0",
                "t=0 0",
                "m=video 0 RTP/AVP 96",
                "a=rtpmap:96 H264/90000",
                f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={parameters}",
                "a=control:trackID=1",
                "",
            )
        )
        return (
            _told(
                request,
                200,
                "Content-Type: application/sdp",
                f"Content-Base: {request.target}",
                f"Content-Length: {len(body)}",
            )
            + body
        )

    def _has(self, url: URL) -> bool | int:
        """Tell whether a stream is there; else the status that says so."""
        found = _TRACK.search(url.path)
        if found is None:
            return 404
        if found[1].lower() == "channels":
            return True
        text = url.query.get("starttime", "")
        zone = (
            self.device.clock.now().tzinfo if self.device.footage.local_times else UTC
        )
        try:
            start = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=zone)
        except ValueError:
            return 400
        return True if self.device.footage.at(int(found[2]) // 100, start) else 500

    def _is_admitted(self, request: _Request) -> bool:
        """Tell whether a request is logged in; OPTIONS need not be."""
        if request.method == "OPTIONS":
            return True
        header = request.headers.get("authorization", "")
        judged = self.device.guard.judge(
            request.method, request.target, header, "127.0.0.1"
        )
        return judged.verdict is Verdict.ACCEPTED

    async def _play(self, writer: asyncio.StreamWriter) -> None:
        """Send picture after picture, until the connection ends."""
        with contextlib.suppress(ConnectionError):
            waiting = list[bytes]()
            for payload in _payloads(film(), self.filler):
                waiting.append(payload.data)
                if payload.ends_frame:
                    writer.write(b"".join(waiting))
                    waiting.clear()
                    await writer.drain()
                    await asyncio.sleep(1 / FRAMES_A_SECOND / self.speed)


@dataclass(frozen=True, slots=True)
class _Payload:
    """Hold one packet, as it goes over the wire."""

    data: bytes
    ends_frame: bool


def _payloads(played: Film, filler: int) -> Iterator[_Payload]:
    """Yield the packets of a film without end."""
    sequence = time = 0
    added = (_FILLER + b"\xff" * filler + b"\x80",) if filler else ()
    while True:
        for frame in played.frames:
            pieces = [piece for nal in (*frame, *added) for piece in _pieces(nal)]
            for number, piece in enumerate(pieces, 1):
                is_last = number == len(pieces)
                kind = 96 | (0x80 if is_last else 0)
                head = struct.pack("!BBHII", 0x80, kind, sequence, time, 77)
                packet = head + piece
                yield _Payload(
                    struct.pack("!cBH", b"$", 0, len(packet)) + packet, is_last
                )
                sequence = (sequence + 1) % 2**16
            time = (time + _CLOCK // FRAMES_A_SECOND) % 2**32


def _pieces(nal: bytes) -> Iterator[bytes]:
    """Yield a unit, cut where it is too large for a packet (RFC 6184 5.8)."""
    if len(nal) <= _LARGEST_PAYLOAD:
        yield nal
        return
    content = nal[1:]
    for start in range(0, len(content), _LARGEST_PAYLOAD):
        first = 0x80 if start == 0 else 0
        last = 0x40 if start + _LARGEST_PAYLOAD >= len(content) else 0
        head = bytes(((nal[0] & 0xE0) | _FRAGMENT, first | last | (nal[0] & 0x1F)))
        yield head + content[start : start + _LARGEST_PAYLOAD]


async def _read(reader: asyncio.StreamReader) -> _Request | None:
    """Read a request, passing over what the player reports; None at the end."""
    while (first := await reader.read(1)) == b"$":
        _channel, size = struct.unpack("!BH", await reader.readexactly(3))
        await reader.readexactly(size)
    if not first:
        return None
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rest = head.strip().split("\r\n")
    method, target, _version = line.split(" ", 2)
    pairs = (one.partition(":") for one in rest)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return _Request(method=method, target=target, headers=headers)


def _told(request: _Request, status: int, *headers: str) -> str:
    """Return the head of an answer."""
    number = request.headers.get("cseq", "0")
    return "\r\n".join((f"RTSP/1.0 {status} .", f"CSeq: {number}", *headers, "", ""))


async def _write(writer: asyncio.StreamWriter, answer: str) -> None:
    """Send an answer."""
    writer.write(answer.encode("latin-1"))
    await writer.drain()
