"""Provide actions for the text overlay of a camera."""

from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target
from .isapi.errors import NOT_TOLD
from .isapi.picture_text import (
    async_check_picture_text,
    async_get_picture_text,
    async_set_picture_text,
)
from .isapi.text_overlay import (
    OverlayText,
    TextOverlay,
    async_get_text_overlay,
    async_set_text_overlay,
)
from .isapi.written_documents import WrittenDocuments
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting

SERVICE_GET_TEXT_OVERLAY: Final = "get_text_overlay"
SERVICE_SET_TEXT_OVERLAY: Final = "set_text_overlay"

_OF_VIDEO: Final = ("texts", "time", "name")
_PART: Final = vol.All(vol.Coerce(float), vol.Range(min=0, max=1))
_LINE: Final = {
    vol.Required("id"): vol.All(vol.Coerce(str), cv.string),
    vol.Optional("enabled"): cv.boolean,
    vol.Optional("text"): cv.string,
    vol.Optional("x"): _PART,
    vol.Optional("y"): _PART,
}
SET_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Required("device_id"): cv.string,
            vol.Optional("texts"): vol.All(cv.ensure_list, [_LINE]),
            vol.Optional("time"): cv.boolean,
            vol.Optional("name"): cv.boolean,
            vol.Optional("pictures"): {cv.string: cv.string},
        }
    ),
    cv.has_at_least_one_key(*_OF_VIDEO, "pictures"),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a camera is for administrators."""
    async_register_setting(
        hass,
        Setting(
            get_name=SERVICE_GET_TEXT_OVERLAY,
            set_name=SERVICE_SET_TEXT_OVERLAY,
            ask=_async_ask,
            change=_async_change,
            set_schema=SET_SCHEMA,
        ),
    )


async def _async_change(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change what is named; all is looked at before any is written."""
    client, channel, data = target.coordinator.client, target.channel, call.data
    change = TextOverlay(
        texts={line["id"]: _line(line) for line in data.get("texts", [])},
        time=data.get("time"),
        name=data.get("name"),
    )
    written, pictures = WrittenDocuments(), data.get("pictures")
    if pictures:
        await async_check_picture_text(client, channel, pictures)
    if change != TextOverlay():
        await written.async_add(
            (name for name in _OF_VIDEO if name in data),
            async_set_text_overlay(client, channel, change),
        )
    if pictures:
        await written.async_add(
            ["pictures"], async_set_picture_text(client, channel, pictures)
        )
    return {REBOOT_REQUIRED: written.wants_restart}


def _line(line: dict[str, Any]) -> OverlayText:
    """Return what is to change about a line."""
    return OverlayText(
        enabled=line.get("enabled"),
        text=line.get("text"),
        x=line.get("x"),
        y=line.get("y"),
    )


async def _async_ask(target: Target, _call: ServiceCall) -> dict[str, Any]:
    """Answer what a channel writes into its video and pictures."""
    client, channel = target.coordinator.client, target.channel
    pictures = await async_get_picture_text(client, channel)
    try:
        found = await async_get_text_overlay(client, channel)
    except NOT_TOLD:
        if pictures is None:
            raise
        found = TextOverlay()
    return {
        "texts": [_told(key, line) for key, line in found.texts.items()],
        "most_texts": found.most,
        "time": found.time,
        "name": found.name,
        "pictures": None if pictures is None else dict(pictures),
    }


def _told(key: str, line: OverlayText) -> dict[str, Any]:
    """Return a line, ready for JSON."""
    return {
        "id": key,
        "enabled": line.enabled,
        "text": line.text,
        "x": None if line.x is None else round(line.x, 3),
        "y": None if line.y is None else round(line.y, 3),
    }
