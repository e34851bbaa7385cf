"""Read and set what a channel's analysis looks for (reference 7.1).

A channel analyses one thing at a time; a recorder that searches for faces may flip it,
and plates stop while their detection still counts as enabled.
"""

from dataclasses import dataclass
from typing import Final

from .client import IsapiClient
from .errors import NOT_TOLD, BadAnswerError, NotTakenError, RebootRequiredError
from .writable_document import child, options, parse, text, writable

ROAD: Final = "roadDetection"

_PLATE_MODES: Final = ("road", "vehicle", "hvt", "traffic", "plate")


@dataclass(frozen=True, slots=True)
class VcaMode:
    """Hold what a channel's analysis is set to, such as "roadDetection" or "smart"."""

    resource: str

    @property
    def allows_plates(self) -> bool:
        """Tell whether the channel reads plates in this mode."""
        resource = self.resource.lower()
        return any(mode in resource for mode in _PLATE_MODES)


def vca_path(channel: int) -> str:
    """Return where a channel's analysis is set."""
    return f"/ISAPI/System/Video/inputs/channels/{channel}/VCAResource"


async def async_get_vca_mode(client: IsapiClient, channel: int) -> VcaMode | None:
    """Ask what a channel is set to; None where it does not say.

    Raises the errors of the client.
    """
    resource = text(parse(await client.get_bytes(vca_path(channel))), "type")
    return VcaMode(resource) if resource else None


async def async_get_offered_modes(
    client: IsapiClient, channel: int
) -> tuple[VcaMode, ...]:
    """Ask what a channel can be set to; none where it does not say.

    Raises the errors of the client.
    """
    try:
        path = f"{vca_path(channel)}/capabilities"
        offered = options(parse(await client.get_bytes(path)), "type")
    except NOT_TOLD:
        return ()
    return tuple(VcaMode(one) for one in offered)


async def async_get_plate_mode(client: IsapiClient, channel: int) -> VcaMode:
    """Ask which mode of a device reads plates; where it does not say, road detection."""
    offered = await async_get_offered_modes(client, channel)
    return next((mode for mode in offered if mode.allows_plates), VcaMode(ROAD))


async def async_set_vca_mode(client: IsapiClient, channel: int, mode: VcaMode) -> bool:
    """Set what a channel looks for; tell whether that acts after a restart only.

    Raises NotTakenError where the device shows another mode at once, and the errors of
    the client.
    """
    path = vca_path(channel)
    root = parse(await client.get_bytes(path))
    kind = child(root, "type")
    if kind is None:
        raise BadAnswerError("The device's document is another one", path=path)
    kind.text = mode.resource
    try:
        await client.put(path, writable(root))
    except RebootRequiredError:
        return True
    if await async_get_vca_mode(client, channel) != mode:
        raise NotTakenError("The device stays in its mode", path=path)
    return False
