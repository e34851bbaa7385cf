"""Check whether a camera is set up to report its reads (reference 3.3)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from .channel import ONLY_CHANNEL
from .device_issues import Issue
from .isapi.capabilities import async_get_capabilities
from .isapi.client import IsapiClient
from .isapi.event_trigger import async_is_linked
from .isapi.schedule import async_is_empty
from .isapi.vca_resource import async_get_vca_mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Hold what was found; `is_wrong` is None where the device does not say."""

    is_wrong: bool | None
    placeholders: Mapping[str, str] = field(default_factory=dict)


async def _async_check_link(client: IsapiClient) -> Finding:
    """See that reads are told to the surveillance centre."""
    is_linked = await async_is_linked(client, ONLY_CHANNEL)
    return Finding(is_wrong=None if is_linked is None else not is_linked)


async def _async_check_schedule(client: IsapiClient) -> Finding:
    """See that the camera is armed at some time."""
    return Finding(is_wrong=await async_is_empty(client, ONLY_CHANNEL))


async def _async_check_mode(client: IsapiClient) -> Finding:
    """See that the camera looks for plates."""
    mode = await async_get_vca_mode(client, ONLY_CHANNEL)
    if mode is None:
        return Finding(is_wrong=None)
    return Finding(
        is_wrong=not mode.allows_plates, placeholders={"mode": mode.resource}
    )


async def async_check_firmware(client: IsapiClient) -> Finding:
    """See that the camera claims to read plates at all."""
    capabilities = await async_get_capabilities(client, ONLY_CHANNEL)
    return Finding(is_wrong=not capabilities.reads_plates)


CHECKS: Final[Mapping[Issue, Callable[[IsapiClient], Awaitable[Finding]]]] = {
    "linkage_missing": _async_check_link,
    "schedule_empty": _async_check_schedule,
    "vca_mode": _async_check_mode,
}
"""What keeps a camera silent, one question for each. Reads that come all the same show
that a model means something else by its answer."""
