"""Let WebSocket clients follow and cancel work that takes a while."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN

API_VERSION: Final = 1


class Tell(Protocol):
    """Tell how far the work is; called in the event loop."""

    def __call__(self, **content: Any) -> None:
        """Tell it."""


type Work = Callable[[Tell], Coroutine[Any, Any, dict[str, Any]]]


async def async_let_follow(
    hass: HomeAssistant,
    connection: ActiveConnection,
    message_id: int,
    work: Work,
    **expected: Any,
) -> None:
    """Do the work, and send how far it is, then what came of it or what went wrong.

    What is `expected` of it is answered at once. Who unsubscribes, or goes away, ends
    the work.
    """

    @callback
    def send(kind: str, **content: Any) -> None:
        message = {"kind": kind, **content}
        connection.send_message(websocket_api.event_message(message_id, message))

    @callback
    def tell(**content: Any) -> None:
        send("progress", **content)

    task = hass.async_create_task(work(tell), f"{DOMAIN} work for the panel")
    connection.subscriptions[message_id] = task.cancel
    connection.send_result(message_id, {"api_version": API_VERSION, **expected})
    await asyncio.wait([task])
    connection.subscriptions.pop(message_id, None)
    if task.cancelled():
        return
    try:
        send("done", **task.result())
    except HomeAssistantError as error:
        send("failed", error=error.translation_key, text=str(error))
