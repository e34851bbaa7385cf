"""Post what no camera posts, from a process of its own.

Run by the benchmark of hostile posts: attacks for some seconds over several connections
and says in a line of JSON how often each status was answered; 0 is a connection that
was ended without one.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
import gzip
import json
import os
from time import monotonic
from typing import Final

from .reads import BOUNDARY, picture_bytes

type Pieces = AsyncIterator[bytes]

_STRANGER: Final = "127.0.0.9"
_ANSWER_SECONDS: Final = 60
_NICENESS: Final = 10
"""The devices share a core with the attacker and must not wait for it."""
_MULTIPART: Final = f"multipart/form-data; boundary={BOUNDARY}"
_ENDLESS: Final = 1 << 40
_ZEROS: Final = bytes(64 * 1024)


def _bomb() -> bytes:
    """Return a document that would grow to three gigabytes."""
    entities = "".join(
        f'<!ENTITY e{level + 1} "{f"&e{level};" * 10}">' for level in range(9)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY e0 "lol">{entities}]>'
        "<EventNotificationAlert><eventType>&e9;</eventType></EventNotificationAlert>"
    ).encode()


def _deep() -> bytes:
    """Return a document of a hundred thousand levels."""
    return b"<EventNotificationAlert>" + b"<a>" * 100_000


def _parts() -> bytes:
    """Return a body of ten thousand parts."""
    part = f"--{BOUNDARY}\r\nContent-Type: text/xml\r\n\r\n<a>1</a>\r\n".encode()
    return part * 10_000 + f"--{BOUNDARY}--\r\n".encode()


def _picture() -> bytes:
    """Return a body of usual size."""
    return picture_bytes(310_000)


BODIES: Final[dict[str, tuple[Callable[[], bytes], str, str]]] = {
    "wrong path": (_picture, "image/jpeg", ""),
    "wrong source": (_picture, "image/jpeg", ""),
    "XML bomb": (_bomb, "application/xml", ""),
    "100,000 levels of XML": (_deep, "application/xml", ""),
    "gzip bomb": (lambda: gzip.compress(bytes(256 << 20)), "text/xml", "gzip"),
    "10,000 parts": (_parts, _MULTIPART, ""),
    "8 MiB of line ends": (lambda: b"\n" * (8 << 20), _MULTIPART, ""),
}
"""What is posted whole: how its body is made, its type, and how it is packed."""

KINDS: Final = (*BODIES, "endless body", "endless chunks", "slow body", "slow head")


class Attacker:
    """Attack one path of a port."""

    def __init__(self, kind: str, port: int, path: str) -> None:
        """Prepare what is sent again and again."""
        self.answers: Counter[int] = Counter()
        self._kind = kind
        self._port = port
        self._path = "/api/webhook/" + "0" * 64 if kind == "wrong path" else path
        self._request = self._whole() if kind in BODIES else b""

    async def attack(self, until: float) -> None:
        """Attack over one connection after the other, until a moment."""
        while monotonic() < until:
            self.answers[await self._attack_once(until)] += 1

    async def _attack_once(self, until: float) -> int:
        """Attack over one connection, and return the status of the answer."""
        source = (_STRANGER, 0) if self._kind == "wrong source" else None
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self._port, local_addr=source
        )
        sending = asyncio.create_task(self._send(writer, until))
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                line = await reader.readline()
            return int(line.split()[1]) if line else 0
        except OSError:
            return 0
        finally:
            sending.cancel()
            writer.transport.abort()

    async def _send(self, writer: asyncio.StreamWriter, until: float) -> None:
        """Send what is there to be sent, as fast or slowly as it is meant."""
        try:
            async for piece in self._pieces(until):
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass

    async def _pieces(self, until: float) -> Pieces:
        """Yield what is sent over one connection."""
        if self._request:
            yield self._request
        elif self._kind == "slow head":
            for byte in self._head(1, "text/xml"):
                yield bytes([byte])
                await asyncio.sleep(1)
        elif self._kind == "slow body":
            yield self._head(100_000, "text/xml")
            while monotonic() < until:
                yield b"<"
                await asyncio.sleep(0.2)
        elif self._kind == "endless chunks":
            yield self._chunked_head()
            while monotonic() < until:
                yield b"%x\r\n%b\r\n" % (len(_ZEROS), _ZEROS)
        else:
            yield self._head(_ENDLESS, _MULTIPART)
            while monotonic() < until:
                yield _ZEROS

    def _whole(self) -> bytes:
        """Return a whole request."""
        make, content_type, packing = BODIES[self._kind]
        body = make()
        return self._head(len(body), content_type, packing) + body

    def _head(self, length: int, content_type: str, packing: str = "") -> bytes:
        """Return the head of a request."""
        packed = f"Content-Encoding: {packing}\r\n" if packing else ""
        return (
            f"POST {self._path} HTTP/1.1\r\nHost: ha\r\nContent-Length: {length}\r\n"
            f"Content-Type: {content_type}\r\n{packed}\r\n"
        ).encode()

    def _chunked_head(self) -> bytes:
        """Return the head of a request that does not say how long it is."""
        return (
            f"POST {self._path} HTTP/1.1\r\nHost: ha\r\n"
            f"Transfer-Encoding: chunked\r\nContent-Type: {_MULTIPART}\r\n\r\n"
        ).encode()


async def _run(options: argparse.Namespace) -> None:
    """Attack over all connections at once, and say what was answered."""
    attacker = Attacker(options.kind, options.port, options.path)
    until = monotonic() + options.seconds
    async with asyncio.TaskGroup() as group:
        for _ in range(options.connections):
            group.create_task(attacker.attack(until))
    print(json.dumps(attacker.answers))


def main() -> None:
    """Read the command line and attack."""
    parser = argparse.ArgumentParser(prog="benchmarks.attacker", description=__doc__)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--core", type=int, help="the core to run on")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    os.nice(_NICENESS)
    asyncio.run(_run(options))


if __name__ == "__main__":
    main()
