"""Check the ledger of Home Assistant's quality scale."""

import ast
from typing import Final

from homeassistant.const import Platform
from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol

from .house import INTEGRATION, Module, modules

BRONZE: Final = """
    action-setup appropriate-polling brands common-modules config-flow-test-coverage
    config-flow dependency-transparency docs-actions docs-conditions
    docs-high-level-description docs-installation-instructions
    docs-removal-instructions docs-triggers entity-event-setup entity-unique-id
    has-entity-name runtime-data test-before-configure test-before-setup
    unique-config-entry
"""
SILVER: Final = """
    action-exceptions config-entry-unloading docs-configuration-parameters
    docs-installation-parameters entity-unavailable integration-owner
    log-when-unavailable parallel-updates reauthentication-flow test-coverage
"""
GOLD: Final = """
    devices diagnostics discovery-update-info discovery docs-data-update docs-examples
    docs-known-limitations docs-supported-devices docs-supported-functions
    docs-troubleshooting docs-use-cases dynamic-devices entity-category
    entity-device-class entity-disabled-by-default entity-translations
    exception-translations icon-translations reconfiguration-flow repair-issues
    stale-devices
"""
PLATINUM: Final = "async-dependency inject-websession strict-typing"
RULES: Final = f"{BRONZE} {SILVER} {GOLD} {PLATINUM}".split()
ENTRY: Final = vol.Schema(
    vol.Any(
        "done",
        "todo",
        {
            vol.Required("status"): vol.In(["done", "todo", "exempt"]),
            vol.Required("comment"): vol.All(str, vol.Length(min=1)),
        },
    )
)
PLATFORMS: Final = [
    module
    for module in modules(INTEGRATION)
    if module.path.parent == INTEGRATION and module.path.stem in set(Platform)
]


def test_ledger_lists_every_rule_once() -> None:
    """Say of each of the 54 rules where we stand, in the scale's order."""
    ledger = load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))
    assert len(RULES) == 54
    assert list(ledger) == ["rules"]
    assert list(ledger["rules"]) == RULES
    for entry in ledger["rules"].values():
        ENTRY(entry)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda module: module.path.stem)
def test_platform_limits_parallel_updates(platform: Module) -> None:
    """Let each platform say how many calls the device gets at once."""
    assigned = {
        target.id
        for node in platform.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    assert "PARALLEL_UPDATES" in assigned
