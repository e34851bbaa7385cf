"""Test reading lists of addresses."""

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.addresses import (
    MAX_ADDRESSES,
    AddressError,
    TooManyAddressesError,
    read_addresses,
)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", []),
        (" \n,;", []),
        ("192.0.2.1", ["192.0.2.1"]),
        ("192.0.2.2, gate.example;\n192.0.2.2", ["192.0.2.2", "gate.example"]),
        ("192.0.2.9-11", ["192.0.2.9", "192.0.2.10", "192.0.2.11"]),
        ("192.0.2.9 - 10", ["192.0.2.9", "192.0.2.10"]),
        ("192.0.2.9–10", ["192.0.2.9", "192.0.2.10"]),
        ("192.0.2.255-192.0.3.0", ["192.0.2.255", "192.0.3.0"]),
        ("192.0.2.7-7", ["192.0.2.7"]),
        ("gate-1.example", ["gate-1.example"]),
        ("192.0.2.1:8080 fd00::1", ["192.0.2.1:8080", "fd00::1"]),
        ("https://192.0.2.1/doc", ["https://192.0.2.1/doc"]),
    ],
)
def test_lists(text: str, addresses: list[str]) -> None:
    """Understand what people paste, and keep each address once."""
    assert read_addresses(text) == addresses


@pytest.mark.parametrize(
    "word",
    ["192.0.2.300", "192.0.2.9-8", "192.0.2.1-999", "192.0.2.0/24", "-", "a:b", ":80"],
)
def test_what_is_no_address(word: str) -> None:
    """Name the word that is none."""
    with pytest.raises(AddressError) as caught:
        read_addresses(f"192.0.2.1 {word}")
    assert caught.value.address == word


def test_limit() -> None:
    """Refuse a range that nobody means, without writing it out."""
    assert len(read_addresses("10.0.0.0-10.0.0.255")) == MAX_ADDRESSES
    with pytest.raises(TooManyAddressesError):
        read_addresses("0.0.0.0-255.255.255.255")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Answer any text with addresses or with what is wrong."""
    try:
        addresses = read_addresses(text)
    except AddressError, TooManyAddressesError:
        return
    assert len(set(addresses)) == len(addresses)
