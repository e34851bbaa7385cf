"""/ISAPI/ContentMgmt: recordings and pictures of a device (reference 8.3, 8.4)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from xml.sax.saxutils import escape

from aiohttp import web
from lxml import etree
from yarl import URL

from simulator.answers import BAD_CONTENT, BAD_FORMAT, BAD_METHOD, NOT_SUPPORT
from simulator.configuration import parse, text_of
from simulator.device import Device
from simulator.document import Tree
from simulator.faults import Fault
from simulator.footage import Span
from simulator.gallery import StoredPicture

from .route import Route, document, status

_VIDEO, _PICTURES = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Hold what is searched for; zone is that of what the device calls UTC."""

    search_id: str
    track: int
    start: datetime
    end: datetime
    content: str
    descriptor: str
    position: int
    zone: tzinfo
    plate: str = ""


async def search(device: Device, request: web.Request) -> web.Response:
    """Answer what there is of a track, fewer on a page than were asked for."""
    if device.faults.strikes(Fault.SEARCH_REFUSED):
        return status(device, request, NOT_SUPPORT)
    try:
        asked = _question(device, await request.read())
    except etree.XMLSyntaxError, ValueError:
        return status(device, request, BAD_CONTENT)
    found = _found(device, asked)
    page = found[asked.position : asked.position + device.footage.page]
    more = asked.position + len(page) < len(found)
    word = "MORE" if more else "OK" if found else "NO MATCHES"
    return document(
        device,
        "CMSearchResult",
        {
            "searchID": f"{{{asked.search_id}}}",
            "responseStatus": "true",
            "responseStatusStrg": word,
            "numOfMatches": str(len(page)),
            "matchList": {"searchMatchItem": page},
        },
    )


def _question(device: Device, body: bytes) -> _Question:
    """Read a request. Raises ValueError."""
    own = device.clock.now().tzinfo or UTC
    zone = own if device.footage.local_times else UTC
    root = parse(body)
    return _Question(
        search_id=text_of(root, "searchID") or "",
        track=int(text_of(root, "trackID") or ""),
        start=_moment(text_of(root, "startTime"), zone),
        end=_moment(text_of(root, "endTime"), zone),
        content=text_of(root, "contentType") or "",
        descriptor=text_of(root, "metadataDescriptor") or "",
        position=int(text_of(root, "searchResultPostion") or "0"),
        zone=zone,
        plate=(text_of(root, "plateSearchMask") or "").upper(),
    )


def _moment(text: str | None, zone: tzinfo) -> datetime:
    """Return a time of a request. Raises ValueError."""
    return datetime.strptime(text or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=zone)


def _found(device: Device, asked: _Question) -> list[Tree]:
    """Return all that matches, as it is written."""
    channel, kind = divmod(asked.track, 100)
    twice = device.faults.strikes(Fault.SEARCH_ESCAPED_TWICE)
    if kind == _VIDEO:
        spans = device.footage.between(channel, asked.start, asked.end)
        if device.faults.strikes(Fault.SEARCH_OTHER_RECORDINGS):
            spans = device.footage.spans.get(channel, [])
        return [_recording(asked, span, twice=twice) for span in spans]
    if kind != _PICTURES or asked.content != "metadata":
        return []
    if not asked.descriptor.endswith("/vehicleDetection"):
        return []
    pictures = device.gallery.between(channel, asked.start, asked.end, asked.plate)
    if device.faults.strikes(Fault.SEARCH_OTHER_PICTURES):
        before = asked.start - timedelta(days=1)
        just_before = asked.start - timedelta(seconds=1)
        pictures += [device.gallery.motion(channel, asked.end)]
        pictures += device.gallery.between(channel, before, just_before)
    return [_picture(asked, picture, twice=twice) for picture in pictures]


def _recording(asked: _Question, span: Span, *, twice: bool) -> Tree:
    """Return one recording."""
    name = f"ch{asked.track // 100:02}_00000000001"
    address = _address(asked, span, "rtsp", name, 4203)
    return _item(
        asked,
        span,
        address=escape(address) if twice else address,
        content=("video", "H.264-BP"),
        descriptor="recordType.meta.hikvision.com/timing",
    )


def _picture(asked: _Question, picture: StoredPicture, *, twice: bool) -> Tree:
    """Return one picture; the plate is told by its name alone."""
    span = Span(start=picture.moment, end=picture.moment)
    address = _address(asked, span, "http", picture.name, len(picture.jpeg))
    return _item(
        asked,
        span,
        address=escape(address) if twice else address,
        content=("picture", "jpeg"),
        descriptor=picture.descriptor,
    )


def _address(asked: _Question, span: Span, scheme: str, name: str, size: int) -> str:
    """Return an address, which names the device as it knows itself."""
    start, end = (
        f"{moment.astimezone(asked.zone):%Y%m%dT%H%M%SZ}"
        for moment in (span.start, span.end)
    )
    return (
        f"{scheme}://192.0.2.64/Streaming/tracks/{asked.track}/?starttime={start}"
        f"&endtime={end}&name={name}&size={size}"
    )


def _item(
    asked: _Question,
    span: Span,
    *,
    address: str,
    content: tuple[str, str],
    descriptor: str,
) -> Tree:
    """Return one match."""
    start, end = (
        f"{moment.astimezone(asked.zone):%Y-%m-%dT%H:%M:%SZ}"
        for moment in (span.start, span.end)
    )
    return {
        "sourceID": "{0000000000-0000-0000-0000-000000000000}",
        "trackID": str(asked.track),
        "timeSpan": {"startTime": start, "endTime": end},
        "mediaSegmentDescriptor": {
            "contentType": content[0],
            "codecType": content[1],
            "playbackURI": address,
        },
        "metadataMatches": {"metadataDescriptor": descriptor},
    }


async def at_address(device: Device, request: web.Request) -> web.Response:
    """Answer with the picture that the address names."""
    if not device.gallery.by_address:
        raise web.HTTPNotFound
    return _jpeg(device, str(request.url))


async def download(device: Device, request: web.Request) -> web.Response:
    """Answer with the picture whose address is in the body."""
    if not device.gallery.by_download:
        return status(device, request, BAD_METHOD)
    try:
        address = text_of(parse(await request.read()), "playbackURI") or ""
    except etree.XMLSyntaxError:
        return status(device, request, BAD_FORMAT)
    return _jpeg(device, address)


def _jpeg(device: Device, address: str) -> web.Response:
    """Return a picture by its address; 404 when it is there no more."""
    jpeg = device.gallery.find(URL(address).query.get("name", ""))
    if jpeg is None:
        raise web.HTTPNotFound
    return web.Response(body=jpeg, content_type="image/jpeg")


_DOWNLOAD = "/ISAPI/ContentMgmt/download"

ROUTES = (
    Route("POST", "/ISAPI/ContentMgmt/search", search),
    Route("GET", r"/Streaming/tracks/{track:\d+}/", at_address),
    Route("GET", _DOWNLOAD, download),
    Route("POST", _DOWNLOAD, download),
)
