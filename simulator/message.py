"""Put an event and its pictures together as the parts of one message."""

from dataclasses import dataclass
from typing import Final

from .faults import Fault, Faults
from .multipart import XML_TYPE, Part
from .passage import Passage, Picture
from .profiles import Dialect, Profile

#: The part name that says nothing, as in the vendor's guide (reference 2.1).
NAMELESS: Final = 'form-data; name="Picture_Name"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Hold what the device has to tell, before it is framed for a stream or a host.

    Attributes:
        document: The event.
        content_type: What the document is.
        passage: The passage whose pictures come along; None for other events.
    """

    document: bytes
    content_type: str = XML_TYPE
    passage: Passage | None = None


def alert_parts(profile: Profile, faults: Faults, alert: Alert) -> list[Part]:
    """Return the parts of an alert on a stream."""
    if alert.passage is not None:
        return event_parts(profile, faults, alert.document, alert.passage)
    return [Part(body=alert.document, content_type=alert.content_type)]


def event_parts(
    profile: Profile, faults: Faults, document: bytes, passage: Passage
) -> list[Part]:
    """Return the document and then the pictures of a passage."""
    return [Part(body=document)] + [
        _picture_part(profile, faults, passage, picture)
        for picture in sent_pictures(profile, faults, passage)
    ]


def sent_pictures(
    profile: Profile, faults: Faults, passage: Passage
) -> tuple[Picture, ...]:
    """Return which pictures come along, in their order.

    It is not the document's order on entrance cameras (reference 1.6). A passage with
    more data to come brings none yet, and one whose pictures have addresses none.
    """
    if passage.has_more_data or faults.strikes(Fault.PICTURES_MISSING):
        return ()
    if passage.picture_urls:
        return ()
    reverse = (profile.dialect is Dialect.ENTRANCE) != (
        Fault.PICTURES_REVERSED in faults
    )
    return passage.pictures[::-1] if reverse else passage.pictures


def _picture_part(
    profile: Profile, faults: Faults, passage: Passage, picture: Picture
) -> Part:
    """Return one picture, linked to the document as the device does it.

    DeepinView names the part after the file, with a semicolon behind; entrance
    cameras after the pId (reference 2.1, 3.4).
    """
    identity, jpeg = passage.picture_ids[picture], passage.jpegs[picture]
    name = picture.file_name
    if Fault.PICTURES_BY_CONTENT_ID in faults:
        return Part(
            body=jpeg,
            content_type="image/pjpeg",
            disposition=NAMELESS,
            content_id=identity,
        )
    if profile.dialect is Dialect.ENTRANCE:
        disposition = f'form-data; name="{identity}"; filename="{name}"'
        return Part(body=jpeg, content_type="image/jpeg", disposition=disposition)
    disposition = f'form-data; name="{name}"; filename="{name}";'
    return Part(body=jpeg, content_type="image/pjpeg", disposition=disposition)
