"""Check the brand images that Home Assistant serves from the integration."""

from typing import Final

from PIL import Image
import pytest

from .house import INTEGRATION

BRAND: Final = INTEGRATION / "brand"
THEMES: Final = ("", "dark_")
PIXELS: Final = {"": 256, "@2x": 512}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("suffix", PIXELS)
def test_icon(theme: str, suffix: str) -> None:
    """Give square icons on a transparent ground."""
    with Image.open(BRAND / f"{theme}icon{suffix}.png") as image:
        assert image.format == "PNG"
        assert image.size == (PIXELS[suffix], PIXELS[suffix])
        assert image.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("suffix", PIXELS)
def test_logo(theme: str, suffix: str) -> None:
    """Give landscape logos whose shorter side is the icon's."""
    with Image.open(BRAND / f"{theme}logo{suffix}.png") as image:
        assert image.format == "PNG"
        assert image.height == PIXELS[suffix]
        assert image.width > image.height
        assert image.getpixel((0, 0)) == (0, 0, 0, 0)


def test_no_other_file() -> None:
    """Keep only what Home Assistant serves."""
    expected = {
        f"{theme}{kind}{suffix}.png"
        for theme in THEMES
        for kind in ("icon", "logo")
        for suffix in PIXELS
    }
    assert {path.name for path in BRAND.iterdir()} == expected
