"""Link vehicle detection to who is to be told: the surveillance centre (reference 7.4).

Without the link a camera reads plates and tells nobody, whoever is armed or listens.
"""

from typing import Final

from lxml import etree

from .client import IsapiClient
from .errors import NotSupportedError, NotTakenError
from .writable_document import Element, child, name_of, parse, text, writable

CENTER: Final = "center"

_LIST: Final = "EventTriggerNotificationList"
_NOTIFICATION: Final = "EventTriggerNotification"
_METHOD: Final = "notificationMethod"


async def async_is_linked(client: IsapiClient, channel: int) -> bool | None:
    """Ask whether a channel's reads are told to the centre; None if it does not say.

    Raises the errors of the client; NotSupportedError where there is no such link.
    """
    methods = _methods(await _async_document(client, channel))
    return None if methods is None else CENTER in methods


async def async_get_methods(client: IsapiClient, channel: int) -> tuple[str, ...]:
    """Ask what a read is told by now, such as "FTP". Raises as async_is_linked does."""
    return _methods(await _async_document(client, channel)) or ()


async def async_link(client: IsapiClient, channel: int) -> None:
    """Add the centre to what is told, and leave the rest as it is.

    Raises NotTakenError where the device does not keep it, and the errors of the
    client.
    """
    root = await _async_document(client, channel)
    listed = child(_trigger(root), _LIST)
    if listed is None:
        raise NotSupportedError("The device has no list of who is told")
    if CENTER not in (_methods(root) or ()):
        listed.append(_link(etree.QName(listed).namespace))
        await client.put(_path(channel), writable(root))
    if not await async_is_linked(client, channel):
        raise NotTakenError("The device does not keep the link", path=_path(channel))


async def _async_document(client: IsapiClient, channel: int) -> Element:
    """Return the trigger of a channel; the list of all fails on some models."""
    return parse(await client.get_bytes(_path(channel)))


def _path(channel: int) -> str:
    """Return where the trigger of a channel is."""
    return f"/ISAPI/Event/triggers/vehicledetection-{channel}"


def _trigger(root: Element) -> Element:
    """Return the trigger of a document, which may be wrapped."""
    inner = child(root, "EventTrigger")
    return root if inner is None else inner


def _methods(root: Element) -> tuple[str, ...] | None:
    """Return by what a read is told; None where the document does not say."""
    listed = child(_trigger(root), _LIST)
    if listed is None:
        return None
    return tuple(
        text(one, _METHOD) or ""
        for one in listed
        if name_of(one) == _NOTIFICATION.lower()
    )


def _link(namespace: str | None) -> Element:
    """Return the link to the centre."""
    link = etree.Element(etree.QName(namespace, _NOTIFICATION))
    for name, value in (
        ("id", CENTER),
        (_METHOD, CENTER),
        ("notificationRecurrence", "beginning"),
    ):
        etree.SubElement(link, etree.QName(namespace, name)).text = value
    return link
