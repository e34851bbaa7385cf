"""Gather a body whose length is declared, and tell whether that is true."""

from .boundary import Boundary
from .document import is_complete
from .jpeg import END, end_of_jpeg


class SizedBody:
    """Gather a body of declared length, which is copied once."""

    def __init__(self, length: int, boundary: Boundary) -> None:
        """Begin with nothing."""
        self._missing = length
        self._boundary = boundary
        self._chunks: list[memoryview] = []
        self._joined: bytes | None = None
        self._tail = b""
        self._doubted = False
        self._doubtful_bytes = 0

    @property
    def is_all_there(self) -> bool:
        """Tell whether as much came as was declared."""
        return not self._missing

    def take(self, data: bytes, position: int) -> int:
        """Take what belongs to the body, and return where that ends."""
        view = memoryview(data)[position : position + self._missing]
        self._chunks.append(view)
        self._joined = None
        self._missing -= len(view)
        self._doubtful_bytes -= len(view)
        end = position + len(view)
        if not self._doubted and self._begins_boundary(data, position, end):
            self._doubted = True
            self._doubtful_bytes = self._boundary.overlap
        return end

    def body(self) -> bytes:
        """Return what came."""
        if self._joined is None:
            self._joined = b"".join(self._chunks)
            self._chunks = [memoryview(self._joined)]
        return self._joined

    def early_end(self) -> int | None:
        """Return where a picture ended before its length: at a boundary; None if not.

        Only the first boundary is looked at, and only until its line is there.
        """
        if self._doubtful_bytes <= 0:
            return None
        body = self.body()
        end = self._boundary.inside(body)
        return end if end is not None and end_of_jpeg(body[:end]) else None

    def fits(self, data: bytes, position: int) -> bool | None:
        """Tell whether the length is true, by the body and what follows it.

        None while too little follows.
        """
        body = self.body()
        boundary = self._boundary.inside(body) if self._doubted else None
        picture_end = end_of_jpeg(body) if boundary or not is_whole(body) else None
        if picture_end is not None and not self._boundary.begins_at_end(body):
            return boundary is None or boundary < picture_end
        if is_whole(body) and not (boundary and is_whole(body[:boundary])):
            return True
        return self._boundary.follows(data, position)

    def _begins_boundary(self, data: bytes, start: int, end: int) -> bool:
        """Tell whether a boundary stands in a piece, or where it meets the one before."""
        overlap = self._boundary.overlap
        seam = self._tail + data[start : min(end, start + overlap)]
        self._tail = (self._tail + data[max(start, end - overlap) : end])[-overlap:]
        stands_in = self._boundary.stands_in
        return stands_in(data, start, end) or stands_in(seam, 0, len(seam))


def is_whole(body: bytes) -> bool:
    """Tell whether a body ends as a picture or a document does."""
    return body.endswith(END) or is_complete(body)
