"""Search the plates that a device has stored with its pictures (reference 8.3)."""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
import re
from typing import Final
from xml.sax.saxutils import escape

from .client import IsapiClient
from .content_search import ContentMatch, ContentQuery, async_search_content
from .errors import ForbiddenError, NotSupportedError, RejectedError
from .plate_read import MAX_PLATE_CHARACTERS, PictureInfo
from .plates import PlateRecord
from .tables.plates import is_unreadable, strip_color_prefix

_DESCRIPTOR: Final = "//recordType.meta.std-cgi.com/vehicleDetection"
# Spelt as the devices spell it; 255 is every country.
_CRITERIA: Final = (
    "<SearchProperity><plateSearchMask>{}</plateSearchMask><country>255</country>"
    "</SearchProperity>"
)
# "ch01_0000001970000000001_00@20210518122822_B3630AN" of a camera, "ch00002_00000003
# 715078228105600525123_AB318QN" of a recorder.
_NAME: Final = re.compile(
    r"ch\d+_\d+_(?:(?P<picture>\d\d)@\d{14}_)?(?P<plate>.*)", re.ASCII
)
_KINDS: Final = {"00": "licensePlatePicture", "02": "detectionPicture"}
_LARGEST_PLATE: Final = 64 * 1024
"""Bytes of a picture that is of a plate alone, where its name does not say so: plates
have about 4 kB, scenes 2 MB (reference 8.3)."""


async def async_search_plates(
    client: IsapiClient,
    channel: int,
    start: datetime,
    end: datetime,
    *,
    zone: tzinfo = UTC,
    part: str = "",
) -> list[PlateRecord]:
    """Return the vehicles that a channel stored pictures of, the oldest first.

    From `start`, up to and without `end`, both aware, to the second. `part` is what
    the device shall look for in plates; it may answer others. A vehicle with
    several pictures is one record. The plate stands in the name of a picture alone;
    lane, direction and country are not told. `zone` is as in ContentQuery. Raises the
    errors of the client; NotSupportedError where the device does not search for
    vehicles, or not for this user.
    """
    track = channel * 100 + 3
    query = ContentQuery(
        track=track,
        start=start,
        end=end,
        content_type="metadata",
        descriptor=_DESCRIPTOR,
        criteria=_CRITERIA.format(escape(part)),
        zone=zone,
    )
    found: dict[tuple[datetime, str | None], PlateRecord] = {}
    for match in await _matches(client, query):
        if match.track not in {track, None} or not start <= match.start < end:
            continue
        if record := _record(match):
            before = found.get(key := (record.captured_at, record.plate), record)
            pictures = dict.fromkeys(before.pictures + record.pictures)
            found[key] = replace(before, pictures=tuple(pictures))
    return sorted(found.values(), key=lambda record: record.captured_at)


async def _matches(client: IsapiClient, query: ContentQuery) -> list[ContentMatch]:
    """Return what is found, taking a refusal for a search that is not there."""
    try:
        return await async_search_content(client, query)
    except (ForbiddenError, RejectedError) as error:
        raise NotSupportedError(
            "The device does not search for vehicles",
            path=error.path,
            status=error.status,
            sub_status=error.sub_status,
        ) from error


def _record(match: ContentMatch) -> PlateRecord | None:
    """Read one picture of a vehicle; None where it is of something else."""
    # The descriptor is another one than was asked for (trap 57).
    if "vehicle" not in (match.descriptor or "vehicle").lower():
        return None
    name = _NAME.fullmatch(match.said.get("name", ""))
    if name is None or len(name["plate"]) > MAX_PLATE_CHARACTERS:
        return None
    plate = name["plate"]
    return PlateRecord(
        plate=None if is_unreadable(plate) else plate,
        captured_at=match.start,
        listed_at=match.start,
        plate_color=strip_color_prefix(plate)[0],
        pictures=_pictures(match, name["picture"]),
    )


def _pictures(match: ContentMatch, digits: str | None) -> tuple[PictureInfo, ...]:
    """Return what a match is the picture of: by its digits, else by its size.

    Only the digits of the plate and of the scene are known (reference 8.3).
    """
    said = match.said
    size = said.get("size", "")
    is_small = size.isascii() and size.isdigit() and int(size) <= _LARGEST_PLATE
    by_size = "licensePlatePicture" if is_small else "detectionPicture"
    kind = _KINDS.get(digits) if digits else by_size
    if kind is None:
        return ()
    return (PictureInfo(kind=kind, file_name=said["name"], url=match.playback_uri),)
