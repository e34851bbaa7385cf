"""Test plates that people type."""

from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.hikvision_anpr.vehicles.typed_plate import (
    typed_plate,
    without_symbols,
)


@pytest.mark.parametrize(
    "plate",
    ["AB-123 CD", "京A·12345", "ZH.12", "M-ÄB 1", "12\N{EN DASH}34", "\u200bAB1\u200e"],
)
def test_plates(plate: str) -> None:
    """Take what people write between letters and digits, and what pasting adds."""
    assert typed_plate(plate) == plate
    assert without_symbols(plate) == plate


@pytest.mark.parametrize(
    "symbol", ["😀", "🇩", "♥", "*", "?", "€", "+", "\x00", "\ufffd"]
)
def test_symbols(symbol: str) -> None:
    """Refuse what no plate has, and name it; leave it out of a plate of a file."""
    with pytest.raises(ServiceValidationError) as raised:
        typed_plate(f"AB{symbol}12")
    assert raised.value.translation_key == "plate_with_symbol"
    assert raised.value.translation_placeholders == {
        "plate": f"AB{symbol}12",
        "symbol": symbol,
    }
    assert without_symbols(f"AB {symbol}12") == "AB 12"
