"""The arming schedules: when a device tells what it reads, and acts on its lists."""

from datetime import datetime
from typing import Final

from .configuration import parse, text_of
from .document import Tree

#: Days count from Monday, 1 (reference 7.4).
DAYS: Final = range(1, 8)


def whole_week(identity: str, kind: str) -> Tree:
    """Return the schedule that never ends, as devices leave the factory."""
    blocks: list[Tree] = [
        {
            "dayOfWeek": str(day),
            "TimeRange": {"beginTime": "00:00", "endTime": "24:00"},
        }
        for day in DAYS
    ]
    return {
        "id": identity,
        "eventType": kind,
        "videoInputChannelID": "1",
        "TimeBlockList": {"@size": "8", "TimeBlock": blocks},
    }


def covers(body: bytes, moment: datetime) -> bool:
    """Tell whether a schedule holds a moment of the device's own time."""
    time = f"{moment:%H:%M}"
    for block in parse(body).iter("{*}TimeBlock"):
        if text_of(block, "dayOfWeek") != str(moment.isoweekday()):
            continue
        for span in block.iter("{*}TimeRange"):
            begin, end = text_of(span, "beginTime"), text_of(span, "endTime")
            if (begin or "24:00") <= time < (end or "00:00"):
                return True
    return False
