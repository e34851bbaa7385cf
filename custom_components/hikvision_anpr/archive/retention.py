"""Delete passages that are older than the retention of their list."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Final

from sqlalchemy import Connection

from ..intake.passage import ListName
from .database import Database
from .deletion import delete_before
from .record import milliseconds

AT_ONCE: Final = 100
"""More in one transaction are not deleted sooner, and new passages wait for them."""

TURN_SECONDS: Final = 0.1
"""How long steps follow one another before passages that wait are written."""

type Days = Mapping[ListName, int]


async def async_delete_old(
    database: Database, days: Days, now: Callable[[], datetime]
) -> int:
    """Delete what is older than the days of its list; 0 days keep it for ever.

    The writer has passages in between: each turn is short. Return how many went.
    """
    deleted = 0
    for list_name, kept in days.items():
        if not kept:
            continue
        before, _ = milliseconds(now().astimezone(UTC) - timedelta(days=kept))
        step = partial(delete_before, time=before, list_name=list_name, most=AT_ONCE)
        turn = partial(_delete_some, database, step)
        while number := await asyncio.wrap_future(database.run_in_writer(turn)):
            deleted += number
    return deleted


def _delete_some(database: Database, step: Callable[[Connection], int]) -> int:
    """Take one turn of the writer, in short transactions; return how many went."""
    ends = monotonic() + TURN_SECONDS
    deleted = 0
    while number := database.transact(step):
        deleted += number
        if monotonic() >= ends:
            break
    return deleted
