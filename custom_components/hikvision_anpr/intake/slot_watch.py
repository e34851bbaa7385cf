"""Verify that a device that posts is there and still posts here."""

import asyncio
from collections.abc import Mapping
from ipaddress import ip_address
import logging
from typing import Any, Final, Literal

from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID

from ..isapi.client import IsapiClient
from ..isapi.errors import (
    AuthenticationError,
    BusyError,
    ForbiddenError,
    IsapiError,
    NotSupportedError,
    UnreachableError,
)
from ..isapi.http_hosts import (
    HttpHost,
    async_apply,
    async_get_host_capabilities,
    async_get_hosts,
    plan_host,
)
from ..isapi.user_check import async_check_user
from .device_setup import DeviceSetup
from .listener import IntakeListener
from .timekeeper import Timekeeper

_LOGGER = logging.getLogger(__name__)

VERIFY_SECONDS: Final = 300.0
"""How often the device is asked: listening has no heartbeat (reference 2.2)."""

RETRY_SECONDS: Final = 30.0
"""How soon it is asked again when it did not answer."""

type SlotState = Literal["unknown", "ours", "not_found", "used_by_others", "changed"]


class SlotLostError(Exception):
    """Report that the device no longer posts to us."""


class SlotWatch:
    """Ask a device again and again whether it posts to us.

    A slot that we set up and that is empty was lost at a restart of the device: it
    is written again. One that somebody else changed is left alone. Without a
    setup the user sees to the slot, and it is enough that the device answers.
    """

    def __init__(
        self,
        client: IsapiClient,
        timekeeper: Timekeeper,
        listener: IntakeListener,
        data: Mapping[str, Any],
    ) -> None:
        """Prepare to watch a device that is set up as the data of its entry say."""
        self.state: SlotState = "unknown"
        self.rewritten = 0
        self._client = client
        self._timekeeper = timekeeper
        self._listener = listener
        self._path = webhook.async_generate_path(data.get(CONF_WEBHOOK_ID, ""))
        self._setup = DeviceSetup.from_stored(data)

    async def run(self) -> None:
        """Verify again and again, until login is refused."""
        while True:
            try:
                await self._verify()
            except AuthenticationError as error:
                self._listener.way_closed("listening", error)
                return
            except (IsapiError, SlotLostError) as error:
                self._listener.way_closed("listening", error)
                await asyncio.sleep(_delay(error))
            else:
                self._listener.way_opened("listening")
                await asyncio.sleep(VERIFY_SECONDS)

    async def _verify(self) -> None:
        """Return where all is well; raise SlotLostError or an IsapiError where not."""
        await async_check_user(self._client)
        await self._timekeeper.measure()
        if self._setup:
            await self._verify_setup(self._setup, await async_get_hosts(self._client))
        else:
            await self._look_for_slot()

    async def _look_for_slot(self) -> None:
        """Note whether the user's own setup is there, if the device tells."""
        try:
            hosts = await async_get_hosts(self._client)
        except ForbiddenError, NotSupportedError:
            self.state = "unknown"
            return
        is_there = any(host.is_at(self._path) for host in hosts)
        self.state = "ours" if is_there else "not_found"

    async def _verify_setup(self, setup: DeviceSetup, hosts: list[HttpHost]) -> None:
        """Find the slot that we set up, and write it again where it was lost."""
        for host in hosts:
            if host.is_at(self._path):
                self._check_address(host, setup)
                return
        slot = next((host for host in hosts if host.id == setup.slot_id), None)
        if slot is None or not slot.is_free:
            self.state = "used_by_others" if slot else "not_found"
            raise SlotLostError("Another system changed where the device posts to")
        self.state = "not_found"
        capabilities = await async_get_host_capabilities(self._client)
        await async_apply(self._client, plan_host([slot], capabilities, setup.wanted))
        self.state = "ours"
        self.rewritten += 1
        _LOGGER.info(
            "The device had lost its HTTP listening slot; it was written again"
        )

    def _check_address(self, host: HttpHost, setup: DeviceSetup) -> None:
        """See that the slot leads to the address that we wrote."""
        wanted = setup.wanted
        is_there = _folded(host.address) == _folded(wanted.address)
        if not is_there or host.port != wanted.port:
            self.state = "changed"
            raise SlotLostError("The device posts to another address than ours")
        self.state = "ours"


def _delay(error: Exception) -> float:
    """Return when to ask again; what answers wrongly is not pressed, nor written to."""
    is_away = isinstance(error, UnreachableError | BusyError)
    return RETRY_SECONDS if is_away else VERIFY_SECONDS


def _folded(address: str) -> str:
    """Return an address in its one spelling."""
    try:
        return str(ip_address(address))
    except ValueError:
        return address.lower()
