"""Test finding where a picture ends."""

from io import BytesIO

from PIL import Image
import pytest

from custom_components.hikvision_anpr.isapi.jpeg import end_of_jpeg

from .fixtures import real_jpeg


@pytest.mark.parametrize("progressive", [False, True])
def test_end_of_a_picture(progressive: bool) -> None:
    """Find the end behind which other bytes stand, and none in a torn picture."""
    drawn = BytesIO()
    Image.effect_noise((64, 48), 90).save(drawn, "JPEG", progressive=progressive)
    picture = drawn.getvalue()
    assert end_of_jpeg(picture) == len(picture)
    assert end_of_jpeg(picture + b"\0\0\xff\xd9") == len(picture)
    assert all(end_of_jpeg(picture[:size]) is None for size in range(len(picture)))


def test_small_picture_inside() -> None:
    """Pass over a small picture that stands in a segment, with an end of its own."""
    picture = real_jpeg(inside=real_jpeg())
    assert end_of_jpeg(picture + b"behind") == len(picture)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xda",
        b"\xff\xd8\xff\xda\xff\xff\xff\xd9",
        b"<a></a>\xff\xd9",
        b"\xff\xd8" + b"\xff" * 100_000,
        b"\xff\xd8" + b"\xff\xe0\0\0" * 100_000 + b"\xff\xda\xff\xd9",
    ],
)
def test_no_end(body: bytes) -> None:
    """Find no end where there is none, or only far behind what a picture has."""
    assert end_of_jpeg(body) is None
