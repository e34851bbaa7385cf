"""Find the recordings of a channel: what video there is of a time (reference 8.4)."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from .client import IsapiClient
from .content_search import (
    ContentMatch,
    ContentQuery,
    async_search_content,
    async_search_first,
)

_VIDEO: Final = "//recordType.meta.std-cgi.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Hold one recording of a channel's main stream, its times in UTC.

    `size` is that of the whole file in bytes, None where the device does not say.
    `playback_uri` names an address of the device's own network.
    """

    channel: int
    start: datetime
    end: datetime
    playback_uri: str
    name: str | None = None
    size: int | None = None


async def async_search_recordings(
    client: IsapiClient,
    channel: int,
    start: datetime,
    end: datetime,
    *,
    zone: tzinfo = UTC,
) -> list[Recording]:
    """Return the recordings that show something between two aware times, oldest first.

    Devices return other recordings rather than none, without an error (trap 60): those
    of another time or channel are left out. `zone` is as in ContentQuery. Raises the
    errors of the client; NotSupportedError where the device cannot search.
    """
    query = _query(channel, start, end, zone)
    return _fitting(query, channel, await async_search_content(client, query))


async def async_search_some_recordings(
    client: IsapiClient,
    channel: int,
    start: datetime,
    end: datetime,
    *,
    zone: tzinfo = UTC,
) -> list[Recording]:
    """Return the first of the recordings, as many as the device gives at once.

    The first page costs one question, however much is recorded. All else is as in
    async_search_recordings.
    """
    query = _query(channel, start, end, zone)
    return _fitting(query, channel, await async_search_first(client, query))


def _query(channel: int, start: datetime, end: datetime, zone: tzinfo) -> ContentQuery:
    """Return the question for the recordings of a channel."""
    return ContentQuery(
        track=channel * 100 + 1,
        start=start,
        end=end,
        content_type="video",
        descriptor=_VIDEO,
        zone=zone,
    )


def _fitting(
    query: ContentQuery, channel: int, matches: list[ContentMatch]
) -> list[Recording]:
    """Return the matches that are what was asked for, the oldest first."""
    return sorted(
        (
            _recording(channel, match)
            for match in matches
            if match.track in {query.track, None}
            and match.start < query.end
            and match.end > query.start
        ),
        key=lambda recording: recording.start,
    )


def _recording(channel: int, match: ContentMatch) -> Recording:
    """Return a match as a recording, with what its address says of the file."""
    said = match.said
    size = said.get("size", "")
    return Recording(
        channel=channel,
        start=match.start,
        end=match.end,
        playback_uri=match.playback_uri,
        name=said.get("name") or None,
        size=int(size) if size.isascii() and size.isdigit() else None,
    )
