"""Delete passages that are older than their list may be kept."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from ..intake.passage import ListName
from .database import Database
from .deletion import delete_before
from .record import milliseconds

AT_ONCE: Final = 500

type Days = Mapping[ListName, int]


async def async_delete_old(
    database: Database, days: Days, now: Callable[[], datetime]
) -> int:
    """Delete what is older than the days of its list; 0 days keep it for ever.

    The writer has passages in between: each step deletes a few. Return how many went.
    """
    deleted = 0
    for list_name, kept in days.items():
        if not kept:
            continue
        before, _ = milliseconds(now().astimezone(UTC) - timedelta(days=kept))
        step = partial(delete_before, time=before, list_name=list_name, most=AT_ONCE)
        while number := await database.async_write(step):
            deleted += number
    return deleted
