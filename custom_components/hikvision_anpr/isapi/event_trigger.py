"""Link vehicle detection to who is to be told: the surveillance centre (reference 7.4).

Without the link a camera reads plates and tells nobody, whoever is armed or listens.
"""

from typing import Final

from .client import IsapiClient
from .linkage import (
    CENTER,
    WORDS,
    LinkageChange,
    async_change_linkage,
    async_get_linkage,
)

_TO_CENTER: Final = (CENTER, None)


async def async_is_linked(client: IsapiClient, channel: int) -> bool | None:
    """Ask whether a channel's reads are told to the centre; None if it does not say.

    Raises the errors of the client; NotSupportedError where there is no such link.
    """
    linkage = await async_get_linkage(client, channel, "vehicle_detection")
    return None if linkage.links is None else _TO_CENTER in linkage.links


async def async_get_methods(client: IsapiClient, channel: int) -> tuple[str, ...]:
    """Ask what a read is told by now, such as "FTP". Raises as async_is_linked does."""
    linkage = await async_get_linkage(client, channel, "vehicle_detection")
    return tuple(dict.fromkeys(WORDS.get(one, one) for one, _ in linkage.links or ()))


async def async_link(client: IsapiClient, channel: int) -> bool:
    """Add the centre to what is told, and leave the rest as it is.

    Tells whether the device wants a restart. Raises NotTakenError where the device does not keep it, and the errors of the
    client.
    """
    change = LinkageChange(add=frozenset({_TO_CENTER}))
    return await async_change_linkage(client, channel, "vehicle_detection", change)
