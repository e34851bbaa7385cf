"""Test the drawn pictures: real JPEGs, of the right size, that show the plate."""

from datetime import datetime
from io import BytesIO

from PIL import Image, ImageChops
import pytest

from simulator import SMALL, Picture, PictureSettings
from simulator.pictures import Painter, Subject


def subject(plate: str = "AB123CD", **looks: str) -> Subject:
    """Return what a passage looks like."""
    moment = datetime.fromisoformat("2026-01-02T03:04:05+01:00")
    return Subject(plate=plate, readable=True, moment=moment, caption="Gate", **looks)


def opened(jpeg: bytes) -> Image.Image:
    """Return a JPEG decoded to its last byte."""
    picture = Image.open(BytesIO(jpeg))
    picture.load()
    assert picture.format == "JPEG"
    return picture


def test_sizes_are_the_settings() -> None:
    """Draw scene and plate as large as asked, and the vehicle as a part of it."""
    drawn = Painter(SMALL).passage(subject())
    assert opened(drawn[Picture.SCENE]).size == SMALL.scene
    assert opened(drawn[Picture.PLATE]).size == SMALL.plate
    width, height = opened(drawn[Picture.VEHICLE]).size
    assert 0 < width < SMALL.scene[0]
    assert 0 < height < SMALL.scene[1]


def test_default_weighs_what_cameras_send() -> None:
    """Draw about 310 KB a passage, most of it scene."""
    drawn = Painter(PictureSettings()).passage(subject())
    assert 250_000 < sum(len(jpeg) for jpeg in drawn.values()) < 400_000
    assert len(drawn[Picture.SCENE]) > 5 * len(drawn[Picture.PLATE])


@pytest.mark.parametrize("picture", list(Picture))
def test_jpeg_begins_with_the_vendors_segment(picture: Picture) -> None:
    """Begin as the devices' JPEGs do."""
    jpeg = Painter(SMALL).passage(subject())[picture]
    assert jpeg.startswith(b"\xff\xd8\xff\xea")
    assert b"HJIKKH" in jpeg[:16]


@pytest.mark.parametrize(
    ("picture", "other"),
    [
        (Picture.PLATE, subject("ZZ999ZZ")),
        (Picture.PLATE, subject(plate_color="yellow")),
        (Picture.SCENE, subject("ZZ999ZZ")),
        (Picture.VEHICLE, subject(color="red")),
    ],
)
def test_picture_shows_what_passed(picture: Picture, other: Subject) -> None:
    """Show another plate or colour as another picture."""
    painter = Painter(SMALL)
    one = opened(painter.passage(subject())[picture])
    two = opened(painter.passage(other)[picture])
    assert ImageChops.difference(one, two).getbbox() is not None


@pytest.mark.parametrize(
    "plate", ["", "A", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", "蓝皖A7"]
)
def test_any_plate_can_be_drawn(plate: str) -> None:
    """Draw plates of any length and script."""
    drawn = Painter(SMALL).passage(subject(plate))
    assert opened(drawn[Picture.PLATE]).size == SMALL.plate


def test_same_subject_gives_the_same_pictures() -> None:
    """Draw the same passage twice alike."""
    painter = Painter(SMALL)
    assert painter.passage(subject()) == painter.passage(subject())


def test_prerendered_pictures_are_used_again() -> None:
    """Draw as many passages as asked, then use their pictures again."""
    painter = Painter(PictureSettings(scene=(320, 180), prerendered=2))
    first, second, third = (painter.passage(subject(plate)) for plate in "ABC")
    assert first != second
    assert third is first


def test_snapshot_shows_the_time() -> None:
    """Draw another snapshot a second later, different in the caption alone."""
    painter = Painter(SMALL)
    now = datetime.fromisoformat("2026-01-02T03:04:05+01:00")
    one = opened(painter.snapshot(now, "Gate"))
    two = opened(painter.snapshot(now.replace(second=6), "Gate"))
    changed = ImageChops.difference(one, two).getbbox()
    assert changed is not None
    assert changed[3] <= SMALL.scene[1] // 10
