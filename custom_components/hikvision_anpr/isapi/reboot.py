"""Restart a device."""

from typing import Final

from .client import IsapiClient

_PATH: Final = "/ISAPI/System/reboot"


async def async_reboot(client: IsapiClient) -> None:
    """Restart a device, which is away for a minute. Raises the errors of the client."""
    await client.put(_PATH, b"")
