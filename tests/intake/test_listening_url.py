"""Test finding the address under which a device reaches Home Assistant."""

from homeassistant.components.http import ApiConfig
from homeassistant.core import HomeAssistant
import pytest

from custom_components.hikvision_anpr.intake.listening_url import (
    NoListeningUrlError,
    listening_url,
)

HOME = ("192.0.2.5", False)
LOOPBACK = ("127.0.0.1", False)
ENCRYPTED = ("192.0.2.5", True)


def set_up(
    hass: HomeAssistant, internal_url: str | None, api: tuple[str, bool] | None
) -> None:
    """Let Home Assistant be reached so."""
    hass.config.internal_url = internal_url
    hass.config.external_url = "http://home.example"
    if api:
        address, use_ssl = api
        hass.config.api = ApiConfig(address, address, 8123, use_ssl)


@pytest.mark.parametrize(
    ("internal_url", "api", "expected"),
    [
        ("http://192.0.2.7:8080", HOME, "http://192.0.2.7:8080"),
        ("http://home.lan", LOOPBACK, "http://home.lan"),
        ("http://[2001:db8::5]:8123", None, "http://[2001:db8::5]:8123"),
        (None, HOME, "http://192.0.2.5:8123"),
        ("https://home.example", HOME, "http://192.0.2.5:8123"),
        ("http://homeassistant.local:8123", HOME, "http://192.0.2.5:8123"),
        (
            "http://homeassistant.local:8123",
            LOOPBACK,
            "http://homeassistant.local:8123",
        ),
    ],
)
async def test_address(
    hass: HomeAssistant,
    internal_url: str | None,
    api: tuple[str, bool] | None,
    expected: str,
) -> None:
    """Prefer what a device can look up and trust."""
    set_up(hass, internal_url, api)
    assert str(listening_url(hass, "5ec7e7")) == f"{expected}/api/webhook/5ec7e7"


@pytest.mark.parametrize(
    ("internal_url", "api", "https_only"),
    [
        (None, None, False),
        (None, LOOPBACK, False),
        (None, ENCRYPTED, True),
        ("https://home.example", None, True),
        ("https://home.example", ENCRYPTED, True),
    ],
)
async def test_no_address(
    hass: HomeAssistant,
    internal_url: str | None,
    api: tuple[str, bool] | None,
    https_only: bool,
) -> None:
    """Tell why there is none; the address of the outside world is none."""
    set_up(hass, internal_url, api)
    with pytest.raises(NoListeningUrlError) as error:
        listening_url(hass, "5ec7e7")
    assert error.value.https_only is https_only
