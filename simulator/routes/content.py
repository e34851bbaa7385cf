"""/ISAPI/ContentMgmt/search: the recordings of a device (reference 8.3, 8.4)."""

from datetime import UTC, datetime, tzinfo

from aiohttp import web
from lxml import etree

from simulator.answers import BAD_CONTENT
from simulator.configuration import parse, text_of
from simulator.device import Device
from simulator.document import Tree
from simulator.footage import Span

from .route import Route, document, status


async def search(device: Device, request: web.Request) -> web.Response:
    """Answer the recordings of a track, fewer on a page than were asked for."""
    zone = _zone(device)
    try:
        asked = parse(await request.read())
        track = int(text_of(asked, "trackID") or "")
        start = _moment(text_of(asked, "startTime"), zone)
        end = _moment(text_of(asked, "endTime"), zone)
        position = int(text_of(asked, "searchResultPostion") or "0")
    except etree.XMLSyntaxError, ValueError:
        return status(device, request, BAD_CONTENT)
    found = device.footage.between(track // 100, start, end) if track % 100 == 1 else []
    page = found[position : position + device.footage.page]
    more = position + len(page) < len(found)
    word = "MORE" if more else "OK" if found else "NO MATCHES"
    return document(
        device,
        "CMSearchResult",
        {
            "searchID": f"{{{text_of(asked, 'searchID')}}}",
            "responseStatus": "true",
            "responseStatusStrg": word,
            "numOfMatches": str(len(page)),
            "matchList": {
                "searchMatchItem": [_item(device, track, span, zone) for span in page]
            },
        },
    )


def _zone(device: Device) -> tzinfo:
    """Return the zone of what a device calls UTC."""
    own = device.clock.now().tzinfo or UTC
    return own if device.footage.local_times else UTC


def _moment(text: str | None, zone: tzinfo) -> datetime:
    """Return a time of a request. Raises ValueError."""
    return datetime.strptime(text or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=zone)


def _item(device: Device, track: int, span: Span, zone: tzinfo) -> Tree:
    """Return one recording; its address names the device as it knows itself."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    address = (
        f"rtsp://192.0.2.64/Streaming/tracks/{track}/?starttime={start:%Y%m%dT%H%M%SZ}"
        f"&endtime={end:%Y%m%dT%H%M%SZ}&name=ch{track // 100:02}_00000000001&size=4203"
    )
    return {
        "sourceID": "{0000000000-0000-0000-0000-000000000000}",
        "trackID": str(track),
        "timeSpan": {
            "startTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "endTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        },
        "mediaSegmentDescriptor": {
            "contentType": "video",
            "codecType": "H.264-BP",
            "playbackURI": address,
        },
        "metadataMatches": {
            "metadataDescriptor": "recordType.meta.hikvision.com/timing"
        },
    }


ROUTES = (Route("POST", "/ISAPI/ContentMgmt/search", search),)
