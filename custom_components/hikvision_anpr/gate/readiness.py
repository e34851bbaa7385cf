"""Keep the connection to a device ready for commands."""

import asyncio
from collections.abc import Callable
import logging
from typing import Final

from ..isapi.client import IsapiClient
from ..isapi.errors import IsapiError
from ..isapi.user_check import async_stay_logged_in

_LOGGER = logging.getLogger(__name__)

READY_SECONDS: Final = 5.0
"""Devices close a connection ten seconds after its last request (their Keep-Alive
header), and a command must not meet one that is about to be closed."""


async def async_keep_ready(
    client: IsapiClient, is_wanted: Callable[[], bool], name: str
) -> None:
    """Let each command of a device find a connection and a login; never ends."""
    try:
        while True:
            if is_wanted():
                await _async_ask(client)
            await asyncio.sleep(READY_SECONDS)
    except Exception:
        _LOGGER.exception("Commands of %s will take longer from now on", name)


async def _async_ask(client: IsapiClient) -> None:
    """Ask once; a device that does not answer shows by other ways."""
    try:
        await async_stay_logged_in(client)
    except IsapiError as error:
        _LOGGER.debug("The device is not ready for a command: %s", error)
