"""Restart a device (reference 9.3)."""

from .client import IsapiClient


async def async_restart(client: IsapiClient) -> None:
    """Restart a device, asked once. Raises the errors of the client."""
    await client.put("/ISAPI/System/reboot", b"")
