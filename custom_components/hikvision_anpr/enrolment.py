"""Add many devices with one login, without locking accounts."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
import logging
from typing import Any, Final

from homeassistant.config_entries import SOURCE_IMPORT
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .connection import async_get_client
from .connection_form import HTTP_PORT, HTTPS_PORT
from .const import DOMAIN
from .device_check import Check, async_check, async_explain, title_of
from .isapi.device import DeviceInfo
from .isapi.errors import IsapiError, NotActivatedError

_LOGGER = logging.getLogger(__name__)

MAX_REFUSALS: Final = 3
"""After so many devices that refuse the login, and none that takes it, it is wrong."""

_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hold what became of one device; `error` is None where it was added.

    `target` is how it was to be reached.
    """

    target: Mapping[str, Any]
    error: str | None = None
    placeholders: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Return the address as the user knows it, with an unusual port."""
        host, port = self.target[CONF_HOST], self.target[CONF_PORT]
        return str(host) if port in {HTTP_PORT, HTTPS_PORT} else f"{host}:{port}"

    @property
    def is_there(self) -> bool:
        """Tell whether the device is set up now."""
        return self.error in {None, "already_configured"}


class Enrolment:
    """Add devices one by one, each with a single login.

    Whether they are there is asked before, of many at once and without a login.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        targets: Sequence[Mapping[str, Any]],
        on_progress: Callable[[float], None],
    ) -> None:
        """Prepare to add devices; `on_progress` is told of the share that is done."""
        self._hass = hass
        self._targets = targets
        self._on_progress = on_progress
        self._steps = 0
        self._refusals = 0
        self._accepted = False

    async def async_run(self) -> list[Outcome]:
        """Return what became of each device, in their order."""
        gate = asyncio.Semaphore(_AT_ONCE)
        found = await asyncio.gather(
            *(self._async_reach(gate, target) for target in self._targets)
        )
        outcomes = []
        for target, missing in zip(self._targets, found, strict=True):
            check = missing or await self._async_add(target)
            outcomes.append(
                Outcome(
                    target=target, error=check.error, placeholders=check.placeholders
                )
            )
            self._step()
        return outcomes

    async def _async_reach(
        self, gate: asyncio.Semaphore, target: Mapping[str, Any]
    ) -> Check | None:
        """Say what keeps a device from being logged in to; None: nothing."""
        async with gate:
            check = await self._async_ask(target)
        self._step()
        return check

    async def _async_ask(self, target: Mapping[str, Any]) -> Check | None:
        """Ask a device, without a login, whether it is there."""
        if self._is_set_up(target):
            return _wrong("already_configured")
        client = async_get_client(self._hass, target)
        try:
            if await client.activation() is False:
                raise NotActivatedError("The device is not activated")
        except IsapiError as error:
            return await async_explain(client, error)
        return None

    def _is_set_up(self, target: Mapping[str, Any]) -> bool:
        """Tell whether an entry reaches a device in the same place."""
        place = target[CONF_HOST], target[CONF_PORT]
        return any(
            (entry.data.get(CONF_HOST), entry.data.get(CONF_PORT)) == place
            for entry in self._hass.config_entries.async_entries(DOMAIN)
        )

    async def _async_add(self, target: Mapping[str, Any]) -> Check:
        """Log in to a device once and add it, unless the login must be wrong."""
        if self._refusals >= MAX_REFUSALS and not self._accepted:
            return _wrong("not_tried", count=str(self._refusals))
        check = await async_check(self._hass, target, is_new=True)
        self._refusals += check.is_login_refused
        if check.device is None:
            return check
        self._accepted = True
        return await self._async_make_entry(check.device, target)

    async def _async_make_entry(
        self, device: DeviceInfo, target: Mapping[str, Any]
    ) -> Check:
        """Make the entry of a device, by a flow of its own."""
        try:
            result = await self._hass.config_entries.flow.async_init(
                DOMAIN,
                context={"source": SOURCE_IMPORT},
                data={
                    "unique_id": device.serial_number,
                    "title": title_of(self._hass, device, target[CONF_HOST]),
                    "data": dict(target),
                },
            )
        except Exception:
            _LOGGER.exception("Creating the entry of a device failed")
            return _wrong("unknown")
        if result["type"] is FlowResultType.CREATE_ENTRY:
            return Check(device=device)
        return _wrong("already_configured")

    def _step(self) -> None:
        """Tell how much is done: each device is asked, then added."""
        self._steps += 1
        self._on_progress(self._steps / (2 * len(self._targets)))


def _wrong(error: str, **placeholders: str) -> Check:
    """Return what is wrong with a device."""
    return Check(errors={"base": error}, placeholders=placeholders)
