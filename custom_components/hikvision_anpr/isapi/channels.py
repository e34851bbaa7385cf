"""Read which cameras are behind a recorder (reference 8.1)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
import re
from typing import Final

from .client import IsapiClient
from .errors import NOT_TOLD
from .node import NOTHING, Node
from .tables.models import family

_PROXIED: Final = "/ISAPI/ContentMgmt/InputProxy/channels"
_STATES: Final = f"{_PROXIED}/status"
_ANALOGUE: Final = "/ISAPI/System/Video/inputs/channels"
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputChannel:
    """Hold one camera as its recorder sees it.

    `serial_number` is None where the recorder knows none, or the same for several;
    `online` and `reads_plates` are None where it does not say.
    """

    number: int
    name: str | None = None
    model: str | None = None
    serial_number: str | None = None
    address: str | None = None
    port: int | None = None
    online: bool | None = None
    reads_plates: bool | None = None

    @property
    def seems_to_read_plates(self) -> bool:
        """Tell whether the channel reads plates, by its word or else by its model."""
        if self.reads_plates is None:
            return family(self.model) is not None
        return self.reads_plates


async def async_get_channels(client: IsapiClient) -> tuple[InputChannel, ...]:
    """Ask a recorder for its channels, by number; a camera has none.

    Digital channels come first where an analogue one has the same number. Raises the
    errors of the client, but not what a device says that has no such list.
    """
    proxied = await _ask(client, _PROXIED)
    states = _states(await _ask(client, _STATES))
    analogue = await _ask(client, _ANALOGUE)
    found = {channel.number: channel for channel in _analogue(analogue)}
    found |= {channel.number: channel for channel in _proxied(proxied, states)}
    channels = _without_double_serials(found.values())
    return tuple(sorted(channels, key=lambda channel: channel.number))


async def async_reads_plates(client: IsapiClient, number: int) -> bool | None:
    """Ask whether a channel reads plates; None where the recorder does not say."""
    answer = await _ask(client, f"/ISAPI/Traffic/channels/{number}/vehicleDetect")
    return True if answer.find("VehicleDetectCfg") else None


async def _ask(client: IsapiClient, path: str) -> Node:
    """Return a document, an empty one where the device has none."""
    try:
        return await client.get(path)
    except NOT_TOLD:
        return NOTHING


def _proxied(answer: Node, states: Mapping[int, bool | None]) -> Iterator[InputChannel]:
    """Yield the digital channels."""
    channels = answer.find("InputProxyChannelList") or answer
    for row in channels.every("InputProxyChannel"):
        if not (number := row.integer("id")):
            continue
        source = row.child("sourceInputPortDescriptor") or NOTHING
        yield InputChannel(
            number=number,
            name=row.value("name"),
            model=source.value("model"),
            serial_number=source.value("serialNumber"),
            address=source.value("ipAddress") or source.value("hostName"),
            port=source.integer("managePortNo"),
            online=states.get(number),
        )


def _states(answer: Node) -> dict[int, bool | None]:
    """Return which channels are online; one that is left out may be."""
    states = answer.find("InputProxyChannelStatusList") or answer
    return {
        number: row.flag("online")
        for row in states.every("InputProxyChannelStatus")
        if (number := row.integer("id"))
    }


def _analogue(answer: Node) -> Iterator[InputChannel]:
    """Yield the analogue channels, whose ids may be written "I-1"."""
    channels = answer.find("VideoInputChannelList") or answer
    for row in channels.every("VideoInputChannel"):
        if number := _DIGITS.search(row.value("id") or ""):
            yield InputChannel(
                number=int(number[0]), name=row.value("name"), reads_plates=False
            )


def _without_double_serials(listed: Collection[InputChannel]) -> list[InputChannel]:
    """Take serial numbers away that several channels have: they identify nothing."""
    counts = Counter(channel.serial_number for channel in listed)
    return [
        replace(channel, serial_number=None)
        if counts[channel.serial_number] > 1
        else channel
        for channel in listed
    ]
