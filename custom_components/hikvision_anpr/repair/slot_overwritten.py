"""Fix a device that no longer posts here: write the slot again."""

from dataclasses import replace
from typing import Any, override

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.const import CONF_WEBHOOK_ID

from ..const import CONF_LISTENING
from ..intake.device_setup import DeviceSetup
from ..intake.doors import own_port_of
from ..intake.listening_url import NoListeningUrlError, listening_url
from ..isapi.errors import SlotChangedError
from ..isapi.http_hosts import (
    HostPlan,
    WantedHost,
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
    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show what will change, unless no device can reach Home Assistant."""
        try:
            return await super().async_step_confirm(user_input)
        except NoListeningUrlError:
            return self.async_abort(
                reason="no_address", description_placeholders=self._named
            )

    @override
    async def _async_preview(self) -> dict[str, str]:
        """Plan what is to be written, and show each setting that changes."""
        wanted = self._wanted()
        client = self._client()
        capabilities = await async_get_host_capabilities(client)
        hosts = await async_get_hosts(client)
        self._plan = plan_host(hosts, capabilities, wanted)
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

    def _wanted(self) -> WantedHost:
        """Return where the device shall post to, at the address of now.

        Raises NoListeningUrlError and SlotChangedError.
        """
        wanted = self._setup.wanted
        if own_port_of(self._entry.options) is not None:
            return wanted
        url = listening_url(self.hass, self._entry.data[CONF_WEBHOOK_ID])
        return replace(wanted, address=url.host or "", port=url.port or 80)

    @property
    def _setup(self) -> DeviceSetup:
        """Return how we set the device up. Raises SlotChangedError if we did not."""
        setup = DeviceSetup.from_stored(self._entry.data)
        if setup is None:
            raise SlotChangedError("The device was not set up by Home Assistant")
        return setup
