"""Let a camera read the plate that stands before it now (reference 4.3).

The answer is the event of a passage with its pictures, by a client's report. Nobody
knows by what a camera says beforehand that it can.
"""

from typing import Final

from .client import IsapiClient

ANSWER_SECONDS: Final = 30
"""How long a camera may take to read."""


async def async_read_now(client: IsapiClient, channel: int) -> bytes:
    """Return what a camera reads now, as it would post it.

    Raises NotSupportedError where it cannot, and the errors of the client.
    """
    path = f"/ISAPI/Traffic/MNPR/channels/{channel}"
    return await client.patient(ANSWER_SECONDS).get_bytes(path)
