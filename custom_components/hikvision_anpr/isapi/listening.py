"""Read what a device delivers to us: listening (reference 3.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import groupby
import json
import re
from typing import Final

from .errors import BadAnswerError
from .events import DeviceEvent, DeviceMessage, parse_messages
from .multipart import MultipartReader
from .part import Part, boundary_of
from .pictures import PictureMatcher, ReadPicture
from .plate_read import PlateRead

MAX_BODY_BYTES: Final = 8 * 1024 * 1024 + 64 * 1024
"""Several times the largest delivery that was seen (reference 3.4)."""

MAX_PARTS: Final = 64
MAX_LINES: Final = 150_000
"""Line feeds that a body may have: pictures hold one in 256 bytes, by chance."""

MAX_DOCUMENT_BYTES: Final = 512 * 1024
"""How long all documents of a body may be together; a usual one has 5 KiB."""

type _Item = list[DeviceMessage] | Part
"""What a part is read as: the messages of a document, or else the part itself."""

_WITHOUT_PICTURES: Final = frozenset({"heartbeat", "video_loss"})
_QUERY_SIGNS: Final = frozenset({"licenseplate", "eventtype"})
_LOST_PLUS: Final = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Hold what one POST brought: its messages, and the pictures of its reads.

    The rest counts what was of no use. `refused` marks a body beyond all bounds,
    of which nothing is taken.
    """

    messages: tuple[DeviceMessage, ...] = ()
    pictures: tuple[ReadPicture, ...] = ()
    pictures_without_read: int = 0
    not_understood: int = 0
    parts_given_up: int = 0
    refused: bool = False


def parse_post(content_type: str, body: bytes, default_zone: tzinfo) -> Delivery:
    """Read a delivery, whatever its framing and whatever it claims to be.

    Multipart or a bare document, XML or JSON: the bytes decide, the Content-Type
    names a boundary at most. `default_zone` applies to device times without an
    offset. Never raises.
    """
    return _delivery([], content_type, body, default_zone)


def parse_query(
    query: Mapping[str, str], content_type: str, body: bytes, default_zone: tzinfo
) -> Delivery:
    """Read a delivery that has its values in the address (reference 1.10).

    `query` is the decoded query of the request. Where it reports nothing the
    delivery is read as parse_post does. Never raises.
    """
    if _QUERY_SIGNS.isdisjoint(name.lower() for name in query):
        return parse_post(content_type, body, default_zone)
    return _delivery([_query_part(query)], content_type, body, default_zone)


def _query_part(query: Mapping[str, str]) -> Part:
    """Write a query as the document whose values it holds.

    Devices do not encode a query: the plus of a time's offset arrives as a blank.
    """
    anpr = {
        name: _LOST_PLUS.sub("+", value) if name.lower() == "datetime" else value
        for name, value in query.items()
    }
    alert = {"eventType": "ANPR", **anpr, "ANPR": anpr}
    return Part(body=json.dumps({"EventNotificationAlert": alert}).encode())


def _delivery(
    parts: list[Part], content_type: str, body: bytes, default_zone: tzinfo
) -> Delivery:
    """Read a body behind the parts that came otherwise."""
    reader = MultipartReader(
        boundary_of(content_type), max_total=MAX_BODY_BYTES, max_parts=MAX_PARTS
    )
    try:
        parts = [*parts, *_parts_of(reader, body)]
    except BadAnswerError:
        return Delivery(refused=True)
    reading = _Reading()
    reading.take(_documents_first([_item(part, default_zone) for part in parts]))
    return Delivery(
        messages=tuple(reading.messages),
        pictures=tuple(reading.pictures),
        pictures_without_read=reading.pictures_without_read,
        not_understood=reading.not_understood,
        parts_given_up=reader.losses.oversized + reader.losses.torn,
    )


def _parts_of(reader: MultipartReader, body: bytes) -> list[Part]:
    """Return all parts of a body that is there as a whole.

    Raises BadAnswerError on what no device sends: the time that a body takes must
    not be its sender's choice.
    """
    if body.count(b"\n") > MAX_LINES:
        raise BadAnswerError("The body has too many lines")
    parts = [*reader.feed(body), *reader.finish()]
    documents = [len(part.body) for part in parts if part.is_document]
    if sum(documents) > MAX_DOCUMENT_BYTES:
        raise BadAnswerError("The body has too much to read")
    return parts


def _item(part: Part, default_zone: tzinfo) -> _Item:
    """Read a part if it is a document."""
    return parse_messages(part.body, default_zone) if part.is_document else part


def _documents_first(items: list[_Item]) -> list[_Item]:
    """Put documents before their pictures.

    Pictures of the only read are its own wherever they stand. Where there are
    several, a body that begins with a picture has each document behind its own.
    """
    documents = [item for item in items if isinstance(item, list)]
    pictures = [item for item in items if isinstance(item, Part)]
    reads = sum(isinstance(found, PlateRead) for item in documents for found in item)
    if reads <= 1:
        return [*documents, *pictures]
    return _in_groups(items) if isinstance(items[0], Part) else items


def _in_groups(items: list[_Item]) -> list[_Item]:
    """Put each document before the pictures that stand before it."""
    ordered: list[_Item] = []
    waiting: list[_Item] = []
    for item in items:
        if isinstance(item, list):
            ordered += [item, *waiting]
            waiting = []
        else:
            waiting.append(item)
    return ordered + waiting


@dataclass(slots=True)
class _Reading:
    """Gather what the parts of a body say."""

    messages: list[DeviceMessage] = field(default_factory=list)
    pictures: list[ReadPicture] = field(default_factory=list)
    pictures_without_read: int = 0
    not_understood: int = 0
    _matcher: PictureMatcher = field(default_factory=PictureMatcher)

    def take(self, items: Iterable[_Item]) -> None:
        """Read documents, and give pictures to the documents before them."""
        for _, run in groupby(items, type):
            together = list(run)
            self._take_documents([item for item in together if isinstance(item, list)])
            self._take_pictures([item for item in together if isinstance(item, Part)])

    def _take_documents(self, documents: list[list[DeviceMessage]]) -> None:
        """Read documents that follow each other.

        The pictures behind them come in the order of the documents, so the first
        is expected last: the matcher prefers what it expects since last.
        """
        messages = [message for found in documents for message in found]
        self.messages += messages
        self.not_understood += documents.count([])
        for message in reversed(messages):
            if isinstance(message, PlateRead):
                self._matcher.expect(message)
        if [] in documents or any(map(_may_have_pictures, messages)):
            self._matcher.interrupt()

    def _take_pictures(self, parts: list[Part]) -> None:
        """Attach pictures to their reads."""
        for part in parts:
            if not part.is_picture:
                self.not_understood += 1
            elif picture := self._matcher.match(part):
                self.pictures.append(picture)
            else:
                self.pictures_without_read += 1


def _may_have_pictures(message: DeviceMessage) -> bool:
    """Tell events that may bring pictures of their own."""
    return isinstance(message, DeviceEvent) and message.kind not in _WITHOUT_PICTURES
