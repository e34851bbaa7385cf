"""Ask a simulated camera which plates it has read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

import aiohttp

from simulator import SimulatedCamera

from .xml_reading import tree

PLATES: Final = "/ISAPI/Traffic/channels/1/vehicleDetect/plates"
NOON: Final = datetime(2026, 7, 1, 12, 0, 0, 250000, UTC)
EVERYTHING: Final = "0"


def asking(cursor: str) -> str:
    """Return the body of a query."""
    return f"<AfterTime><picTime>{cursor}</picTime></AfterTime>"


async def answer(session: aiohttp.ClientSession, cursor: str = EVERYTHING) -> bytes:
    """Return the body of an answer."""
    async with session.post(PLATES, data=asking(cursor)) as response:
        assert response.status == HTTPStatus.OK
        return await response.read()


async def found(session: aiohttp.ClientSession, cursor: str = EVERYTHING) -> list[str]:
    """Return the plates of an answer."""
    document = tree(await answer(session, cursor))
    return [element.text or "" for element in document.iter("{*}plateNumber")]


async def passing(camera: SimulatedCamera, *plates: str) -> Sequence[str]:
    """Let vehicles pass from noon on, a minute apart, and return their picNames."""
    for number, plate in enumerate(plates):
        moment = NOON + timedelta(minutes=number)
        await camera.vehicle_passes(plate, captured_at=moment)
    return [kept.name for kept in camera.plates]
