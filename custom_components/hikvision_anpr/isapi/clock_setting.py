"""Set a device's clock, once or for good by its time server (reference 7.6)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
import re
from typing import Final

from .addressing import address_settings
from .client import IsapiClient
from .clock import TIME, DeviceTime, async_get_time
from .errors import NOT_TOLD, BadAnswerError, NotSupportedError, NotTakenError
from .http_host_document import put
from .time_zone import zone_of
from .writable_document import Element, child, drop, name_of, parse, text, writable

TIME_SERVERS: Final = f"{TIME}/ntpServers"

MANUAL: Final = "manual"
NTP: Final = "NTP"

CLOSE: Final = timedelta(seconds=10)
"""How far a clock that was set may be off; setting it took a few requests."""

_ADDRESSES: Final = ("hostName", "ipAddress", "ipv6Address")
_OFFSET: Final = re.compile(r"T.*[+-]\d\d:?\d\d$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSetting:
    """Hold how a device keeps its time; `server` is None where it tells none."""

    time: DeviceTime
    server: str | None


async def async_get_clock_setting(client: IsapiClient) -> ClockSetting:
    """Ask how a device keeps its time. Raises the errors of the client."""
    time = await async_get_time(client)
    try:
        _, _, server = await _async_server(client)
    except NOT_TOLD:
        return ClockSetting(time=time, server=None)
    addresses = (text(server, name) for name in _ADDRESSES)
    return ClockSetting(time=time, server=next(filter(None, addresses), None))


async def async_set_clock(
    client: IsapiClient, now: Callable[[], datetime], server: str | None = None
) -> DeviceTime:
    """Set a device's time to ours, and return what it shows then.

    With a `server` the device follows that one from now on, else it keeps its mode.
    The time is set by hand in any case: nothing makes a device ask its server now.
    `now` tells our time, aware. Raises NotTakenError where the device shows another
    time afterwards, and the errors of the client.
    """
    if server:
        await _async_set_server(client, server)
    root = await _async_document(client)
    zone = zone_of(await async_get_time(client))
    mode = NTP if server else text(root, "timeMode")
    for one in _modes(mode):
        await client.put(TIME, _document(root, _moment(root, now(), zone), one))
    answer = await async_get_time(client)
    if abs(answer.local_time - now()) > CLOSE:
        raise NotTakenError("The device shows another time all the same", path=TIME)
    return answer


async def _async_document(client: IsapiClient) -> Element:
    """Return the device's own document, which is sent back as a whole."""
    root = parse(await client.get_bytes(TIME))
    if name_of(root) != "time" or child(root, "localTime") is None:
        raise BadAnswerError("The device's document is another one", path=TIME)
    return root


def _modes(mode: str | None) -> tuple[str | None, ...]:
    """Return the modes to go through: the time can be set by hand alone."""
    return (mode,) if mode is None or mode.lower() == MANUAL else (MANUAL, mode)


def _document(root: Element, moment: str, mode: str | None) -> bytes:
    """Return a device's document with another time and, where it has one, mode."""
    put(root, ("localTime",), moment)
    if mode:
        put(root, ("timeMode",), mode)
    return writable(root)


def _moment(root: Element, moment: datetime, zone: tzinfo) -> str:
    """Write a moment in the form of the device: with offset, in UTC, or without."""
    form = text(root, "localTime") or ""
    moment += timedelta(microseconds=500_000)
    if form.upper().endswith("Z"):
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
    local = moment.astimezone(zone).replace(microsecond=0)
    if not _OFFSET.search(form):
        local = local.replace(tzinfo=None)
    return local.isoformat()


async def _async_server(client: IsapiClient) -> tuple[str, Element, Element]:
    """Return where a device's first time server is, its document, and the server.

    Raises NotSupportedError where there is none.
    """
    path = f"{TIME_SERVERS}/1"
    try:
        root = parse(await client.get_bytes(path))
    except NOT_TOLD:
        path = TIME_SERVERS
        root = parse(await client.get_bytes(path))
    server = root if name_of(root) == "ntpserver" else child(root, "NTPServer")
    if server is None:
        raise NotSupportedError("The device has no time server", path=path)
    return path, root, server


async def _async_set_server(client: IsapiClient, address: str) -> None:
    """Let a device ask another time server. Raises NotTakenError."""
    path, root, server = await _async_server(client)
    for field, value in address_settings((), address):
        if value is None:
            drop(server, field[-1])
        else:
            put(server, field, value)
    await client.put(path, writable(root))
    _, _, kept = await _async_server(client)
    if address not in {text(kept, name) for name in _ADDRESSES}:
        raise NotTakenError("The device keeps its time server", path=path)
