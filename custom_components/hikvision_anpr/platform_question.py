"""Query a device for what determines its entities."""

from collections.abc import Awaitable

from .exceptions import platform_error
from .isapi.client import IsapiClient
from .isapi.errors import NOT_TOLD, IsapiError


async def async_ask_for_entities[Answer](
    client: IsapiClient, question: Awaitable[Answer]
) -> Answer | None:
    """Return what the device answers; None where it has no such thing.

    Raises PlatformNotReady where it cannot be asked now.
    """
    try:
        return await question
    except NOT_TOLD:
        return None
    except IsapiError as error:
        raise platform_error(error, client.address.host) from error
