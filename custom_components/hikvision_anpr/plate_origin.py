"""Say for which plates a channel reads, with countries by their codes."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .isapi.offers import Offer
from .isapi.recognition import Recognition, Setting
from .isapi.tables.countries import COUNTRIES

REGION: Final = "plate_region"
COUNTRY: Final = "country"


def told(recognition: Recognition) -> dict[str, Any]:
    """Return region and country with what is offered, ready for JSON.

    None and nothing where the device does not say. A country that has no code is told
    by its index.
    """
    region, country = recognition.place(REGION), recognition.place(COUNTRY)
    return {
        REGION: region.value(REGION) if region else None,
        "plate_regions": list(region.offer(REGION).choices) if region else [],
        COUNTRY: _code(country.value(COUNTRY)) if country else None,
        "countries": [_code(one) for one in country.offer(COUNTRY).choices]
        if country
        else [],
    }


def wanted(recognition: Recognition, data: Mapping[str, Any]) -> dict[Setting, str]:
    """Return what is to be set, in the words of the device.

    Raises ServiceValidationError for a country that there is not.
    """
    values: dict[Setting, str] = {}
    if REGION in data:
        values[REGION] = data[REGION]
    if COUNTRY in data:
        place = recognition.place(COUNTRY)
        offer = place.offer(COUNTRY) if place else Offer()
        values[COUNTRY] = _index(data[COUNTRY], offer)
    return values


def _code(index: str | None) -> str | None:
    """Return the code of a country, or its index where it has none."""
    if not index or not index.isdecimal():
        return index or None
    return COUNTRIES.get(int(index), index)


def _index(country: str, offer: Offer) -> str:
    """Return the index of a country by its code or index, one that is offered first."""
    if country.isdecimal():
        return country
    code = country.upper()
    found = [str(index) for index, name in COUNTRIES.items() if name == code]
    if not found:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="country_unknown",
            translation_placeholders={"country": country},
        )
    return next((one for one in found if offer.holds(one)), found[0])
