"""Read and fill the schedule by which vehicle detection is armed (reference 7.4).

Outside of its schedule a camera is silent, as if nobody passed.
"""

from typing import Final

from lxml import etree

from .client import IsapiClient
from .errors import NotSupportedError, NotTakenError
from .writable_document import Element, child, name_of, parse, text, writable

DAYS: Final = range(1, 8)
"""As devices count them: 1 is Monday."""

BEGIN: Final = "00:00"
END: Final = "24:00"

_LIST: Final = "TimeBlockList"
_SCHEDULES: Final = "/ISAPI/Event/schedules/vehicledetects"


async def async_is_empty(client: IsapiClient, channel: int) -> bool | None:
    """Ask whether a channel is never armed; None if the device does not say.

    Raises the errors of the client; NotSupportedError where there is no schedule.
    """
    _, root = await async_document(client, channel)
    return _is_empty(root)


async def async_fill(client: IsapiClient, channel: int) -> None:
    """Arm a channel always. Raises NotTakenError, and the errors of the client."""
    path, root = await async_document(client, channel)
    listed = child(root, _LIST)
    if listed is None:
        raise NotSupportedError("The device's schedule has no times", path=path)
    for block in list(listed):
        listed.remove(block)
    for day in DAYS:
        listed.append(_block(etree.QName(listed).namespace, day))
    await client.put(path, writable(root))
    if _is_empty(parse(await client.get_bytes(path))) is not False:
        raise NotTakenError("The device does not keep the schedule", path=path)


async def async_document(client: IsapiClient, channel: int) -> tuple[str, Element]:
    """Return where a channel's schedule is and what it says: two names are known."""
    path = f"{_SCHEDULES}/vehicledetection-{channel}"
    try:
        return path, parse(await client.get_bytes(path))
    except NotSupportedError:
        path = f"{_SCHEDULES}/{channel}"
        return path, parse(await client.get_bytes(path))


def _is_empty(root: Element) -> bool | None:
    """Tell whether no time of a schedule lasts."""
    listed = child(root, _LIST)
    if listed is None:
        return None
    spans = (one for one in listed.iter(etree.Element) if name_of(one) == "timerange")
    return not any(_lasts(span) for span in spans)


def _lasts(span: Element) -> bool:
    """Tell whether a time begins before it ends; one that cannot be read does."""
    begin, end = text(span, "beginTime"), text(span, "endTime")
    return not begin or not end or begin != end


def _block(namespace: str | None, day: int) -> Element:
    """Return a whole day."""

    def add(parent: Element, name: str, value: str | None = None) -> Element:
        added = etree.SubElement(parent, etree.QName(namespace, name))
        added.text = value
        return added

    block = etree.Element(etree.QName(namespace, "TimeBlock"))
    add(block, "dayOfWeek", str(day))
    span = add(block, "TimeRange")
    add(span, "beginTime", BEGIN)
    add(span, "endTime", END)
    return block
