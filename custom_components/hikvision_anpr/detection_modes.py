"""Change what a channel detects, after a confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.exceptions import ServiceValidationError

from .channel_targets import Target
from .const import DOMAIN
from .isapi.client import IsapiClient
from .isapi.detection_mode import (
    DetectionMode,
    async_get_detection_mode,
    async_set_detection_mode,
)
from .isapi.errors import NOT_TOLD, NotSupportedError
from .isapi.stored_document import NotOfferedError
from .isapi.vca_resource import (
    VcaMode,
    async_get_offered_modes,
    async_get_vca_mode,
    async_set_vca_mode,
)
from .isapi.written_documents import WrittenDocuments

MODE: Final = "mode"
RESOURCE: Final = "vca_resource"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModePlan:
    """Hold what a channel is to detect; None where it is to stay, or is so already."""

    client: IsapiClient
    channel: int
    mode: DetectionMode | None
    resource: VcaMode | None

    async def async_write(self) -> bool:
        """Change it; tell whether the device wants a restart.

        Raises NotTakenError, PartlyWrittenError, and the errors of the client.
        """
        written = WrittenDocuments()
        if self.mode:
            writing = async_set_detection_mode(self.client, self.channel, self.mode)
            await written.async_add([MODE], writing)
        if self.resource:
            writing = async_set_vca_mode(self.client, self.channel, self.resource)
            await written.async_add([RESOURCE], writing)
        return written.wants_restart


async def async_plan_modes(target: Target, data: Mapping[str, Any]) -> ModePlan:
    """Return what is to change, when it is confirmed; nothing is written yet.

    Raises ServiceValidationError with what the change ends where it is not confirmed,
    NotSupportedError and NotOfferedError, and the errors of the client.
    """
    client, channel = target.coordinator.client, target.channel
    return ModePlan(
        client=client,
        channel=channel,
        mode=await _async_mode(target, data) if MODE in data else None,
        resource=await _async_resource(target, data) if RESOURCE in data else None,
    )


async def async_get_resources(client: IsapiClient, channel: int) -> dict[str, Any]:
    """Return what the analysis of a channel is set to, and what it can be set to.

    None and nothing where it does not say. Raises the errors of the client.
    """
    try:
        mode = await async_get_vca_mode(client, channel)
    except NOT_TOLD:
        mode = None
    offered = await async_get_offered_modes(client, channel) if mode else ()
    return {
        RESOURCE: mode.resource if mode else None,
        "vca_resources": [one.resource for one in offered],
    }


async def _async_mode(target: Target, data: Mapping[str, Any]) -> DetectionMode | None:
    """Return the mode, None where it is so already."""
    client, channel = target.coordinator.client, target.channel
    before, after = await async_get_detection_mode(client, channel), data[MODE]
    if before is None:
        raise NotSupportedError("The device has no modes")
    if before == after:
        return None
    _require_confirmation(data, "confirm_mode", before, after)
    mode: DetectionMode = after
    return mode


async def _async_resource(target: Target, data: Mapping[str, Any]) -> VcaMode | None:
    """Return what is to be analysed, None where it is so already."""
    client, channel = target.coordinator.client, target.channel
    before, after = await async_get_vca_mode(client, channel), VcaMode(data[RESOURCE])
    if before is None:
        raise NotSupportedError("The device does not say what it analyses")
    if before == after:
        return None
    offered = await async_get_offered_modes(client, channel)
    if offered and after not in offered:
        raise NotOfferedError(RESOURCE, after.resource)
    key = "confirm_resource" if after.allows_plates else "confirm_no_plates"
    _require_confirmation(data, key, before.resource, after.resource)
    return after


def _require_confirmation(
    data: Mapping[str, Any], key: str, before: str, after: str
) -> None:
    """Say what a change ends. Raises ServiceValidationError unless it is confirmed."""
    if not data["confirm"]:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"before": before, "after": after},
        )
