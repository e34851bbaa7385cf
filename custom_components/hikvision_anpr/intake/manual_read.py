"""Make a camera read a plate now."""

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..isapi.client import IsapiClient
from ..isapi.listening import Delivery, parse_post
from ..isapi.manual_read import async_read_now
from ..isapi.plate_read import PlateRead
from .listener import IntakeListener
from .timekeeper import Timekeeper


async def async_recognize(
    hass: HomeAssistant,
    client: IsapiClient,
    timekeeper: Timekeeper,
    listener: IntakeListener,
    channel: int,
) -> bool:
    """Let a channel read now, and hand on what it read; tell whether that was anything.

    Raises the errors of the client.
    """
    body = await async_read_now(client, channel)
    received_at = dt_util.utcnow()
    delivery: Delivery = await hass.async_add_executor_job(
        parse_post, "", body, timekeeper.clock.zone
    )
    reads = [one for one in delivery.messages if isinstance(one, PlateRead)]
    for read in reads:
        await timekeeper.check_capture(read.captured_at, received_at)
        listener.read_arrived(read, received_at, "manual")
    for picture in delivery.pictures:
        listener.picture_arrived(picture)
    return bool(reads)
