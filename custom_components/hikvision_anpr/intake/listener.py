"""Define what intake passes on, and to whom."""

from datetime import datetime
from typing import Literal, Protocol

from ..isapi.events import DeviceEvent
from ..isapi.pictures import ReadPicture
from ..isapi.plate_read import PlateRead

type Way = Literal["arming", "listening"]
type LiveSource = Literal["arming", "listening", "manual"]


class IntakeListener(Protocol):
    """Take what a device sends by itself, in the order in which it came."""

    def way_opened(self, way: Way) -> None:
        """Note that reads can come in by a way."""

    def way_closed(self, way: Way, error: Exception) -> None:
        """Note that they no longer can, and why."""

    def read_arrived(
        self, read: PlateRead, received_at: datetime, source: LiveSource
    ) -> None:
        """Take a read; its pictures follow, or not."""

    def picture_arrived(self, picture: ReadPicture) -> None:
        """Take a picture of a read that arrived before."""

    def event_arrived(self, event: DeviceEvent) -> None:
        """Take an event that is no read."""
