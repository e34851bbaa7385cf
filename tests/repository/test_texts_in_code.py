"""Check that code and translations know each other's keys."""

import ast
from collections.abc import Callable, Iterator
import re
from types import ModuleType
from typing import Final, get_args

from homeassistant.const import Platform
import pytest

from custom_components.hikvision_anpr.gate import policy
from custom_components.hikvision_anpr.vehicles import judge, vehicle

from . import texts_in_code
from .house import ENGLISH, INTEGRATION, Module, flat_json, modules
from .text_rules import placeholders

HOUSE: Final = [
    module
    for module in modules(INTEGRATION)
    if "isapi" not in module.path.relative_to(INTEGRATION).parts
]
FLOW: Final = [
    module for module in HOUSE if module.path.name.endswith(("_flow.py", "_form.py"))
]
REPAIRS: Final = [
    module
    for module in modules(INTEGRATION / "repair")
    if module.path.stem not in {"__init__", "flow"}
]
PLATFORMS: Final = [module for module in HOUSE if module.path.stem in set(Platform)]
# Texts that Home Assistant asks for on its own behalf.
ASKED_BY_CORE: Final = {
    "already_configured",
    "already_in_progress",
    "reauth_successful",
    "reconfigure_successful",
    "unique_id_mismatch",
}
KEY_OF_TEXT: Final = re.compile(
    r"(?:entity\.\w+|config\.step|options\.step|config\.error|config\.abort"
    r"|options\.error|options\.abort|exceptions|issues|selector|device)\.([a-z0-9_-]+)"
)
TRANSLATION_KEY: Final = re.compile(r"translation_key: (\w+)")
FIELD_OF_TEXT: Final = re.compile(
    r"(?:config|options|config_subentries)\..*\.(?:data\.(\w+)|sections\.(\w+)\.name)"
)


def missing(
    found: list[Module], needed: Callable[[Module], Iterator[str]]
) -> dict[str, set[str]]:
    """Return the texts that modules need and English lacks, by module."""
    texts = set(flat_json(ENGLISH))
    lacking = {module.where: set(needed(module)) - texts for module in found}
    return {where: paths for where, paths in lacking.items() if paths}


def test_entities_have_texts() -> None:
    """Name each entity, its event types and its options."""
    assert missing(PLATFORMS, texts_in_code.entity_texts) == {}


def test_errors_issues_and_devices_have_texts() -> None:
    """Have a text for every translation key."""
    assert missing(HOUSE, texts_in_code.keyed_texts) == {}


def test_reasons_have_texts() -> None:
    """Say in words why a gate opens, or does not."""
    prefix = "entity.event.passage.state_attributes.reasons.state."
    texts = {path.removeprefix(prefix) for path in flat_json(ENGLISH)}
    aliases = (policy.Reason, judge.JudgeReason, vehicle.Reason)
    reasons = {reason for alias in aliases for reason in get_args(alias.__value__)}
    assert reasons
    assert reasons <= texts


def test_selectors_have_texts() -> None:
    """Name each option of a translated selector."""
    assert missing(HOUSE, texts_in_code.selector_texts) == {}


def test_flow_has_texts() -> None:
    """Have a text for every step, error and abort."""
    texts = set(flat_json(ENGLISH))
    lacking = {
        paths
        for module in FLOW
        for paths in texts_in_code.flow_texts(module)
        if texts.isdisjoint(paths)
    }
    assert not lacking


def test_repairs_have_texts() -> None:
    """Have a text for every step of what mends an issue."""
    texts = set(flat_json(ENGLISH))
    lacking = {
        paths
        for module in REPAIRS
        for paths in texts_in_code.repair_texts(module)
        if texts.isdisjoint(paths)
    }
    assert not lacking


def test_form_fields_have_texts() -> None:
    """Name each field that a form asks for, and no other."""
    asked = {field for module in FLOW for field in texts_in_code.fields(module)}
    named = {
        match[1] or match[2]
        for path in flat_json(ENGLISH)
        if (match := FIELD_OF_TEXT.fullmatch(path))
    }
    assert named == asked


def test_no_text_is_dead() -> None:
    """Keep no text whose key the code never speaks."""
    words = set(ASKED_BY_CORE)
    for module in HOUSE:
        words |= texts_in_code.spoken_words(module)
    for declared in INTEGRATION.glob("*.yaml"):
        words |= set(TRANSLATION_KEY.findall(declared.read_text(encoding="utf-8")))
    dead = {
        path
        for path in flat_json(ENGLISH)
        if (match := KEY_OF_TEXT.match(path)) and match[1] not in words
    }
    assert not dead


def test_errors_are_translated() -> None:
    """Raise nothing towards the user that is not translated."""
    assert [
        error for module in HOUSE for error in texts_in_code.untranslated_errors(module)
    ] == []


def test_errors_fill_their_placeholders() -> None:
    """Give each message the values that it names."""
    texts = flat_json(ENGLISH)
    unfilled = {
        (module.where, key)
        for module in HOUSE
        for key, given in texts_in_code.error_placeholders(module)
        if placeholders(texts.get(f"exceptions.{key}.message", "")) - given
    }
    assert not unfilled


def sample(code: str, monkeypatch: pytest.MonkeyPatch) -> Module:
    """Return a module made of a piece of code that is never run."""
    names = ModuleType("sample")
    vars(names).update(REASON="gone", ERRORS={KeyError: "no_key"}, KINDS=("a", "b"))
    monkeypatch.setattr(texts_in_code, "namespace", lambda _: names)
    return Module(
        name="sample.event", path=INTEGRATION / "event.py", tree=ast.parse(code)
    )


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ('raise HomeAssistantError(translation_key="bad")', "exceptions.bad.message"),
        ("raise UpdateFailed(translation_key=REASON)", "exceptions.gone.message"),
        ('ir.async_create_issue(hass, translation_key="old")', "issues.old.title"),
        ('DeviceInfo(translation_key="lane")', "device.lane.name"),
        ('Described(key="lane", translation_key="lane")', None),
    ],
)
def test_keyed_texts_are_found(
    code: str, needed: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """See the key of an error, an issue and a device; an entity has its own check."""
    found = list(texts_in_code.keyed_texts(sample(code, monkeypatch)))
    assert found == ([needed] if needed else [])


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('errors["base"] = "cannot_connect"', {"cannot_connect"}),
        ('errors = {"base": "a" if x else REASON}', {"a", "gone"}),
        ('errors["base"] = ERRORS[type(err)]', {"no_key"}),
        ('other["base"] = "nothing"', set()),
    ],
)
def test_flow_errors_are_found(
    code: str, found: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """See the error of a form however it is set."""
    assert texts_in_code.errors(sample(code, monkeypatch)) == found


@pytest.mark.parametrize(
    "kinds", ['["a", "b"]', "KINDS", "list(KINDS)", "[k.value for k in KINDS]"]
)
def test_event_types_are_found(kinds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """See the event types of an entity class."""
    code = f'class E:\n _attr_translation_key = "p"\n _attr_event_types = {kinds}'
    assert set(texts_in_code.entity_texts(sample(code, monkeypatch))) == {
        "entity.event.p.name",
        "entity.event.p.state_attributes.event_type.state.a",
        "entity.event.p.state_attributes.event_type.state.b",
    }


def test_untranslated_errors_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """See an error that carries an English sentence."""
    module = sample('raise HomeAssistantError("Broken")', monkeypatch)
    assert list(texts_in_code.untranslated_errors(module)) == [
        f"{module.where}:1 raises HomeAssistantError untranslated"
    ]
