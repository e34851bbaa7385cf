"""Take a picture of what a channel sees now."""

from typing import Final

from .client import IsapiClient
from .errors import BadAnswerError, NotSupportedError, RejectedError

_JPEG: Final = b"\xff\xd8"


async def async_get_snapshot(
    client: IsapiClient, channel: int = 1, stream: int = 1
) -> bytes:
    """Return a JPEG of a channel's stream, 1 is the main one (reference 8.4).

    Devices name the stream by channel and number, some by the channel alone.
    """
    try:
        return await _picture(client, f"{channel}{stream:02}")
    except NotSupportedError, RejectedError, BadAnswerError:
        return await _picture(client, f"{channel}")


async def _picture(client: IsapiClient, stream: str) -> bytes:
    """Return a JPEG of a stream.

    Raises BadAnswerError where the device sends something else.
    """
    path = f"/ISAPI/Streaming/channels/{stream}/picture"
    picture = await client.get_bytes(path)
    if not picture.startswith(_JPEG):
        raise BadAnswerError("The device's picture is no JPEG", path=path)
    return picture
