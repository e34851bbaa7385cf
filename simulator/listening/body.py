"""Put an alert into the body of a POST, in the model's shape (reference 3.4)."""

from collections.abc import Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from simulator.faults import Fault, Faults
from simulator.message import NAMELESS, Alert, sent_pictures
from simulator.multipart import XML_TYPE, Part, frame
from simulator.passage import Passage, Picture
from simulator.profiles import Profile

from .formats import as_json, as_query
from .host import ListeningHost

#: Faults that change the body as a whole, so that one POST is one occurrence.
_SHAPES: Final = (
    Fault.POST_AS_IN_GUIDE,
    Fault.POST_TIGHT,
    Fault.POST_WITHOUT_FILENAME,
    Fault.POST_UNTYPED,
    Fault.POST_BARE,
    Fault.POST_JSON,
    Fault.POST_QUERYSTRING,
    Fault.POST_PJPEG,
    Fault.POST_OCTET_STREAM,
)

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Body:
    """Hold what a POST carries.

    Attributes:
        content_type: Value of the Content-Type header; empty when there is no body.
        query: What is appended to the URL, not encoded; empty for nothing.
        uuid: The identity of the passage that it tells of; empty for other events.
    """

    content_type: str
    data: bytes
    query: str = ""
    uuid: str = ""


def post_body(
    alert: Alert, host: ListeningHost, profile: Profile, faults: Faults
) -> Body:
    """Return what is posted to a host, in the format that the host asked for."""
    body = _anonymous(alert, host, profile, faults)
    return replace(body, uuid=alert.passage.uuid) if alert.passage else body


def _anonymous(
    alert: Alert, host: ListeningHost, profile: Profile, faults: Faults
) -> Body:
    """Return the body, without saying whose it is."""
    struck = frozenset(fault for fault in _SHAPES if faults.strikes(fault))
    writer = _Writer(profile, faults, struck)
    pictures = () if Fault.POST_BARE in struck else writer.pictures(alert, host)
    document = _addressed(alert.document, host)
    if Fault.POST_QUERYSTRING in struck or host.format == "querystring":
        query = as_query(document)
        return writer.multipart(pictures, query) if pictures else Body("", b"", query)
    part = writer.document(document, alert, host)
    if pictures:
        return writer.multipart([part, *pictures])
    return Body(writer.bare_type(part), part.body)


def _addressed(document: bytes, host: ListeningHost) -> bytes:
    """Return the event with the host's port and protocol in it (reference 1.3)."""
    port, protocol = f"<portNo>{host.port}<", f"<protocol>{host.protocol}<"
    document = document.replace(b"<portNo>80<", port.encode(), 1)
    return document.replace(b"<protocol>HTTP<", protocol.encode(), 1)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Write the parts of one POST.

    Attributes:
        struck: The faults that this POST shows.
    """

    profile: Profile
    faults: Faults
    struck: AbstractSet[Fault]

    def document(self, document: bytes, alert: Alert, host: ListeningHost) -> Part:
        """Return the event's part, in XML or JSON."""
        if alert.content_type != XML_TYPE:
            return Part(body=document, content_type=alert.content_type)
        if Fault.POST_JSON in self.struck or host.format == "JSON":
            named = self._disposition("anpr.json", "anpr.json")
            return Part(body=as_json(document), content_type=_JSON, disposition=named)
        if Fault.POST_AS_IN_GUIDE in self.struck:
            named = 'form-data; name="Event_Type"'
            return Part(body=document, content_type="text/xml", disposition=named)
        if Fault.POST_UNTYPED in self.struck:
            named = self._disposition("anpr.xml", "")
            return Part(body=document, content_type="", disposition=named)
        kind = self.profile.listening.shape.document_type
        named = self._disposition("anpr.xml", "anpr.xml")
        return Part(body=document, content_type=kind, disposition=named)

    def pictures(self, alert: Alert, host: ListeningHost) -> list[Part]:
        """Return the parts of the pictures that the host asked for."""
        if alert.passage is None:
            return []
        return [
            self._picture(alert.passage, picture)
            for picture in sent_pictures(self.profile, self.faults, alert.passage)
            if _is_wanted(picture, host.picture_type)
        ]

    def multipart(self, parts: Sequence[Part], query: str = "") -> Body:
        """Return the parts as a body, its end marked."""
        boundary = self.profile.listening.shape.boundary
        framed = b"".join(
            frame(part, self.faults, boundary=boundary, first=number == 0).data
            for number, part in enumerate(parts)
        )
        line = "\n" if Fault.LF_ONLY in self.faults else "\r\n"
        data = framed + f"--{boundary}--{line}".encode()
        return Body(self._multipart_type(boundary), data, query)

    def bare_type(self, part: Part) -> str:
        """Return the Content-Type of an event that is the whole body."""
        if Fault.POST_BARE in self.struck and "xml" in part.content_type:
            return "application/xml;"
        return part.content_type or XML_TYPE

    def _multipart_type(self, boundary: str) -> str:
        """Return the Content-Type of a body with several parts."""
        quoted = self.faults.strikes(Fault.QUOTED_BOUNDARY)
        blank = "" if Fault.POST_AS_IN_GUIDE in self.struck else " "
        text = f'"{boundary}"' if quoted else boundary
        return f"multipart/form-data;{blank}boundary={text}"

    def _picture(self, passage: Passage, picture: Picture) -> Part:
        """Return the part of one picture."""
        jpeg, identity = passage.jpegs[picture], passage.picture_ids[picture]
        kind = self._picture_type()
        if Fault.PICTURES_BY_CONTENT_ID in self.faults:
            return Part(
                body=jpeg, content_type=kind, disposition=NAMELESS, content_id=identity
            )
        if Fault.POST_AS_IN_GUIDE in self.struck:
            return Part(body=jpeg, content_type=kind, disposition=NAMELESS)
        by_id = self.profile.listening.shape.named_by_id
        name = identity if by_id else picture.file_name
        named = self._disposition(name, picture.file_name)
        return Part(body=jpeg, content_type=kind, disposition=named)

    def _picture_type(self) -> str:
        """Return the Content-Type of pictures."""
        if Fault.POST_OCTET_STREAM in self.struck:
            return "application/octet-stream"
        return "image/pjpeg" if Fault.POST_PJPEG in self.struck else "image/jpeg"

    def _disposition(self, name: str, file_name: str) -> str:
        """Return the value of a Content-Disposition header."""
        values = ["form-data", f'name="{name}"']
        if file_name and Fault.POST_WITHOUT_FILENAME not in self.struck:
            values.append(f'filename="{file_name}"')
        return (";" if Fault.POST_TIGHT in self.struck else "; ").join(values)


def _is_wanted(picture: Picture, picture_type: str) -> bool:
    """Tell whether a picture comes along, whichever words the model has for it."""
    if picture_type == "all":
        return True
    return picture.kind.removesuffix("Picture") == picture_type.removesuffix("Picture")
