"""Draw the pictures of a passage: the plate, the vehicle, the whole scene."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from io import BytesIO
import itertools
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from .passage import Picture

type Size = tuple[int, int]
type Colour = tuple[int, int, int]
#: A rectangle as parts of a picture's width and height: left, top, right, bottom.
type Parts = tuple[float, float, float, float]

#: The vendor's own segment, right behind the start of each JPEG (reference 3.5).
VENDOR_SEGMENT: Final = b"\xff\xea\x00\x42HJIKKH".ljust(68, b"\0")

#: The car and the plate in the scene, as parts of its width and height.
_CAR: Final[Parts] = (0.318, 0.281, 0.679, 0.842)
_PLATE: Final[Parts] = (0.441, 0.702, 0.553, 0.752)

_PAINT: Final[Mapping[str, Colour]] = {
    "white": (232, 232, 228),
    "silver": (186, 190, 194),
    "gray": (120, 124, 128),
    "deepGray": (70, 74, 78),
    "black": (28, 29, 32),
    "red": (170, 30, 32),
    "blue": (40, 84, 168),
    "deepBlue": (22, 38, 88),
    "yellow": (222, 184, 40),
    "green": (38, 110, 66),
    "brown": (104, 72, 48),
    "pink": (222, 150, 168),
    "purple": (98, 58, 128),
    "cyan": (60, 160, 172),
    "orange": (216, 112, 34),
}

_PLATE_PAINT: Final[Mapping[str, Colour]] = {
    "white": (244, 244, 240),
    "yellow": (240, 200, 60),
    "blue": (36, 74, 160),
    "green": (60, 150, 96),
    "black": (24, 24, 26),
    "red": (168, 34, 34),
}

_INK: Final[Colour] = (18, 18, 22)
_CHALK: Final[Colour] = (246, 246, 246)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSettings:
    """Say how pictures are drawn.

    Attributes:
        scene: Size of the full picture in pixels.
        plate: Size of the plate crop in pixels.
        quality: JPEG quality of the full picture and the vehicle crop.
        grain: Strength of the sensor noise; it makes the size believable.
        prerendered: How many passages are drawn anew before their pictures are
            used again, whatever the plate; 0 draws each passage.
    """

    scene: Size = (2560, 1440)
    plate: Size = (208, 56)
    quality: int = 68
    grain: float = 13
    prerendered: int = 0


#: Small and quick, for tests that look at no picture closely.
SMALL: Final = PictureSettings(scene=(640, 360), plate=(104, 28), grain=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Say what a passage looks like.

    Attributes:
        moment: The device's time, written into the picture.
    """

    plate: str
    readable: bool
    moment: datetime
    caption: str
    color: str = "white"
    plate_color: str = "white"


@dataclass(slots=True)
class Painter:
    """Draw passages; every method takes its time and belongs in a worker thread."""

    settings: PictureSettings
    _rounds: itertools.count[int] = field(default_factory=itertools.count)
    _drawn: dict[int, Mapping[Picture, bytes]] = field(default_factory=dict)

    def passage(self, subject: Subject) -> Mapping[Picture, bytes]:
        """Return the three JPEGs of a passage."""
        if not self.settings.prerendered:
            return self._draw(subject)
        place = next(self._rounds) % self.settings.prerendered
        if place not in self._drawn:
            self._drawn[place] = self._draw(subject)
        return self._drawn[place]

    def snapshot(self, moment: datetime, caption: str) -> bytes:
        """Return the empty scene, with the time at which it was seen."""
        scene = _grained(_street(self.settings.scene), self.settings.grain)
        _write_caption(scene, moment, caption)
        return _jpeg(scene, self.settings.quality)

    def _draw(self, subject: Subject) -> Mapping[Picture, bytes]:
        """Draw the scene once and cut the crops out of the drawing."""
        settings = self.settings
        scene = _street(settings.scene).copy()
        plate = _plate(subject, settings.plate)
        _draw_car(scene, subject, plate)
        scene = _grained(scene, settings.grain)
        vehicle = scene.crop(_box(_CAR, scene.size))
        _write_caption(scene, subject.moment, subject.caption)
        return {
            Picture.PLATE: _jpeg(plate, 88),
            Picture.SCENE: _jpeg(scene, settings.quality),
            Picture.VEHICLE: _jpeg(vehicle, settings.quality),
        }


def _box(parts: Parts, size: Size) -> tuple[int, int, int, int]:
    """Return in pixels a rectangle that is given in parts of a picture."""
    (width, height), (left, top, right, bottom) = size, parts
    return (
        round(left * width),
        round(top * height),
        round(right * width),
        round(bottom * height),
    )


def _within(outer: Parts, inner: Parts) -> Parts:
    """Return a rectangle given in parts of another one in parts of the picture."""
    left, top, right, bottom = outer
    width, height = right - left, bottom - top
    return (
        left + inner[0] * width,
        top + inner[1] * height,
        left + inner[2] * width,
        top + inner[3] * height,
    )


@cache
def _font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own font, so that every machine draws the same."""
    return ImageFont.load_default(height)


@lru_cache(maxsize=4)
def _street(size: Size) -> Image.Image:
    """Return the scene without a vehicle: sky, hedge, drive and gate posts."""
    scene = Image.new("RGB", size, (148, 160, 170))
    draw = ImageDraw.Draw(scene)
    draw.rectangle(_box((0, 0.22, 1, 0.36), size), (58, 84, 60))
    draw.rectangle(_box((0, 0.36, 1, 1), size), (104, 104, 102))
    width, height = size
    edges = ((0.30, 0.36), (0.70, 0.36), (1.02, 1), (-0.02, 1))
    drive = [(round(x * width), round(y * height)) for x, y in edges]
    draw.polygon(drive, (82, 82, 84))
    for left in (0.24, 0.74):
        draw.rectangle(_box((left, 0.12, left + 0.03, 0.5), size), (92, 70, 58))
    return scene


@lru_cache(maxsize=4)
def _noise(size: Size, grain: float) -> Image.Image:
    """Return the noise of a sensor, around middle gray."""
    noise = Image.effect_noise(size, grain).filter(ImageFilter.GaussianBlur(1.2))
    return noise.convert("RGB")


def _grained(picture: Image.Image, grain: float) -> Image.Image:
    """Return the picture with the noise of a sensor on it."""
    return ImageChops.add(picture, _noise(picture.size, grain), 1, -128)


def _draw_car(scene: Image.Image, subject: Subject, plate: Image.Image) -> None:
    """Draw the front of a car with its plate onto the scene."""
    paint = _PAINT.get(subject.color, _PAINT["gray"])
    dark: Colour = (paint[0] * 2 // 3, paint[1] * 2 // 3, paint[2] * 2 // 3)
    draw = ImageDraw.Draw(scene)

    def block(parts: Parts, colour: Colour, radius: float = 0) -> None:
        box = _box(_within(_CAR, parts), scene.size)
        draw.rounded_rectangle(box, radius * scene.width, colour)

    for left in (0.07, 0.77):
        block((left, 0.82, left + 0.16, 1), _INK, 0.008)
    block((0.14, 0, 0.86, 0.5), paint, 0.03)
    block((0.19, 0.05, 0.81, 0.36), (44, 56, 66), 0.015)
    block((0.03, 0.36, 0.97, 0.93), paint, 0.025)
    block((0.3, 0.5, 0.7, 0.68), dark, 0.008)
    for left in (0.07, 0.75):
        block((left, 0.5, left + 0.18, 0.64), (236, 238, 226), 0.01)
    left, top, right, bottom = _box(_PLATE, scene.size)
    scene.paste(plate.resize((right - left, bottom - top)), (left, top))


def _plate(subject: Subject, size: Size) -> Image.Image:
    """Return the plate alone, as sharp as it could be read."""
    width, height = size
    ground = _PLATE_PAINT.get(subject.plate_color, _CHALK)
    ink = _INK if sum(ground) > 300 else _CHALK
    plate = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(plate)
    draw.rectangle((0, 0, width // 12, height), (20, 60, 150))
    draw.rectangle((0, 0, width - 1, height - 1), outline=ink, width=height // 24 + 1)
    middle = (width * 13 // 24, height // 2)
    room = round(width * 1.35 / max(5, len(subject.plate)))
    font = _font(max(6, min(height * 3 // 4, room)))
    draw.text(middle, subject.plate, ink, font, anchor="mm")
    if subject.readable:
        return plate
    return plate.filter(ImageFilter.GaussianBlur(height / 7))


def _write_caption(scene: Image.Image, moment: datetime, caption: str) -> None:
    """Write the time and a caption across the top, as the overlay does."""
    width, height = scene.size
    font = _font(max(8, height // 36))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 0, width, height // 20), _INK)
    text = f"{moment:%Y-%m-%d %H:%M:%S}  {caption}"
    draw.text((width // 80, height // 40), text, _CHALK, font, anchor="lm")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    """Return the picture as a JPEG that begins as the devices' do."""
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    data = buffer.getvalue()
    return data[:2] + VENDOR_SEGMENT + data[2:]
