"""Test that old passages go, and that new ones do not wait until all are gone."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from custom_components.hikvision_anpr.archive import retention
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.retention import async_delete_old
from custom_components.hikvision_anpr.archive.schema import PASSAGES

from .passages import START, keep, passage


def left(connection: Connection) -> int:
    """Return how many passages there are."""
    return connection.scalar(select(func.count()).select_from(PASSAGES)) or 0


async def test_in_turns(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delete what is old alone, and let the writer do other work in between."""
    monkeypatch.setattr(retention, "AT_ONCE", 10)
    monkeypatch.setattr(retention, "TURN_SECONDS", 0.0)
    await keep(database, [passage(number, f"A{number}") for number in range(100)])
    newest = START + timedelta(days=1, seconds=90)
    deleting = asyncio.create_task(
        async_delete_old(database, {"none": 1, "allow": 0}, lambda: newest)
    )
    seen = [100]
    while not deleting.done():
        seen.append(await database.async_write(left))
    assert await deleting == 90
    assert await database.async_read(left) == 10
    assert len(set(seen)) > 4
