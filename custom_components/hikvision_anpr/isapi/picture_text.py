"""Read and change what is written into the pictures of plates (reference 7.5).

Nobody knows the document but the device: each of its texts is told by its path, and can
be set by that path.
"""

from collections.abc import Mapping

from .client import IsapiClient
from .errors import NOT_TOLD, NotTakenError
from .leaves import leaves
from .offers import async_get_offers_by_path, set_by_paths
from .stored_document import async_store
from .writable_document import Element, parse


async def async_get_picture_text(
    client: IsapiClient, channel: int
) -> Mapping[str, str] | None:
    """Ask for the settings by their paths; None where the device has none.

    Raises the errors of the client.
    """
    try:
        root = parse(await client.get_bytes(_path(channel)))
    except NOT_TOLD:
        return None
    return dict(leaves(root))


async def async_check_picture_text(
    client: IsapiClient, channel: int, values: Mapping[str, str]
) -> None:
    """Raise what async_set_picture_text would, before anything is written."""
    await _async_changed(client, channel, values)


async def async_set_picture_text(
    client: IsapiClient, channel: int, values: Mapping[str, str]
) -> bool:
    """Set texts by their paths, send all of the document back, and read it again.

    Tells whether the device wants a restart. Raises UnknownSettingError for a path
    that is not there, NotOfferedError for a value that the device does not offer,
    NotTakenError where it shows another one afterwards, and the errors of the client.
    """
    path = _path(channel)
    root = await _async_changed(client, channel, values)
    reboot_required = await async_store(client, path, root)
    kept = await async_get_picture_text(client, channel) or {}
    if not reboot_required and any(kept.get(one) != values[one] for one in values):
        raise NotTakenError("The device keeps its own", path=path)
    return reboot_required


async def _async_changed(
    client: IsapiClient, channel: int, values: Mapping[str, str]
) -> Element:
    """Return the document with other texts."""
    path = _path(channel)
    root = parse(await client.get_bytes(path))
    offers = await async_get_offers_by_path(client, f"{path}/capabilities")
    set_by_paths(root, values, offers)
    return root


def _path(channel: int) -> str:
    """Return where a channel's document is."""
    return f"/ISAPI/Traffic/channels/{channel}/picParam"
