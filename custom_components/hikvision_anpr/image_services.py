"""Provide actions to read and change image settings."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .channel_targets import Target
from .const import DOMAIN
from .file_link import link_to, place_of
from .image_undo import ImageBefore, ImageUndo
from .isapi.errors import IsapiError, RebootRequiredError
from .isapi.image_settings import (
    PERIODS,
    RECOMMENDED,
    SETTINGS,
    ImageSettings,
    async_get_image_settings,
    async_get_offers,
    async_get_switching,
    async_set_image_settings,
)
from .isapi.offers import Offer, Value
from .isapi.scene import (
    async_get_chosen_scene,
    async_get_scene_switching,
    async_get_scenes,
    async_set_scene,
)
from .isapi.snapshot import async_get_snapshot
from .isapi.stored_document import NotOfferedError
from .isapi.written_documents import WrittenDocuments
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting

SERVICE_GET_IMAGE_SETTINGS: Final = "get_image_settings"
SERVICE_SET_IMAGE_SETTINGS: Final = "set_image_settings"

SETTLE_SECONDS: Final = 2.0
"""How long a camera gets before it is asked for a picture with new settings."""


def _without_what_is_off(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked for; no undo is none."""
    return {key: value for key, value in data.items() if (key, value) != _NO_UNDO}


ALL: Final = "all"
"""Whatever of the recommended settings a camera has, offers, and set otherwise."""

_NO_UNDO: Final = ("undo", False)
_NO_PICTURES: Final = {"before": None, "after": None}
_TARGET: Final[dict[Any, Any]] = {
    vol.Required("device_id"): cv.string,
    vol.Optional("period"): vol.In(PERIODS),
}
GET_SCHEMA: Final[Any] = vol.Schema(_TARGET)
SET_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            **_TARGET,
            vol.Optional("settings"): vol.All(
                {vol.In(SETTINGS): vol.Any(bool, int, cv.string)}, vol.Length(min=1)
            ),
            vol.Optional("recommended"): vol.All(
                cv.ensure_list, [vol.In((ALL, *RECOMMENDED))], vol.Length(min=1)
            ),
            vol.Optional("undo"): cv.boolean,
            vol.Optional("snapshots", default=True): cv.boolean,
        }
    ),
    _without_what_is_off,
    cv.has_at_least_one_key("settings", "recommended", "undo"),
    cv.has_at_most_one_key("settings", "undo"),
    cv.has_at_most_one_key("recommended", "undo"),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a camera is for administrators."""
    async_register_setting(
        hass,
        Setting(
            get_name=SERVICE_GET_IMAGE_SETTINGS,
            set_name=SERVICE_SET_IMAGE_SETTINGS,
            ask=_async_ask,
            change=_async_change,
            get_schema=GET_SCHEMA,
            set_schema=SET_SCHEMA,
        ),
    )


async def _async_change(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change what is asked for, between two pictures."""
    undo = ImageUndo(call.hass, target.coordinator.config_entry.entry_id)
    period, written = call.data.get("period"), WrittenDocuments()
    back = await _async_to_undo(undo, target, call)
    chosen = await async_get_chosen_scene(target.coordinator.client, target.channel)
    before = await _async_picture(call, target, "before") if back else None
    if back:
        await _async_choose(target, written, back.scene, chosen)
    with written.adding("settings"):
        found, values = await _async_values(target, call, back)
        if not values:
            return {REBOOT_REQUIRED: False, "snapshots": _NO_PICTURES}
        before = before or await _async_picture(call, target, "before")
        written.wants_restart |= await async_set_image_settings(
            target.coordinator.client, target.channel, values, period
        )
    there = {name: found[name] for name in values if name in found}
    scene = back.scene if back else chosen
    kept = ImageBefore(values=there, scene=scene, chosen=chosen)
    await undo.async_keep(target.channel, period, kept)
    if back:
        await _async_choose(target, written, back.chosen, back.scene)
    pictures = {"before": before, "after": await _async_picture_after(call, target)}
    return {REBOOT_REQUIRED: written.wants_restart, "snapshots": pictures}


async def _async_to_undo(
    undo: ImageUndo, target: Target, call: ServiceCall
) -> ImageBefore | None:
    """Return what is to be set back, None where that is not asked for.

    Raises ServiceValidationError where nothing was changed.
    """
    if not call.data.get("undo"):
        return None
    kept = await undo.async_get(target.channel, call.data.get("period"))
    if kept is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_undo"
        )
    return kept


async def _async_choose(
    target: Target, written: WrittenDocuments, scene: str | None, chosen: str | None
) -> None:
    """Choose a scene, if it is another one.

    Raises RebootRequiredError where that counts only after a restart: settings would go
    to the scene before.
    """
    if scene is None or scene == chosen:
        return
    client = target.coordinator.client
    with written.adding("scene"):
        if await async_set_scene(client, target.channel, scene):
            raise RebootRequiredError("The camera changes its scene after a restart")


async def _async_values(
    target: Target, call: ServiceCall, back: ImageBefore | None
) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
    """Return the values that are there, and those to set.

    Raises NotOfferedError, and the errors of the client.
    """
    client, channel = target.coordinator.client, target.channel
    period = call.data.get("period")
    found = await async_get_image_settings(client, channel, period)
    offers = await async_get_offers(client, channel, period)
    better = _not_as_recommended(found, offers)
    values = back.values if back else _wanted(call.data, better)
    _check(values, offers)
    return found.values, values


def _wanted(data: dict[str, Any], not_recommended: list[str]) -> Mapping[str, Value]:
    """Return the values that are asked for."""
    named = data.get("recommended", [])
    names = {*named, *not_recommended} - {ALL} if ALL in named else named
    recommended = {name: RECOMMENDED[name] for name in names}
    return {**recommended, **data.get("settings", {})}


def _check(values: Mapping[str, Value], offers: Mapping[str, Offer]) -> None:
    """Raise NotOfferedError for what a camera does not offer."""
    for name, value in values.items():
        if not offers.get(name, Offer()).holds(value):
            raise NotOfferedError(name, str(value))


async def _async_picture(call: ServiceCall, target: Target, when: str) -> str | None:
    """Take a picture, and return a link to it; None where the camera sends none."""
    if not call.data["snapshots"]:
        return None
    try:
        data = await async_get_snapshot(target.coordinator.client, target.channel)
    except IsapiError:
        return None
    name = f"snapshot-{dt_util.now():%Y%m%d-%H%M%S-%f}-{when}.jpg"
    path = place_of(call.hass, None, name)

    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    await call.hass.async_add_executor_job(write)
    return link_to(call.hass, path)


async def _async_picture_after(call: ServiceCall, target: Target) -> str | None:
    """Take a picture when the camera has settled, and return a link to it."""
    if call.data["snapshots"]:
        await asyncio.sleep(SETTLE_SECONDS)
    return await _async_picture(call, target, "after")


async def _async_ask(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Answer how a channel takes its pictures."""
    client, channel = target.coordinator.client, target.channel
    period = call.data.get("period")
    found = await async_get_image_settings(client, channel, period)
    offers = await async_get_offers(client, channel, period)
    scenes = await async_get_scenes(client, channel)
    return {
        "period": period,
        "switching": await async_get_switching(client, channel),
        "scene": scenes.current,
        "scenes": list(scenes.offered),
        "scene_switching": await async_get_scene_switching(client, channel),
        "settings": {
            name: _one(name, value, offers.get(name, Offer()))
            for name, value in found.values.items()
        },
        "not_as_recommended": _not_as_recommended(found, offers),
        "others": dict(found.others),
    }


def _one(name: str, value: Value, offer: Offer) -> dict[str, Any]:
    """Return a setting beside what is recommended and offered."""
    told: dict[str, Any] = {"value": value}
    if name in RECOMMENDED:
        told["recommended"] = RECOMMENDED[name]
    if offer.choices:
        told["choices"] = list(offer.choices)
    if offer.lowest is not None and offer.highest is not None:
        told |= {"min": offer.lowest, "max": offer.highest}
    return told


def _not_as_recommended(found: ImageSettings, offers: Mapping[str, Offer]) -> list[str]:
    """Return the settings that could be as recommended, and are not."""
    return [
        name
        for name, value in RECOMMENDED.items()
        if name in found.values
        and found.values[name] != value
        and offers.get(name, Offer()).holds(value)
    ]
