"""Provide actions to read and change the linkage of a camera."""

from collections.abc import Iterator
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target
from .const import DOMAIN
from .isapi.linkage import (
    DIRECTIONS,
    METHODS,
    OUTPUT,
    RECORD,
    TRIGGERS,
    WORDS,
    Link,
    Linkage,
    LinkageChange,
    async_change_linkage,
    async_get_linkage,
    async_get_offered,
)
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting

SERVICE_GET_LINKAGE: Final = "get_linkage"
SERVICE_SET_LINKAGE: Final = "set_linkage"

_TARGET: Final[dict[Any, Any]] = {
    vol.Required("device_id"): cv.string,
    vol.Optional("trigger", default="vehicle_detection"): vol.In(TRIGGERS),
}
GET_SCHEMA: Final[Any] = vol.Schema(_TARGET)
SET_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            **_TARGET,
            **{vol.Optional(method): cv.boolean for method in METHODS},
            vol.Optional(RECORD): cv.boolean,
            vol.Optional("outputs"): vol.All(cv.ensure_list, [cv.positive_int]),
            vol.Optional("direction"): vol.In(DIRECTIONS),
        }
    ),
    cv.has_at_least_one_key(*METHODS, RECORD, "outputs", "direction"),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a camera is for administrators."""
    async_register_setting(
        hass,
        Setting(
            get_name=SERVICE_GET_LINKAGE,
            set_name=SERVICE_SET_LINKAGE,
            ask=_async_ask,
            change=_async_set,
            get_schema=GET_SCHEMA,
            set_schema=SET_SCHEMA,
        ),
    )


async def _async_ask(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Answer what a trigger of a channel does."""
    trigger = call.data["trigger"]
    found = await async_get_linkage(target.coordinator.client, target.channel, trigger)
    links = found.links or ()
    known = {*METHODS, RECORD, OUTPUT}
    return {
        "trigger": trigger,
        **{method: (method, None) in links for method in METHODS},
        RECORD: any(method == RECORD for method, _ in links),
        "outputs": [number for method, number in links if method == OUTPUT],
        "others": [method for method, _ in links if method not in known],
        "direction": found.direction,
    }


async def _async_set(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change what a trigger does."""
    client, trigger = target.coordinator.client, call.data["trigger"]
    before = await async_get_linkage(client, target.channel, trigger)
    change = _change(target, call.data, before)
    _check(change, await async_get_offered(client, trigger))
    reboot_required = await async_change_linkage(
        client, target.channel, trigger, change
    )
    return {REBOOT_REQUIRED: reboot_required}


def _check(change: LinkageChange, offered: frozenset[str] | None) -> None:
    """Raise ServiceValidationError for what the camera says that it cannot do."""
    for method, _ in change.add:
        if offered is not None and method not in offered:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="linkage_not_offered",
                translation_placeholders={"method": WORDS[method]},
            )


def _change(target: Target, data: dict[str, Any], before: Linkage) -> LinkageChange:
    """Return what is to change. Raises ServiceValidationError."""
    wanted = dict(_wanted(target, data))
    remove = {link for link, is_wanted in wanted.items() if not is_wanted}
    there = frozenset(before.links or ())
    if data.get(RECORD) is False:
        remove |= {link for link in there if link[0] == RECORD}
    if "outputs" in data:
        remove |= {link for link in there if link[0] == OUTPUT and link not in wanted}
    return LinkageChange(
        add=frozenset(link for link, is_wanted in wanted.items() if is_wanted),
        remove=frozenset(remove),
        direction=data.get("direction"),
    )


def _wanted(target: Target, data: dict[str, Any]) -> Iterator[tuple[Link, bool]]:
    """Yield the links that are named, and whether they are to be there.

    Raises ServiceValidationError for an output that the device does not list.
    """
    for method in METHODS:
        if method in data:
            yield (method, None), data[method]
    if data.get(RECORD):
        yield (RECORD, target.channel), True
    for output in data.get("outputs", ()):
        if output not in target.coordinator.capabilities.outputs:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="output_unknown",
                translation_placeholders={"output": str(output)},
            )
        yield (OUTPUT, output), True
