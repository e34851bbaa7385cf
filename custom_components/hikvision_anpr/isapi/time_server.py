"""Read and change the server that a device asks for the time (reference 7.6)."""

from dataclasses import dataclass
from typing import Final

from .addressing import address_settings
from .client import IsapiClient
from .clock import TIME
from .errors import NOT_TOLD, NotSupportedError, NotTakenError
from .http_host_document import put
from .writable_document import (
    Element,
    child,
    drop,
    name_of,
    parse,
    text,
    whole_number,
    writable,
)

TIME_SERVERS: Final = f"{TIME}/ntpServers"

_ADDRESSES: Final = ("hostName", "ipAddress", "ipv6Address")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeServer:
    """Hold a time server, and how often it is asked; None is what is not said.

    In a change, None is what stays as it is.
    """

    address: str | None = None
    port: int | None = None
    interval_minutes: int | None = None


async def async_get_time_server(client: IsapiClient) -> TimeServer | None:
    """Ask for a device's first time server; None where it tells of none.

    Raises the errors of the client.
    """
    try:
        _, _, server = await _async_server(client)
    except NOT_TOLD:
        return None
    return _server(server)


async def async_set_time_server(client: IsapiClient, change: TimeServer) -> None:
    """Let a device ask another time server, or another way.

    Raises NotSupportedError where it has none, NotTakenError where it keeps its own,
    and the errors of the client.
    """
    path, root, server = await _async_server(client)
    if change.address is not None:
        for field, value in address_settings((), change.address):
            if value is None:
                drop(server, field[-1])
            else:
                put(server, field, value)
    if change.port is not None:
        put(server, ("portNo",), str(change.port))
    if change.interval_minutes is not None:
        put(server, ("synchronizeInterval",), str(change.interval_minutes))
    await client.put(path, writable(root))
    _, _, kept = await _async_server(client)
    if not _has_taken(_server(kept), change):
        raise NotTakenError("The device keeps its time server", path=path)


def _has_taken(kept: TimeServer, change: TimeServer) -> bool:
    """Tell whether a device shows what it was told."""
    return (
        change.address in {None, kept.address}
        and change.port in {None, kept.port}
        and change.interval_minutes in {None, kept.interval_minutes}
    )


def _server(server: Element) -> TimeServer:
    """Return what a server's element says."""
    addresses = (text(server, name) for name in _ADDRESSES)
    return TimeServer(
        address=next(filter(None, addresses), None),
        port=whole_number(text(server, "portNo")),
        interval_minutes=whole_number(text(server, "synchronizeInterval")),
    )


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
