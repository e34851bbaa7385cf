"""Find the ends of documents in a stream, and do nothing else."""

import re
from time import monotonic_ns
from typing import Final

from .reads import number_of

_END: Final = b"</EventNotificationAlert>"
_PLATE: Final = re.compile(rb"<licensePlate>(\w+)<")
_LONGEST: Final = 8192


class DocumentFinder:
    """Note when each read's document has arrived, by the number of its plate."""

    def __init__(self) -> None:
        """Begin before the first document."""
        self.arrived_ns: dict[int, int] = {}
        self._tail = b""

    def feed(self, data: bytes) -> None:
        """Note the documents that these bytes complete; heartbeats are none."""
        now = monotonic_ns()
        data = self._tail + data
        found = 0
        while (end := data.find(_END, found)) >= 0:
            if plate := _PLATE.search(data, found, end):
                self.arrived_ns[number_of(plate[1].decode())] = now
            found = end + len(_END)
        self._tail = data[max(found, len(data) - _LONGEST) :]
