"""Test attaching picture parts to the reads that they belong to."""

from itertools import permutations

import pytest

from custom_components.hikvision_anpr.isapi.part import Part
from custom_components.hikvision_anpr.isapi.pictures import (
    PENDING_READS,
    PictureMatcher,
    ReadPicture,
)
from custom_components.hikvision_anpr.isapi.plate_read import PictureInfo, PlateRead

from .fixtures import document, read_of

PLATE = PictureInfo(
    kind="licensePlatePicture", file_name="licensePlatePicture.jpg", picture_id="p1"
)
SCENE = PictureInfo(
    kind="detectionPicture", file_name="detectionPicture.jpg", picture_id="p2"
)
VEHICLE = PictureInfo(
    kind="vehiclePicture", file_name="vehiclePicture.jpg", content_id="c3"
)
READ = PlateRead(plate="AB12", pictures=(PLATE, SCENE, VEHICLE))


def part(
    body: str = "x",
    *,
    name: str | None = None,
    filename: str | None = None,
    content_id: str | None = None,
) -> Part:
    """Return a picture part."""
    return Part(body=body.encode(), name=name, filename=filename, content_id=content_id)


def expecting(*reads: PlateRead) -> PictureMatcher:
    """Return a matcher that waits for the pictures of reads."""
    matcher = PictureMatcher()
    for read in reads:
        matcher.expect(read)
    return matcher


@pytest.mark.parametrize(
    ("picture", "info"),
    [
        (part(name="p1"), PLATE),
        (part(name="p2", filename="licensePlatePicture.jpg"), SCENE),
        (part(content_id="c3"), VEHICLE),
        (part(name="other", content_id="p2"), SCENE),
        (part(filename="detectionPicture.jpg"), SCENE),
        (part(filename="DETECTIONPICTURE.JPG"), SCENE),
        (part(name="vehiclePicture.jpg"), VEHICLE),
        (part(name="vehiclePicture"), VEHICLE),
        (part(filename="vehiclePicture_1.jpg"), VEHICLE),
        (part(name="Picture_Name"), PLATE),
        (part(name="Picture_Name", filename="1.jpg", content_id="image_ID"), PLATE),
        (part(), PLATE),
    ],
)
def test_each_rule(picture: Part, info: PictureInfo) -> None:
    """Match by id, by file name, by Content-ID, by kind, by order (reference 3.4)."""
    found = expecting(READ).match(picture)
    assert found == ReadPicture(read=READ, info=info, data=picture.body)


@pytest.mark.parametrize(
    "parts",
    permutations(
        [part(name="p1"), part(filename="detectionPicture.jpg"), part(content_id="c3")]
    ),
)
def test_named_pictures_come_in_any_order(parts: tuple[Part, ...]) -> None:
    """Attach named pictures rightly, whatever their order (trap 42)."""
    matcher = expecting(READ)
    found = [matcher.match(picture) for picture in parts]
    assert {picture.info.kind for picture in found if picture} == {
        "licensePlatePicture",
        "detectionPicture",
        "vehiclePicture",
    }
    assert matcher.match(part()) is None


def test_nameless_pictures_come_in_order() -> None:
    """Attach nameless pictures in the order of the document, then no more."""
    matcher = expecting(READ)
    found = [matcher.match(part()) for _ in range(4)]
    assert [picture and picture.info for picture in found] == [
        PLATE,
        SCENE,
        VEHICLE,
        None,
    ]


def test_order_counts_what_is_still_missing() -> None:
    """Leave out of the order what was attached by name."""
    matcher = expecting(READ)
    assert matcher.match(part(name="p1"))
    found = matcher.match(part())
    assert found
    assert found.info == SCENE


def test_interleaved_reads() -> None:
    """Find the read of a picture by its id when two reads wait."""
    first, second = map(read_of, map(document, ("entrance.xml", "entrance_again.xml")))
    matcher = expecting(first, second)
    ids = [(read, info) for read in (first, second) for info in read.pictures]
    for read, info in (ids[0], ids[3], ids[2], ids[1]):
        assert info.picture_id
        found = matcher.match(part(name=info.picture_id, filename=info.file_name))
        assert found == ReadPicture(read=read, info=info, data=b"x")


def test_named_alike_belongs_to_the_latest_read() -> None:
    """Give a file name to the latest read that misses it, else to the latest."""
    earlier = PlateRead(plate="AB12", pictures=(PLATE, SCENE))
    later = PlateRead(plate="CD34", pictures=(PLATE,))
    matcher = expecting(earlier, later)
    names = ["licensePlatePicture.jpg", "detectionPicture.jpg"] * 2
    found = [matcher.match(part(filename=name)) for name in names]
    assert [picture and picture.read for picture in found] == [
        later,
        earlier,
        earlier,
        later,
    ]


def test_same_read_twice() -> None:
    """Attach the pictures that come with the second half of a read (trap 10)."""
    matcher = expecting(PlateRead(plate="AB12", has_more_data=True), READ)
    found = matcher.match(part(name="p2"))
    assert found
    assert (found.read, found.info) == (READ, SCENE)


def test_pictures_that_never_come() -> None:
    """Give up the oldest of the reads that wait (trap 24)."""
    reads = [
        PlateRead(
            plate=f"AB{number}",
            pictures=(
                PictureInfo(kind="x", file_name="x.jpg", picture_id=f"p{number}"),
            ),
        )
        for number in range(PENDING_READS + 1)
    ]
    matcher = expecting(*reads)
    matcher.interrupt()
    assert matcher.match(part(name="p0")) is None
    found = matcher.match(part(name="p1"))
    assert found
    assert found.read == reads[1]


def test_pictures_at_an_address_are_not_waited_for() -> None:
    """Wait for no picture whose address the device sent instead."""
    by_address = PictureInfo(kind="a", file_name="a.jpg", url="http://192.0.2.1/a")
    matcher = expecting(PlateRead(plate="AB12", pictures=(by_address, SCENE)))
    found = matcher.match(part())
    assert found
    assert found.info == SCENE
    assert matcher.match(part()) is None


def test_more_pictures_than_listed() -> None:
    """Attach a named picture that the latest read does not list."""
    read = PlateRead(plate="AB12", pictures=(PLATE,))
    matcher = expecting(read)
    found = matcher.match(part("y", filename="pilotPicture_1.jpg"))
    assert found == ReadPicture(
        read=read,
        info=PictureInfo(kind="pilotPicture", file_name="pilotPicture_1.jpg"),
        data=b"y",
    )
    assert matcher.match(part(name="p1"))
    assert matcher.match(part(filename="licensePlatePicture.jpg")) is None


def test_second_picture_of_a_kind_is_no_other_kind() -> None:
    """Never take a picture for one of another kind than its name says."""
    matcher = expecting(PlateRead(plate="AB12", pictures=(PLATE, SCENE)))
    assert matcher.match(part(filename="licensePlatePicture.jpg"))
    assert matcher.match(part(filename="licensePlatePicture.jpg")) is None
    found = matcher.match(part())
    assert found
    assert found.info == SCENE


def test_foreign_pictures() -> None:
    """Guess no more once another event may have brought pictures of its own."""
    matcher = expecting(READ)
    matcher.interrupt()
    assert matcher.match(part()) is None
    assert matcher.match(part(name="Picture_Name")) is None
    assert matcher.match(part(filename="pilotPicture.jpg")) is None
    found = matcher.match(part(name="p2"))
    assert found
    assert found.info == SCENE
    later = PlateRead(plate="CD34", pictures=(SCENE,))
    matcher.expect(later)
    found = matcher.match(part())
    assert found
    assert found.read == later


def test_nothing_is_waited_for() -> None:
    """Attach a picture to nothing where no read came."""
    assert PictureMatcher().match(part(filename="detectionPicture.jpg")) is None
    matcher = expecting(PlateRead(plate="AB12"))
    assert matcher.match(part()) is None
