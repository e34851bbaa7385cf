"""Keep rows on disk while the database is unavailable."""

from collections.abc import Iterator, Sequence
from errno import EDQUOT, ENOSPC
import json
import os
from pathlib import Path
from typing import Final
from zlib import crc32

from .record import Row

LARGEST: Final = 64 * 1024 * 1024
RESERVE: Final = 4 * 1024 * 1024
"""How many bytes are set aside for a full disk: they hold some seven thousand rows."""

PIECE: Final = 64 * 1024
"""How much of them is given up at once, so that others on the disk get little of it."""

_NO_ROOM: Final = (ENOSPC, EDQUOT)


class Journal:
    """Append rows to a file, each line with its checksum; one thread uses it.

    What `append` returned for is on the disk. A line that a crash has torn is skipped.
    A second file, full of nothing, is given up for it, a piece at a time, when the disk
    has no more room.
    """

    def __init__(
        self, path: Path, largest: int = LARGEST, reserve: int = RESERVE
    ) -> None:
        """Use a file, which need not be there, up to so many bytes."""
        self._path = path
        self._largest = largest
        self._reserve = path.with_suffix(".reserve")
        self._reserved = reserve

    def append(self, rows: Sequence[Row]) -> int:
        """Keep rows, as many as fit; return how many. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                return self._append(rows)
            except OSError as error:
                if error.errno not in _NO_ROOM or not self._give_up():
                    raise

    def _give_up(self) -> bool:
        """Give up some of what is set aside; tell whether there was something."""
        if not (left := _size(self._reserve)):
            return False
        os.truncate(self._reserve, max(0, left - PIECE))
        return True

    def _append(self, rows: Sequence[Row]) -> int:
        """Write rows, or leave the file as it was. Raises OSError."""
        size = _size(self._path)
        lines = self._fitting(rows, self._largest - size - 1)
        # The line feed in front ends a line that was torn.
        data = b"\n" + b"".join(lines)
        try:
            with self._path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._cut(size)
            raise
        return len(lines)

    def _fitting(self, rows: Sequence[Row], room: int) -> list[bytes]:
        """Return the lines of as many rows as there is room for."""
        lines: list[bytes] = []
        for row in rows:
            line = _line(row)
            room -= len(line)
            if room < 0:
                break
            lines.append(line)
        return lines

    def _cut(self, size: int) -> None:
        """Take back what was written in part."""
        if size:
            os.truncate(self._path, size)
        else:
            self._path.unlink(missing_ok=True)

    def rows(self) -> Iterator[Row]:
        """Yield what waits, in its order."""
        try:
            with self._path.open("rb") as file:
                for line in file:
                    if (row := _row(line)) is not None:
                        yield row
        except FileNotFoundError:
            return

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._path.exists()

    def clear(self) -> None:
        """Forget what waited, once it is in the database."""
        self._path.unlink(missing_ok=True)

    def set_aside(self) -> bool:
        """Set room aside for a full disk; tell whether there is so much."""
        there = _size(self._reserve)
        try:
            self._reserve.parent.mkdir(parents=True, exist_ok=True)
            with self._reserve.open("ab") as file:
                file.write(bytes(self._reserved - there))
        except OSError:
            if self._reserve.exists():
                os.truncate(self._reserve, there)
            return False
        return True


def _size(path: Path) -> int:
    """Return how large a file is, 0 for none."""
    return path.stat().st_size if path.exists() else 0


def _line(row: Row) -> bytes:
    """Return a row as a line."""
    text = json.dumps(row, separators=(",", ":")).encode()
    return b"%08x %b\n" % (crc32(text), text)


def _row(line: bytes) -> Row | None:
    """Return the row of a line; None for a line that is not whole."""
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    if not text or checksum != b"%08x" % crc32(text):
        return None
    row: Row = json.loads(text)
    return row
