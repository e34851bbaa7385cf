"""Load the words of files in the language of their reader."""

from typing import Any, Final

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .archive.wording import Texts, Wording
from .const import DOMAIN

READER: Final[dict[Any, Any]] = {
    vol.Optional("language"): cv.language,
    vol.Optional("time_zone"): cv.string,
}
"""How an action is told who reads what it writes."""

_ATTRIBUTES: Final = f"component.{DOMAIN}.entity.event.passage.state_attributes."
_OPTIONS: Final = f"component.{DOMAIN}.selector.{{}}.options."


async def async_language(hass: HomeAssistant, user_id: str | None) -> str:
    """Return the language that a user has chosen, else that of the home."""
    if user_id is not None and "frontend" in hass.config.components:
        chosen = (await async_user_store(hass, user_id)).data.get("language")
        if isinstance(chosen, dict) and chosen.get("language"):
            return str(chosen["language"])
    return hass.config.language


async def async_wording(
    hass: HomeAssistant, language: str, time_zone: str | None = None
) -> Wording:
    """Return the wording of a language, English where it has no words.

    Raises ServiceValidationError for a zone that there is not.
    """
    zone = dt_util.get_default_time_zone()
    if time_zone is not None:
        found = await dt_util.async_get_time_zone(time_zone)
        if found is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="time_zone_unknown",
                translation_placeholders={"time_zone": time_zone},
            )
        zone = found
    headings, codes = await _async_attributes(hass, language)
    columns = await async_options(hass, language, "passage_column")
    return Wording(
        zone=zone,
        headings={**headings, **columns},
        codes=codes,
        answers=await async_options(hass, language, "answer"),
    )


async def async_options(hass: HomeAssistant, language: str, name: str) -> Texts:
    """Return the texts of a selector's options."""
    prefix = _OPTIONS.format(name)
    texts = await async_get_translations(hass, language, "selector", {DOMAIN})
    return {
        path.removeprefix(prefix): text
        for path, text in texts.items()
        if path.startswith(prefix)
    }


async def _async_attributes(
    hass: HomeAssistant, language: str
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return what the attributes of a passage, and their codes, are called."""
    headings: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    texts = await async_get_translations(hass, language, "entity", {DOMAIN})
    for path, text in texts.items():
        if not path.startswith(_ATTRIBUTES):
            continue
        attribute, kind, *code = path.removeprefix(_ATTRIBUTES).split(".")
        if kind == "name":
            headings[attribute] = text
        else:
            codes.setdefault(attribute, {})[code[0]] = text
    return headings, codes
