"""Test logging in where a device has no userCheck, or fails at it."""

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import BusyError
from custom_components.hikvision_anpr.isapi.user_check import (
    USER_CHECK,
    async_check_user,
)

from .web_server import WebServer


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_device_without_user_check(
    client: IsapiClient, web_server: WebServer, status: int
) -> None:
    """Go on where the device does not have it, by whatever status (trap 79)."""
    web_server.answer(USER_CHECK, b"<html>Error</html>", status=status)
    await async_check_user(client)


async def test_busy_device(client: IsapiClient, web_server: WebServer) -> None:
    """Go no further where the device says that it is busy."""
    web_server.answer(USER_CHECK, b"", status=503)
    with pytest.raises(BusyError):
        await async_check_user(client)
