"""Read and change what is written into the pictures of plates (reference 7.5).

Nobody knows the document but the device: each of its texts is told by its path, and can
be set by that path.
"""

from collections.abc import Mapping

from .client import IsapiClient
from .errors import NOT_TOLD, NotTakenError
from .leaves import leaf_elements, leaves
from .stored_document import UnknownSettingError, async_store
from .writable_document import options, parse


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


async def async_set_picture_text(
    client: IsapiClient, channel: int, values: Mapping[str, str]
) -> bool:
    """Set texts by their paths, send all of the document back, and read it again.

    Tells whether the device wants a restart. Raises UnknownSettingError for a path
    that is not there, and for a value that the device does not offer, NotTakenError
    where it shows another one afterwards, and the errors of the client.
    """
    path = _path(channel)
    root = parse(await client.get_bytes(path))
    there = dict(leaf_elements(root))
    offered = await _async_offered(client, channel)
    for name, value in values.items():
        if name not in there or value not in offered.get(name, (value,)):
            raise UnknownSettingError(name if name not in there else f"{name}: {value}")
        there[name].text = value
    reboot_required = await async_store(client, path, root)
    kept = await async_get_picture_text(client, channel) or {}
    if not reboot_required and any(kept.get(one) != values[one] for one in values):
        raise NotTakenError("The device keeps its own", path=path)
    return reboot_required


async def _async_offered(
    client: IsapiClient, channel: int
) -> Mapping[str, tuple[str, ...]]:
    """Return the values that a device offers, by path, where it says so."""
    try:
        root = parse(await client.get_bytes(f"{_path(channel)}/capabilities"))
    except NOT_TOLD:
        return {}
    found = {path: options(element) for path, element in leaf_elements(root)}
    return {path: values for path, values in found.items() if values}


def _path(channel: int) -> str:
    """Return where a channel's document is."""
    return f"/ISAPI/Traffic/channels/{channel}/picParam"
