"""Set a device's clock, once or for good by its time server (reference 7.6)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
import re
from typing import Final

from .client import IsapiClient
from .clock import TIME, DeviceTime, async_get_time
from .errors import BadAnswerError, NotTakenError
from .http_host_document import put
from .time_server import TimeServer, async_get_time_server, async_set_time_server
from .time_zone import parse_time_zone, zone_of
from .writable_document import Element, child, name_of, parse, text, writable
from .written_documents import WrittenDocuments

MANUAL: Final = "manual"
NTP: Final = "NTP"

CLOSE: Final = timedelta(seconds=10)
"""How far a clock that was set may be off; setting it took a few requests."""

_OFFSET: Final = re.compile(r"T.*[+-]\d\d:?\d\d$")
_SEASONS: Final = (datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 7, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSetting:
    """Hold how a device keeps its time; `server` is None where it tells none."""

    time: DeviceTime
    server: TimeServer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """Hold how a device is to keep its time; None leaves it as it is.

    `time_zone` is in the device's own words, see `zone_rules`.
    """

    mode: str | None = None
    time_zone: str | None = None
    server: TimeServer | None = None


async def async_get_clock_setting(client: IsapiClient) -> ClockSetting:
    """Ask how a device keeps its time. Raises the errors of the client."""
    time = await async_get_time(client)
    return ClockSetting(time=time, server=await async_get_time_server(client))


async def async_set_clock(
    client: IsapiClient, now: Callable[[], datetime], server: str | None = None
) -> DeviceTime:
    """Set a device's time to ours, and return what it shows then.

    With a `server` the device follows that one from now on, else it keeps its mode.
    Raises as async_change_clock does.
    """
    change = ClockChange(
        mode=NTP if server else None,
        server=TimeServer(address=server) if server else None,
    )
    return await async_change_clock(client, now, change)


async def async_change_clock(
    client: IsapiClient, now: Callable[[], datetime], change: ClockChange
) -> DeviceTime:
    """Change how a device keeps its time, set it to ours, and return what it shows.

    The time is set by hand in any case: nothing makes a device ask its server now.
    `now` tells our time, aware. Raises NotTakenError where the device shows something
    else afterwards, PartlyWrittenError where it took its server alone, and the errors of
    the client.
    """
    root = await _async_document(client)
    written = WrittenDocuments()
    if change.server:
        with written.adding("server"):
            await async_set_time_server(client, change.server)
    with written.adding("time"):
        answer = await _async_set_time(client, root, now, change)
    return answer  # noqa: RET504  # for mypy a context may swallow what is raised


async def _async_set_time(
    client: IsapiClient,
    root: Element,
    now: Callable[[], datetime],
    change: ClockChange,
) -> DeviceTime:
    """Write the document of the time itself."""
    zone = parse_time_zone(change.time_zone or "")
    if zone is None:
        zone = zone_of(await async_get_time(client))
    elif change.time_zone:
        put(root, ("timeZone",), change.time_zone)
    mode = change.mode or text(root, "timeMode")
    for one in _modes(mode):
        await client.put(TIME, _document(root, _moment(root, now(), zone), one))
    answer = await async_get_time(client)
    if not _has_taken(answer, change) or abs(answer.local_time - now()) > CLOSE:
        raise NotTakenError("The device shows another time all the same", path=TIME)
    return answer


def _has_taken(answer: DeviceTime, change: ClockChange) -> bool:
    """Tell whether a device is in the mode and the zone that it was told."""
    if change.mode and (answer.mode or "").lower() != change.mode.lower():
        return False
    wanted = parse_time_zone(change.time_zone or "")
    shown = parse_time_zone(answer.time_zone or "")
    return wanted is None or (
        shown is not None
        and all(
            moment.astimezone(wanted).utcoffset()
            == moment.astimezone(shown).utcoffset()
            for moment in _SEASONS
        )
    )


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
