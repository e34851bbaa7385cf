"""Record what a device sends, as it arrives, for a bug report."""

import asyncio
from dataclasses import dataclass, field
import json
from time import monotonic
from typing import Final

from ..isapi.arming import StreamTap
from .mailbox import Post

MOST_BYTES: Final = 8 * 1024 * 1024
"""How much one capture holds: some 25 reads with their pictures."""


@dataclass(slots=True, kw_only=True)
class Recorded:
    """Hold what came over one stream, or in one post.

    `head` is what was said before the body. `arrivals` are the seconds since the
    capture began, and how many bytes came then.
    """

    name: str
    head: str
    body: bytearray = field(default_factory=bytearray)
    arrivals: list[tuple[float, int]] = field(default_factory=list)


class Capture:
    """Record streams and posts of one device until there is no more room."""

    def __init__(self) -> None:
        """Begin with nothing; `ended` is set when nothing more is recorded."""
        self.recorded: list[Recorded] = []
        self.ended = asyncio.Event()
        self.is_full = False
        self._began_at = monotonic()
        self._room = MOST_BYTES

    @property
    def seconds(self) -> float:
        """Return how long ago the capture began."""
        return monotonic() - self._began_at

    @property
    def received_bytes(self) -> int:
        """Return how much was recorded."""
        return sum(len(one.body) for one in self.recorded)

    def stream(self, head: str) -> StreamTap:
        """Record a stream from now on: call what is returned with all that arrives."""
        recorded = self._begin("stream", head)
        return lambda data: self._record(recorded, data)

    def post(self, post: Post) -> None:
        """Record a post."""
        head = f"Content-Type: {post.content_type}\r\n"
        if post.encoding:
            head += f"Content-Encoding: {post.encoding}\r\n"
        if post.query:
            head += f"\r\n{json.dumps(dict(post.query))}\r\n"
        self._record(self._begin("post", head), post.body)

    def _begin(self, kind: str, head: str) -> Recorded:
        """Begin a record of its own."""
        number = sum(one.name.startswith(kind) for one in self.recorded) + 1
        recorded = Recorded(name=f"{kind}-{number:03}", head=head)
        self.recorded.append(recorded)
        return recorded

    def _record(self, recorded: Recorded, data: bytes) -> None:
        """Record what arrived, as far as there is room."""
        if self.ended.is_set():
            return
        taken = data[: self._room]
        self._room -= len(taken)
        recorded.body += taken
        recorded.arrivals.append((round(self.seconds, 3), len(taken)))
        if not self._room:
            self.is_full = True
            self.ended.set()
