"""Set up a device to post to Home Assistant, and restore it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
import logging
from typing import Any, Final, Self

from yarl import URL

from ..const import CONF_LISTENING
from ..isapi.client import IsapiClient
from ..isapi.errors import IsapiError
from ..isapi.http_hosts import (
    HostPlan,
    PictureChoice,
    SavedHost,
    WantedHost,
    async_apply,
    async_get_host_capabilities,
    async_get_hosts,
    async_restore,
    async_set_baseline_protocol,
    plan_host,
)
from ..isapi.user_check import async_check_user

_LOGGER = logging.getLogger(__name__)

BASELINE: Final = "baseline"
"""What devices call posts in the standard form (reference 3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Hold all that will be written on a device, before anything is."""

    plan: HostPlan
    sets_protocol: bool

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Return what changes: the name of a field, its value before and after."""
        changes = [
            (change.field, change.before or "", change.after or "")
            for change in self.plan.changes
        ]
        if self.sets_protocol:
            changes.append(("alarmHttpPushProtocol", "", BASELINE))
        return changes

    async def async_write(self, client: IsapiClient) -> None:
        """Write it. Raises SlotChangedError and the errors of the client.

        Once the slot is written, a device that falls silent is no error: what it
        posts in another form is counted.
        """
        await async_apply(client, self.plan)
        if self.sets_protocol:
            with suppress(IsapiError):
                await async_set_baseline_protocol(client)


async def async_propose(
    client: IsapiClient, url: URL, pictures: PictureChoice
) -> Proposal:
    """Look for a slot of the device; nothing is written.

    Raises NoFreeSlotError where others use every slot, and the errors of the
    client.
    """
    await async_check_user(client)
    capabilities = await async_get_host_capabilities(client)
    wanted = WantedHost(
        url=url.raw_path,
        address=url.host or "",
        port=url.port or 80,
        pictures=pictures,
    )
    return Proposal(
        plan=plan_host(await async_get_hosts(client), capabilities, wanted),
        sets_protocol=BASELINE in capabilities.push_protocols,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSetup:
    """Hold the slot of a device that is ours, as it should be and as it was.

    `saved` is None where the slot was ours before we wrote it.
    """

    slot_id: str
    wanted: WantedHost
    saved: SavedHost | None

    @classmethod
    def of(cls, plan: HostPlan, before: Self | None) -> Self:
        """Return the setup of a plan; what was saved first stays."""
        return cls(
            slot_id=plan.after.id,
            wanted=plan.wanted,
            saved=plan.saved or (before.saved if before else None),
        )

    @classmethod
    def from_stored(cls, data: Mapping[str, Any]) -> Self | None:
        """Return the setup out of an entry's data; None where we wrote nothing."""
        stored = data.get(CONF_LISTENING)
        if stored is None:
            return None
        saved = stored["saved"]
        return cls(
            slot_id=stored["slot_id"],
            wanted=WantedHost(**stored["wanted"]),
            saved=SavedHost(**saved) if saved else None,
        )

    def as_stored(self) -> dict[str, Any]:
        """Return the setup as an entry holds it."""
        return asdict(self)

    async def async_take_back(self, client: IsapiClient) -> None:
        """Put the slot back as it was, unless somebody else uses it now.

        Raises the errors of the client.
        """
        await async_check_user(client)
        if self.saved and not await async_restore(client, self.saved):
            _LOGGER.info("Slot %s of the device is no longer ours", self.slot_id)

    async def async_try_to_take_back(self, client: IsapiClient) -> None:
        """Put the slot back as it was, or say that it could not be done."""
        try:
            await self.async_take_back(client)
        except IsapiError as error:
            _LOGGER.warning(
                "Slot %s of the device still points to Home Assistant: %s",
                self.slot_id,
                error,
            )
