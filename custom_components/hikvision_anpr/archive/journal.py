"""Let rows wait on the disk while the database cannot take them."""

from collections.abc import Iterator, Sequence
import json
import os
from pathlib import Path
from typing import Final
from zlib import crc32

from .record import Row

LARGEST: Final = 64 * 1024 * 1024


class Journal:
    """Append rows to a file, each line with its checksum; one thread uses it.

    What `append` returned for is on the disk. A line that a crash has torn is skipped.
    """

    def __init__(self, path: Path, largest: int = LARGEST) -> None:
        """Use a file, which need not be there, up to so many bytes."""
        self._path = path
        self._largest = largest

    def append(self, rows: Sequence[Row]) -> int:
        """Keep rows, as many as fit; return how many. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            # The line feed in front ends a line that was torn.
            room = self._largest - file.tell() - 1
            lines: list[bytes] = []
            for row in rows:
                line = _line(row)
                room -= len(line)
                if room < 0:
                    break
                lines.append(line)
            file.write(b"\n" + b"".join(lines))
            file.flush()
            os.fsync(file.fileno())
        return len(lines)

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
