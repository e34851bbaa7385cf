"""Test reading documents so that they can be written back."""

import pytest

from custom_components.hikvision_anpr.isapi.errors import BadAnswerError
from custom_components.hikvision_anpr.isapi.writable_document import (
    parse,
    serialize,
    text,
    whole_number,
)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"<a><b><![CDATA[1 & 2]]></b></a>", "1 & 2"),
        ("<?xml version='1.0' encoding='GBK'?><a><b>北门</b></a>".encode(), "北门"),
        (
            "<?xml version='1.0' encoding='GBK'?><a><b>北门</b></a>".encode("gbk"),
            "北门",
        ),
        ("<?xml version='1.0' encoding='utf-16'?><a><b>Süd</b></a>".encode(), "Süd"),
    ],
)
def test_what_was_meant_is_kept(body: bytes, value: str) -> None:
    """Keep a text as it was meant, whatever its document says of its encoding."""
    root = parse(body)
    assert text(root, "b") == value
    assert text(parse(serialize(root)), "b") == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a><b>1</a>",
        b"<a><b>1 & 2</b></a>",
        b"<a><b>1</b>",
        b"<a><b>1</b></a>rest",
        "<a><b>北门</b></a>".encode("gbk"),
        b'<!DOCTYPE a [<!ENTITY x "y">]><a><b>1 & 2</b></a>',
        b"{}",
    ],
)
def test_what_cannot_be_read_exactly(body: bytes) -> None:
    """Guess at nothing that is to be written back."""
    with pytest.raises(BadAnswerError):
        parse(body)


@pytest.mark.parametrize(
    ("value", "number"),
    [("0", 0), ("037", 37), (None, None), ("", None), ("-1", None), ("1.5", None)],
)
def test_whole_number(value: str | None, number: int | None) -> None:
    """Read what devices write, and take nothing else for a number."""
    assert whole_number(value) == number


def test_endless_number() -> None:
    """Take a number that Python refuses to read for none."""
    assert whole_number("9" * 5000) is None
