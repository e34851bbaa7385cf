"""Search what a device has stored, page by page (reference 8.3, 8.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import unescape
from typing import Final, Literal
from uuid import uuid4
from xml.sax.saxutils import escape

from yarl import URL

from .client import IsapiClient
from .errors import BadAnswerError
from .node import Node
from .timestamps import parse_device_time

PAGE: Final = 50
"""What devices cap a page at, whatever they are asked for (trap 58)."""

MOST_PAGES: Final = 200

type ContentType = Literal["video", "metadata"]

_PATH: Final = "/ISAPI/ContentMgmt/search"
_REQUEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<CMSearchDescription version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'
    "<searchID>{search_id}</searchID>"
    "<trackList><trackID>{track}</trackID></trackList>"
    "<timeSpanList><timeSpan><startTime>{start}</startTime><endTime>{end}</endTime>"
    "</timeSpan></timeSpanList>"
    "<contentTypeList><contentType>{content_type}</contentType></contentTypeList>"
    "<maxResults>{most}</maxResults>"
    "<searchResultPostion>{position}</searchResultPostion>"
    "<metadataList><metadataDescriptor>{descriptor}</metadataDescriptor>{criteria}"
    "</metadataList></CMSearchDescription>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentQuery:
    """Say what to search for, between two aware times.

    `track` is the channel and its kind of content: 101 the video, 103 the pictures
    of channel 1. `criteria` is XML beside the descriptor. `zone` is what the device
    means by the Z of its times: old recorders write their local time so.
    """

    track: int
    start: datetime
    end: datetime
    content_type: ContentType
    descriptor: str
    criteria: str = ""
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentMatch:
    """Hold one thing that a device has stored, its times in UTC.

    `playback_uri` is as the device means it, free of XML's escapes. `descriptor` is
    what the device says that it is, None where it says nothing.
    """

    track: int | None
    start: datetime
    end: datetime
    playback_uri: str
    descriptor: str | None = None

    @property
    def said(self) -> dict[str, str]:
        """Return the fields of the address, none where it is no address."""
        try:
            return dict(URL(self.playback_uri).query)
        except ValueError:
            return {}


async def async_search_first(
    client: IsapiClient, query: ContentQuery
) -> list[ContentMatch]:
    """Return what is on the first page of what a device has stored of a track.

    Raises the errors of the client.
    """
    answer = await client.post(_PATH, _request(query, str(uuid4()).upper(), 0))
    return [match for item in _items(answer) if (match := _read(item, query.zone))]


async def async_search_content(
    client: IsapiClient, query: ContentQuery
) -> list[ContentMatch]:
    """Return what a device has stored of a track, in its own order, each once.

    Counts are missing or wrong: it is asked on while it has more, until a page brings
    nothing new. What else it returned than was asked for is left in. Raises the
    errors of the client, and BadAnswerError where the search does not end.
    """
    search_id = str(uuid4()).upper()
    found: dict[ContentMatch, None] = {}
    position = 0
    for _ in range(MOST_PAGES):
        answer = await client.post(_PATH, _request(query, search_id, position))
        items = list(_items(answer))
        matches = [match for item in items if (match := _read(item, query.zone))]
        new = dict.fromkeys(match for match in matches if match not in found)
        found |= new
        position += len(items)
        if not _has_more(answer) or (matches and not new) or not items:
            return list(found)
    raise BadAnswerError("The device's search does not end", path=_PATH)


def _request(query: ContentQuery, search_id: str, position: int) -> bytes:
    """Return the question for what comes after a position."""
    return _REQUEST.format(
        search_id=search_id,
        track=query.track,
        start=_written(query.start, query.zone),
        end=_written(query.end, query.zone),
        content_type=query.content_type,
        most=PAGE,
        position=position,
        descriptor=escape(query.descriptor),
        criteria=query.criteria,
    ).encode()


def _written(time: datetime, zone: tzinfo) -> str:
    """Write a time in the zone that the device means by Z."""
    return f"{time.astimezone(zone):%Y-%m-%dT%H:%M:%SZ}"


def _has_more(answer: Node) -> bool:
    """Tell whether the device has more than this page."""
    word = answer.find("responseStatusStrg")
    return word is not None and word.text.strip().upper() == "MORE"


def _items(answer: Node) -> Iterator[Node]:
    """Yield what an answer lists."""
    for matches in answer.every("matchList"):
        yield from matches.every("searchMatchItem")


def _read(item: Node, zone: tzinfo) -> ContentMatch | None:
    """Read one match, or None where it names no time or nothing to fetch."""
    start = _time(item.value("timeSpan", "startTime"), zone)
    end = _time(item.value("timeSpan", "endTime"), zone)
    uri = item.value("mediaSegmentDescriptor", "playbackURI")
    if start is None or uri is None:
        return None
    return ContentMatch(
        track=item.integer("trackID"),
        start=start,
        end=end or start,
        # Some firmware escapes it twice (trap 61).
        playback_uri=unescape(uri) if "&amp;" in uri else uri,
        descriptor=item.value("metadataMatches", "metadataDescriptor"),
    )


def _time(text: str | None, zone: tzinfo) -> datetime | None:
    """Read a time, taking its Z for what the device means by it."""
    time = parse_device_time((text or "").upper().removesuffix("Z"), zone)
    return time.astimezone(UTC) if time else None
