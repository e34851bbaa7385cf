"""Test what the headers of a part, and of a whole body, say."""

import pytest

from custom_components.hikvision_anpr.isapi.part import Part, boundary_of


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/mixed; boundary=boundary", "boundary"),
        ("multipart/form-data;boundary=<frontier>", "<frontier>"),
        ('multipart/mixed; boundary="a b; c"', "a b; c"),
        ("multipart/form-data; BOUNDARY = x; charset=utf-8", "x"),
        ("multipart/form-data; boundary=-------7e13971310878", "-------7e13971310878"),
        ("multipart/mixed; boundary=", None),
        ("application/xml;", None),
        ("", None),
    ],
)
def test_boundary(content_type: str, boundary: str | None) -> None:
    """Find the boundary that a Content-Type names, quoted or not (trap 28)."""
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize(
    ("body", "is_document", "is_picture"),
    [
        (b"<a/>", True, False),
        (b"\r\n {}", True, False),
        (b"[1]", True, False),
        (b"\xef\xbb\xbf<a/>", True, False),
        (b"\xff\xd8\xff", False, True),
        (b"text", False, False),
        (b"", False, False),
    ],
)
def test_kind(body: bytes, is_document: bool, is_picture: bool) -> None:
    """Tell documents and pictures by their content, not by their type."""
    part = Part(body=body, content_type="text/plain")
    assert (part.is_document, part.is_picture) == (is_document, is_picture)
