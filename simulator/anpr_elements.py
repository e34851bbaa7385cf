"""Write what the ANPR events of every dialect have in common (reference 1.3-1.6)."""

from .clock import DeviceClock, digits
from .document import Tree
from .faults import Fault
from .passage import Passage, Picture
from .profiles import Profile


def plate_rectangle(passage: Passage) -> Tree:
    """Return where the plate is in the full picture, in per mille (reference 1.6)."""
    names = ("X", "Y", "width", "height")
    return dict(zip(names, map(str, passage.plate_box), strict=True))


def gps_info(latitude: str) -> Tree:
    """Return the position of a device that has none: all zeros."""
    zero: Tree = {"degree": "0", "minute": "0", "sec": "0.000000"}
    return {
        "longitudeType": "E",
        "latitudeType": latitude,
        "Longitude": zero,
        "Latitude": zero,
    }


def resolution(profile: Profile) -> Tree:
    """Return the size of the full picture, which the rectangles are parts of."""
    width, height = profile.scene_size
    return {"height": str(height), "width": str(width)}


def list_word(profile: Profile, passage: Passage) -> str:
    """Return how the device calls the list that the vehicle is on."""
    name = passage.list_name or ""
    return profile.list_words.get(name, name)


def character_confidence(passage: Passage) -> str:
    """Return one confidence a character (reference 1.4)."""
    if not passage.readable:
        return ""
    return ",".join(str(min(99, passage.confidence)) for _ in passage.plate)


def picture_link(clock: DeviceClock, passage: Passage, picture: Picture) -> Tree:
    """Return what links an entry to its picture: an address, pId, or contentID too."""
    identity = passage.picture_ids[picture]
    if url := passage.picture_urls.get(picture):
        return {"dataType": "1", "pictureURL": url, "pId": identity}
    if Fault.PICTURES_BY_CONTENT_ID in clock.faults:
        return {"pId": identity, "contentID": identity}
    return {"pId": identity}


def picture_name(picture: Picture) -> Tree:
    """Return what names a picture that comes as a part of its own."""
    return {"fileName": picture.file_name, "type": picture.kind, "dataType": "0"}


def picture_time(passage: Passage) -> Tree:
    """Return when a picture was taken."""
    return {"absTime": digits(passage.captured_at)}
