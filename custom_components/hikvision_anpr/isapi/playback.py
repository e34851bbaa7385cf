"""Find out what a device can play of a time, and where it plays it (reference 8.4)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from yarl import URL

from .client import IsapiClient
from .recordings import Recording, async_search_recordings, async_search_some_recordings

SEAM: Final = timedelta(seconds=2)
"""What two recordings may be apart that are one: devices begin a new file now and then."""


LONGEST_KEPT: Final = timedelta(days=400)
"""For how long recordings are looked for: hardly a device keeps them for a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """Hold what part of a time is recorded; aware times by the device's clock.

    `path` is the path and query of its RTSP address.
    """

    start: datetime
    end: datetime
    path: str


async def async_find_playback(
    client: IsapiClient, channel: int, start: datetime, end: datetime, zone: tzinfo
) -> Playback | None:
    """Return what is recorded between two aware times, None where nothing is.

    Devices play another recording, without an error, where there is none of the time
    that they are asked for: so they are searched first. Raises as async_find_stretches.
    """
    found, spoken = await _async_search(client, channel, start, end, zone)
    return _playback(found, start, end, spoken) if found else None


async def async_find_stretches(
    client: IsapiClient, channel: int, start: datetime, end: datetime, zone: tzinfo
) -> list[tuple[datetime, datetime]]:
    """Return what is recorded between two aware times, stretches without a gap.

    Most devices speak UTC, old recorders their own time, which `zone` is; the second is
    tried where the first finds nothing (reference 8.4). Raises the errors of the
    client; NotSupportedError where the device cannot search.
    """
    found, _ = await _async_search(client, channel, start, end, zone)
    stretches: list[tuple[datetime, datetime]] = []
    for one in found:
        begin, last = max(one.start, start), min(one.end, end)
        if stretches and begin - stretches[-1][1] <= SEAM:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], last))
        else:
            stretches.append((begin, last))
    return stretches


async def async_oldest(
    client: IsapiClient, channel: int, moment: datetime, zone: tzinfo
) -> datetime | None:
    """Return when recordings of a channel begin, None where there are none at all.

    Looked for are those within LONGEST_KEPT of an aware time. Raises the errors of the
    client; NotSupportedError where the device cannot search.
    """
    for spoken in dict.fromkeys((UTC, zone)):
        found = await async_search_some_recordings(
            client, channel, moment - LONGEST_KEPT, moment + LONGEST_KEPT, zone=spoken
        )
        if found:
            return found[0].start
    return None


async def _async_search(
    client: IsapiClient, channel: int, start: datetime, end: datetime, zone: tzinfo
) -> tuple[list[Recording], tzinfo]:
    """Return recordings, and the zone in which the device speaks of them."""
    for spoken in dict.fromkeys((UTC, zone)):
        found = await async_search_recordings(client, channel, start, end, zone=spoken)
        if found:
            return found, spoken
    return [], zone


def _playback(
    found: list[Recording], start: datetime, end: datetime, zone: tzinfo
) -> Playback:
    """Return the first stretch without a gap."""
    begin, last = max(start, found[0].start), found[0].end
    for following in found[1:]:
        if following.start - last <= SEAM:
            last = max(last, following.end)
    # With an end time in the address some players hang (reference 8.4).
    url = URL.build(
        path=f"/Streaming/tracks/{found[0].channel}01/",
        query={"starttime": f"{begin.astimezone(zone):%Y%m%dT%H%M%SZ}"},
    )
    return Playback(start=begin, end=min(end, last), path=str(url))
