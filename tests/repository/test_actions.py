"""Check actions, triggers and conditions against their texts and icons."""

from collections.abc import Callable
from typing import Final

from homeassistant.helpers import condition, service
from homeassistant.helpers.trigger import descriptions
from homeassistant.util.yaml import load_yaml_dict
import pytest

from .house import ENGLISH, INTEGRATION, flat_json

type Described = dict[str, dict[str, dict[str, object]] | None]

KINDS: Final = ("services", "triggers", "conditions")
# A module of its own from 2026.11 on.
CONDITIONS: Final = getattr(condition, "descriptions", condition)
SCHEMAS: Final[dict[str, Callable[[object], object]]] = {
    "services": service._SERVICES_SCHEMA,  # noqa: SLF001
    "triggers": descriptions._TRIGGERS_DESCRIPTION_SCHEMA,  # noqa: SLF001
    "conditions": CONDITIONS._CONDITIONS_DESCRIPTION_SCHEMA,  # noqa: SLF001
}


def described(kind: str) -> Described:
    """Return what a yaml file of the integration declares, nothing without one."""
    path = INTEGRATION / f"{kind}.yaml"
    content = load_yaml_dict(str(path)) if path.exists() else {}
    return {key: value for key, value in content.items() if not key.startswith(".")}


def keys_below(paths: dict[str, str], kind: str) -> set[str]:
    """Return the keys that a flattened file has for a kind."""
    return {path.split(".")[1] for path in paths if path.startswith(f"{kind}.")}


def fields_of(declaration: dict[str, dict[str, object]] | None) -> set[str]:
    """Return the names of all fields, those in sections included."""
    names: set[str] = set()
    for name, field in ((declaration or {}).get("fields") or {}).items():
        inner = field.get("fields") if isinstance(field, dict) else None
        names |= set(inner) if isinstance(inner, dict) else {name}
    return names


@pytest.mark.parametrize("kind", KINDS)
def test_yaml_is_valid(kind: str) -> None:
    """Hold to Home Assistant's own schema."""
    SCHEMAS[kind](described(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_each_has_texts_and_an_icon(kind: str) -> None:
    """Name, describe and draw exactly what is declared."""
    declared = set(described(kind))
    texts = flat_json(ENGLISH)
    assert keys_below(texts, kind) == declared
    assert keys_below(flat_json(INTEGRATION / "icons.json"), kind) == declared
    assert {
        f"{kind}.{key}.{part}" for key in declared for part in ("name", "description")
    } <= set(texts)


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_has_texts(kind: str) -> None:
    """Name and describe exactly the fields that are declared."""
    declared = {
        f"{kind}.{key}.fields.{field}.{part}"
        for key, declaration in described(kind).items()
        for field in fields_of(declaration)
        for part in ("name", "description")
    }
    translated = {
        path
        for path in flat_json(ENGLISH)
        if path.startswith(f"{kind}.") and ".fields." in path
    }
    assert translated == declared


@pytest.mark.parametrize("kind", KINDS)
def test_module_and_declaration_go_together(kind: str) -> None:
    """Declare nothing that no module carries out, and the other way round."""
    module = {"services": "services", "triggers": "trigger", "conditions": "condition"}
    has_module = (INTEGRATION / f"{module[kind]}.py").exists()
    assert has_module == bool(described(kind))
