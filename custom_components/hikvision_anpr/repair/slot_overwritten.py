"""Fix a device that no longer posts here: write the slot again."""

from typing import Any, override

from ..const import CONF_LISTENING
from ..intake.device_setup import DeviceSetup
from ..isapi.errors import SlotChangedError
from ..isapi.http_hosts import (
    HostPlan,
    async_apply,
    async_get_host_capabilities,
    async_get_hosts,
    plan_host,
)
from .flow import ABSENT, ConfirmedRepairFlow


class RepairFlow(ConfirmedRepairFlow):
    """Write the slot that is ours, else a free one, never that of somebody else."""

    _plan: HostPlan | None = None

    @override
    async def _async_preview(self) -> dict[str, str]:
        """Plan what is to be written, and show each setting that changes."""
        setup = self._setup
        client = self._client()
        capabilities = await async_get_host_capabilities(client)
        hosts = await async_get_hosts(client)
        self._plan = plan_host(hosts, capabilities, setup.wanted)
        lines = [
            f"- {change.field}: {change.before or ABSENT} → {change.after or ABSENT}"
            for change in self._plan.changes
        ]
        return {
            "slot": self._plan.before.id,
            "target": self._plan.after.target,
            "changes": "\n".join(lines) or ABSENT,
        }

    @override
    async def _async_mend(self, user_input: dict[str, Any]) -> None:
        """Write what was shown, and remember the slot as ours."""
        if self._plan is None:
            raise SlotChangedError("Nothing was planned")
        await async_apply(self._client(), self._plan)
        stored = DeviceSetup.of(self._plan, self._setup).as_stored()
        self.hass.config_entries.async_update_entry(
            self._entry, data={**self._entry.data, CONF_LISTENING: stored}
        )
        self.hass.config_entries.async_schedule_reload(self._entry.entry_id)

    @property
    def _setup(self) -> DeviceSetup:
        """Return how we set the device up. Raises SlotChangedError if we did not."""
        setup = DeviceSetup.from_stored(self._entry.data)
        if setup is None:
            raise SlotChangedError("The device was not set up by Home Assistant")
        return setup
