"""Test choosing what is done with the reads of a device."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.hikvision_anpr.channel_state import ChannelState
from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera

from .waiting import wait_until

GATE = {
    "barrier": "auto",
    "pulse_seconds": 1,
    "area": "",
    "direction_role": "none",
    "min_confidence": 0,
    "required_reads": 1,
    "cool_down_seconds": 5,
}
SHOWN = {**GATE, "barrier_entity": None}
CHOSEN = {
    "intake": "arming",
    "merge_seconds": 8,
    "hold_seconds": 30,
    "clear_seconds": 600,
}


async def submit(
    hass: HomeAssistant, flow: ConfigFlowResult, form: dict[str, Any]
) -> ConfigFlowResult:
    """Fill in the form of an options flow."""
    return await hass.config_entries.options.async_configure(flow["flow_id"], form)


def shown(flow: ConfigFlowResult) -> dict[str, Any]:
    """Return the fields of a form and the values that they show."""
    schema = flow["data_schema"]
    assert schema is not None
    return {
        str(key): get_schema_suggested_value(schema.schema, key)
        for key in schema.schema
    }


async def test_options_of_a_camera(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Ask for everything in one form, keep it, and act on it at once."""
    flow = await hass.config_entries.options.async_init(init_integration.entry_id)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "init"
    assert flow["last_step"] is None
    assert shown(flow) == {
        "intake": None,
        "merge_seconds": None,
        "keep_lists": None,
        "gate_control": "camera",
        "hold_seconds": 10,
        "clear_seconds": 0,
        **SHOWN,
    }
    before = init_integration.runtime_data
    result = await submit(hass, flow, dict(CHOSEN))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert init_integration.options == {
        "intake": "arming",
        "merge_seconds": 8,
        "keep_lists": "changes",
        "gate_control": "camera",
        "channels": {"1": {"hold_seconds": 30, "clear_seconds": 600, **GATE}},
    }
    coordinator = init_integration.runtime_data
    assert coordinator is not before
    await wait_until(coordinator, lambda: coordinator.connected)
    assert camera.open_streams == 1

    flow = await hass.config_entries.options.async_init(init_integration.entry_id)
    assert shown(flow) == {
        **CHOSEN,
        "keep_lists": "changes",
        "gate_control": "camera",
        **SHOWN,
    }


async def test_defaults_are_taken(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Fill what is left empty with what holds without options."""
    flow = await hass.config_entries.options.async_init(init_integration.entry_id)
    await submit(hass, flow, {})
    await hass.async_block_till_done()
    assert init_integration.options == {
        "intake": "arming",
        "merge_seconds": 5,
        "keep_lists": "changes",
        "gate_control": "camera",
        "channels": {"1": {"hold_seconds": 10, "clear_seconds": 0, **GATE}},
    }


BEYOND: tuple[tuple[str, object], ...] = (
    ("merge_seconds", -1),
    ("merge_seconds", 61),
    ("hold_seconds", 0),
    ("hold_seconds", 3601),
    ("clear_seconds", -1),
    ("clear_seconds", 86401),
    ("clear_seconds", "soon"),
    ("gate_control", "nobody"),
    ("direction_role", "up"),
    ("min_confidence", 101),
    ("required_reads", 0),
)


async def test_limits(
    hass: HomeAssistant, config_entry: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """Refuse what makes no sense, at its field."""
    config_entry.add_to_hass(hass)
    flow = await hass.config_entries.options.async_init(config_entry.entry_id)
    for field, value in BEYOND:
        with subtests.test(field=field, value=value):
            with pytest.raises(InvalidData) as error:
                await submit(hass, flow, {**CHOSEN, field: value})
            assert set(error.value.schema_errors) == {field}


async def test_options_of_several_channels(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Ask for one channel after the other, and keep what else was chosen before."""
    before = {
        "merge_seconds": 3,
        "later": True,
        "channels": {"2": {"hold_seconds": 20, "other": 1}, "9": {"other": 2}},
    }
    hass.config_entries.async_update_entry(init_integration, options=before)
    init_integration.runtime_data.data[2] = ChannelState()

    flow = await hass.config_entries.options.async_init(init_integration.entry_id)
    assert flow["last_step"] is False
    assert shown(flow) == {
        "intake": None,
        "merge_seconds": 3,
        "keep_lists": None,
        "gate_control": None,
    }
    flow = await submit(hass, flow, {"merge_seconds": 4})
    assert flow["step_id"] == "channel"
    assert flow["description_placeholders"] == {"channel": "1"}
    assert flow["last_step"] is False
    assert shown(flow) == {"hold_seconds": 10, "clear_seconds": 0, **SHOWN}
    flow = await submit(hass, flow, {"hold_seconds": 1, "clear_seconds": 2})
    assert flow["description_placeholders"] == {"channel": "2"}
    assert flow["last_step"] is True
    assert shown(flow) == {"hold_seconds": 20, "clear_seconds": 0, **SHOWN}
    result = await submit(hass, flow, {"hold_seconds": 3, "clear_seconds": 4})
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert init_integration.options == {
        "intake": "arming",
        "merge_seconds": 4,
        "keep_lists": "changes",
        "gate_control": "camera",
        "later": True,
        "channels": {
            "1": {"hold_seconds": 1, "clear_seconds": 2, **GATE},
            "2": {"hold_seconds": 3, "clear_seconds": 4, **GATE, "other": 1},
            "9": {"other": 2},
        },
    }


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        (
            {},
            {
                "intake",
                "merge_seconds",
                "keep_lists",
                "gate_control",
                "hold_seconds",
                "clear_seconds",
                *SHOWN,
            },
        ),
        (
            {"channels": {"1": {}, "10": {}, "2": {}}},
            {"intake", "merge_seconds", "keep_lists", "gate_control"},
        ),
    ],
)
async def test_options_of_a_device_that_is_away(
    hass: HomeAssistant,
    config_entry: MockConfigEntry,
    options: dict[str, Any],
    fields: set[str],
) -> None:
    """Ask for the channels that were known before."""
    config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(config_entry, options=options)
    assert config_entry.state is ConfigEntryState.NOT_LOADED
    flow = await hass.config_entries.options.async_init(config_entry.entry_id)
    assert set(shown(flow)) == fields


async def test_choice_for_the_device_replaces_those_of_its_channels(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Let the form count for all channels where it is changed, and only there."""
    before = {"channels": {"1": {"gate_control": "mixed"}}, "gate_control": "camera"}
    hass.config_entries.async_update_entry(init_integration, options=before)
    for chosen, expected in (("camera", "mixed"), ("home_assistant", None)):
        flow = await hass.config_entries.options.async_init(init_integration.entry_id)
        await submit(hass, flow, {"gate_control": chosen})
        await hass.async_block_till_done()
        channels = init_integration.options["channels"]
        assert channels["1"].get("gate_control") == expected
        assert init_integration.options["gate_control"] == chosen


async def test_entity_that_cannot_open_the_gate(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Ask for the entity that opens, which is not the gate that it would open."""
    serial = init_integration.unique_id
    own, other = (
        er.async_get(hass).async_get_or_create("cover", DOMAIN, f"{unit}-1-barrier")
        for unit in (serial, "another")
    )
    flow = await hass.config_entries.options.async_init(init_integration.entry_id)
    form = {**CHOSEN, **GATE, "gate_control": "camera", "barrier": "entity"}
    for entity, error in (
        ({}, "gate_entity_missing"),
        ({"barrier_entity": own.entity_id}, "gate_entity_itself"),
    ):
        flow = await submit(hass, flow, {**form, **entity})
        assert flow["errors"] == {"barrier_entity": error}
    chosen = {"barrier_entity": other.entity_id}
    flow = await submit(hass, flow, {**form, **chosen})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: 1 in coordinator.gates.barriers)
    assert coordinator.gates.barriers[1].place == "another-1-barrier"
