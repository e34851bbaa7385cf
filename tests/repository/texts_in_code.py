"""Find in the code which texts of the user interface it needs."""

import ast
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final

from homeassistant.helpers.entity import EntityDescription

from .house import Module
from .syntax import assignments, called, calls, keyword, namespace, target_name, values

# Where the text of a translation_key= argument is, by the name of what is called.
OWNERS: Final = {
    "async_create_issue": "issues.{}.title",
    "ChildDeviceInfo": "device.{}.name",
    "DeviceInfo": "device.{}.name",
    "async_get_or_create": "device.{}.name",
}
TRANSLATED_ERRORS: Final = {
    "ConfigEntryAuthFailed",
    "ConfigEntryError",
    "ConfigEntryNotReady",
    "HomeAssistantError",
    "PlatformNotReady",
    "ServiceValidationError",
    "UpdateFailed",
}
ABORTS: Final = {
    "_abort_if_unique_id_configured": "already_configured",
    "_abort_if_unique_id_mismatch": "unique_id_mismatch",
    "_async_abort_entries_match": "already_configured",
}


def keyed_texts(module: Module) -> Iterator[str]:
    """Yield the texts of errors, issues and devices named by translation_key=."""
    for call in calls(module):
        argument = keyword(call, "translation_key")
        name = called(call)
        is_description = keyword(call, "key") is not None
        if argument is None or is_description or name.endswith("SelectorConfig"):
            continue
        pattern = OWNERS.get(name, "exceptions.{}.message")
        yield from (pattern.format(key) for key in values(argument, namespace(module)))


def selector_texts(module: Module) -> Iterator[str]:
    """Yield the texts of the options of translated selectors."""
    names = namespace(module)
    for call in calls(module):
        key, options = _choice(call)
        if key is not None and options is not None:
            for slug in values(key, names):
                for option in values(options, names):
                    yield f"selector.{slug}.options.{option}"


def _choice(call: ast.Call) -> tuple[ast.expr | None, ast.expr | None]:
    """Return the key and the options of a selector, or of what makes one."""
    if called(call) == "SelectSelectorConfig":
        return keyword(call, "translation_key"), keyword(call, "options")
    if called(call) == "_choice" and call.args:
        named = [one for one in call.args[1:] if not isinstance(one, ast.Starred)]
        return call.args[0], ast.Tuple(elts=named, ctx=ast.Load())
    return None, None


def entity_texts(module: Module) -> Iterator[str]:
    """Yield the texts of the entities of a platform."""
    platform = module.name.rpartition(".")[2]
    for description in descriptions(namespace(module)):
        entity = f"entity.{platform}.{description.translation_key or description.key}"
        yield f"{entity}.name"
        for state in getattr(description, "options", None) or ():
            yield f"{entity}.state.{state}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            yield from _class_texts(node, platform, namespace(module))


def descriptions(names: ModuleType) -> Iterator[EntityDescription]:
    """Yield the entity descriptions that a module defines."""
    for value in vars(names).values():
        entries = value.values() if isinstance(value, Mapping) else value
        for entry in entries if isinstance(entries, tuple | list) else (entries,):
            if isinstance(entry, EntityDescription):
                yield entry


def _class_texts(node: ast.ClassDef, platform: str, names: ModuleType) -> Iterator[str]:
    """Yield the texts that an entity class asks for by its attributes."""
    assigned = {name: values(value, names) for name, value in assignments(node)}
    for key in assigned.get("_attr_translation_key", ()):
        entity = f"entity.{platform}.{key}"
        if "_attr_name" not in assigned:
            yield f"{entity}.name"
        for event in assigned.get("_attr_event_types", ()):
            yield f"{entity}.state_attributes.event_type.state.{event}"
        for option in assigned.get("_attr_options", ()):
            yield f"{entity}.state.{option}"


def flow_texts(module: Module) -> Iterator[tuple[str, ...]]:
    """Yield the texts of a flow, each as the paths of which one must exist."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            flow = "options" if "Options" in node.name else "config"
            for call in ast.walk(node):
                if isinstance(call, ast.Call):
                    yield from _call_texts(call, flow, namespace(module))
    yield from (
        (f"config.error.{key}", f"options.error.{key}") for key in errors(module)
    )


def _call_texts(
    call: ast.Call, flow: str, names: ModuleType
) -> Iterator[tuple[str, ...]]:
    """Yield the texts of the steps and aborts of one call."""
    step, reason = keyword(call, "step_id"), keyword(call, "reason")
    if step is not None:
        for key in values(step, names):
            yield f"{flow}.step.{key}.title", f"{flow}.step.{key}.description"
    if reason is not None:
        yield from ((f"{flow}.abort.{key}",) for key in values(reason, names))
    elif default := ABORTS.get(called(call)):
        yield (f"{flow}.abort.{default}",)


def repair_texts(module: Module) -> Iterator[tuple[str, ...]]:
    """Yield the texts of the steps and options of a repair, each as alternatives.

    The module is called as the issue that it mends.
    """
    flow = f"issues.{module.path.stem}.fix_flow"
    names = namespace(module)
    for call in calls(module):
        step, options = keyword(call, "step_id"), keyword(call, "menu_options")
        if called(call) == "_form" and call.args:
            step = call.args[0]
        for key in values(step, names) if step else ():
            yield f"{flow}.step.{key}.title", f"{flow}.step.{key}.description"
            for option in values(options, names) if options else ():
                yield (f"{flow}.step.{key}.menu_options.{option}",)
    yield (f"{flow}.error.device_says",)
    yield (f"{flow}.abort.device_says",)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and any(
            target_name(base) == "ConfirmedRepairFlow" for base in node.bases
        ):
            yield (f"{flow}.step.confirm.description",)


def errors(module: Module) -> set[str]:
    """Return the keys of the errors that the forms of a flow show."""
    names = namespace(module)
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Dict) and any(
            isinstance(key, ast.Constant) and key.value == "base" for key in node.keys
        ):
            for value in node.values:
                found |= values(value, names)
        elif isinstance(node, ast.Assign) and any(map(_is_error, node.targets)):
            found |= values(node.value, names)
    return found


def _is_error(target: ast.expr) -> bool:
    """Tell whether an assignment sets the error of a form field."""
    return isinstance(target, ast.Subscript) and target_name(target.value) == "errors"


def fields(module: Module) -> set[str]:
    """Return the names of the form fields that a flow asks for."""
    names = namespace(module)
    return {
        name
        for call in calls(module)
        if called(call) in {"Required", "Optional"} and call.args
        for name in values(_plain(call.args[0]), names)
    }


def _plain(node: ast.expr) -> ast.expr:
    """Return the name of a field that is wrapped as a secret."""
    return node.args[0] if isinstance(node, ast.Call) and node.args else node


def untranslated_errors(module: Module) -> Iterator[str]:
    """Yield where an error is raised towards the user without a translation."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Raise):
            continue
        error = node.exc
        name = called(error) if isinstance(error, ast.Call) else _bare_name(error)
        if name in TRANSLATED_ERRORS and not (
            isinstance(error, ast.Call) and keyword(error, "translation_key")
        ):
            yield f"{module.where}:{node.lineno} raises {name} untranslated"


def _bare_name(error: ast.expr | None) -> str:
    """Return the name of an exception class that is raised without arguments."""
    return target_name(error) if error is not None else ""


def error_placeholders(module: Module) -> Iterator[tuple[str, set[str]]]:
    """Yield the key of each translated error and the placeholders it is given."""
    names = namespace(module)
    for call in calls(module):
        key = keyword(call, "translation_key")
        given = keyword(call, "translation_placeholders")
        if key is None or called(call) not in TRANSLATED_ERRORS:
            continue
        if given is not None and not isinstance(given, ast.Dict):
            continue
        provided = {
            text
            for name in (given.keys if given else [])
            if name is not None
            for text in values(name, names)
        }
        yield from ((slug, provided) for slug in values(key, names))


def spoken_words(module: Module) -> set[str]:
    """Return all text constants of a module, and the steps its methods stand for."""
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name.removeprefix("async_step_"))
    return found
