"""Put an event and its pictures together as the parts of one message."""

from typing import Final

from .faults import Fault, Faults
from .multipart import Part
from .passage import Passage, Picture
from .profiles import Dialect, Profile

#: The part name that says nothing, as in the vendor's guide (reference 2.1).
_NAMELESS: Final = 'form-data; name="Picture_Name"'


def event_parts(
    profile: Profile, faults: Faults, document: bytes, passage: Passage
) -> list[Part]:
    """Return the document and then the pictures of a passage.

    The order of the pictures is not the document's on entrance cameras
    (reference 1.6).
    """
    parts = [Part(body=document)]
    if faults.strikes(Fault.PICTURES_MISSING):
        return parts
    pictures = list(passage.pictures)
    if (profile.dialect is Dialect.ENTRANCE) != (Fault.PICTURES_REVERSED in faults):
        pictures.reverse()
    return parts + [
        _picture_part(profile, faults, passage, picture) for picture in pictures
    ]


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
            disposition=_NAMELESS,
            content_id=identity,
        )
    if profile.dialect is Dialect.ENTRANCE:
        disposition = f'form-data; name="{identity}"; filename="{name}"'
        return Part(body=jpeg, content_type="image/jpeg", disposition=disposition)
    disposition = f'form-data; name="{name}"; filename="{name}";'
    return Part(body=jpeg, content_type="image/pjpeg", disposition=disposition)
