"""Walk through what mends an issue, as the repairs of Home Assistant do."""

from typing import Any

from homeassistant.components.repairs import RepairsFlowResult, repairs_flow_manager
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN


def shown(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the issues of an entry that are shown."""
    return {
        issue_id.removesuffix(f"_{entry.entry_id}")
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and issue_id.endswith(entry.entry_id)
    }


async def mend(
    hass: HomeAssistant, entry: MockConfigEntry, issue: str
) -> RepairsFlowResult:
    """Begin to mend an issue."""
    assert await async_setup_component(hass, "repairs", {})
    manager = repairs_flow_manager(hass)
    assert manager is not None
    return await manager.async_init(
        DOMAIN, context={"issue_id": f"{issue}_{entry.entry_id}"}
    )


async def go_on(
    hass: HomeAssistant, flow: RepairsFlowResult, form: dict[str, Any]
) -> RepairsFlowResult:
    """Fill in the form of a flow."""
    manager = repairs_flow_manager(hass)
    assert manager is not None
    return await manager.async_configure(flow["flow_id"], form)
