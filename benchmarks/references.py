"""Do what others do with the same bytes: the ways that ours is compared with.

xmltodict and requests-toolbelt are what other projects for these cameras use. They
come from requirements_benchmark.txt and are left out where they are not installed.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from importlib.util import find_spec
from typing import Final

import aiohttp
from aiohttp.base_protocol import BaseProtocol
from lxml import etree
from multidict import CIMultiDict, CIMultiDictProxy

from .reads import BOUNDARY

_CONTENT_TYPE: Final = f"multipart/mixed; boundary={BOUNDARY}"

type Fields = dict[str, str | None]
type Bodies = list[bytes]
type _Xml = str | Mapping[str, _Xml] | Sequence[_Xml] | None

_OF_ALERT: Final = (
    "UUID",
    "dateTime",
    "channelID",
    "macAddress",
    "channelName",
    "picNum",
    "isDataRetransmission",
)
_OF_ANPR: Final = (
    "licensePlate",
    "originalLicensePlate",
    "line",
    "direction",
    "confidenceLevel",
    "plateCharBelieve",
    "country",
    "CRIndex",
    "plateColor",
    "plateType",
    "vehicleType",
    "vehicleListName",
    "listType",
    "alarmDataType",
)
_OF_VEHICLE: Final = ("index", "color", "vehicleLogoRecog", "speed")
_OF_PICTURE: Final = ("fileName", "pId", "dataType")


def document_references() -> dict[str, Callable[[bytes], Fields]]:
    """Return the other ways to get the fields of a read out of its document."""
    if find_spec("xmltodict") is None:
        return {}
    return {"xmltodict, same fields": _with_xmltodict}


def with_lxml_alone(document: bytes) -> None:
    """Parse a document and use nothing of it: what no reader can go below."""
    etree.fromstring(document)


def body_references() -> dict[str, Callable[[bytes], Bodies]]:
    """Return the other ways to take a multipart body of one read apart."""
    loop = asyncio.new_event_loop()
    found: dict[str, Callable[[bytes], Bodies]] = {
        "aiohttp.MultipartReader": lambda body: loop.run_until_complete(
            _with_aiohttp(body)
        ),
        "email.parser": _with_email,
    }
    if find_spec("requests_toolbelt") is not None:
        found = {"requests_toolbelt MultipartDecoder": _with_toolbelt} | found
    return found


def _with_xmltodict(document: bytes) -> Fields:
    """Read a document with xmltodict and pick the fields that a read has."""
    import xmltodict  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415

    alert = _children(xmltodict.parse(document)["EventNotificationAlert"])
    anpr = _children(alert["ANPR"])
    pictures = _children(anpr["pictureInfoList"])["pictureInfo"]
    return {
        **_picked(alert, _OF_ALERT),
        **_picked(anpr, _OF_ANPR),
        **_picked(_children(anpr["vehicleInfo"]), _OF_VEHICLE),
        **{
            f"{name} {place}": text
            for place, picture in enumerate(_items(pictures))
            for name, text in _picked(_children(picture), _OF_PICTURE).items()
        },
    }


def _children(node: _Xml) -> Mapping[str, _Xml]:
    """Return a node that has children."""
    return node if isinstance(node, Mapping) else {}


def _items(node: _Xml) -> Sequence[_Xml]:
    """Return one node or several as several."""
    return node if isinstance(node, list) else [node]


def _picked(node: Mapping[str, _Xml], names: Sequence[str]) -> Fields:
    """Return the texts of some children."""
    found = {name: node.get(name) for name in names}
    return {
        name: text if isinstance(text, str) else None for name, text in found.items()
    }


def _with_toolbelt(body: bytes) -> Bodies:
    """Take a whole body apart with requests_toolbelt."""
    from requests_toolbelt import (  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: I001, PLC0415
        MultipartDecoder,
    )

    return [bytes(part.content) for part in MultipartDecoder(body, _CONTENT_TYPE).parts]


def _with_email(body: bytes) -> Bodies:
    """Take a whole body apart with the standard library's mail parser."""
    head = f"Content-Type: {_CONTENT_TYPE}\r\n\r\n".encode()
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    payloads = (part.get_payload(decode=True) for part in message.iter_parts())
    return [payload for payload in payloads if isinstance(payload, bytes)]


async def _with_aiohttp(body: bytes) -> Bodies:
    """Take a whole body apart with aiohttp, as a server of its would."""
    loop = asyncio.get_running_loop()
    content = aiohttp.StreamReader(BaseProtocol(loop), len(body), loop=loop)
    content.feed_data(body)
    content.feed_eof()
    headers = CIMultiDictProxy(CIMultiDict({"Content-Type": _CONTENT_TYPE}))
    reader = aiohttp.MultipartReader(headers, content)
    bodies = []
    while (part := await reader.next()) is not None:
        assert isinstance(part, aiohttp.BodyPartReader)
        bodies.append(bytes(await part.read()))
    return bodies
