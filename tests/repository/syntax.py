"""Read constants, calls and assignments out of a syntax tree."""

import ast
from collections.abc import Iterator, Mapping
from enum import EnumType
from importlib import import_module
from types import ModuleType

from .house import Module


def namespace(module: Module) -> ModuleType:
    """Import a module, so that its names can be looked up."""
    return import_module(module.name)


def values(node: ast.expr, names: ModuleType) -> set[str]:
    """Return the texts that an expression may stand for, as far as it is constant."""
    if isinstance(node, ast.IfExp):
        return values(node.body, names) | values(node.orelse, names)
    if isinstance(node, ast.Call) and called(node) in {"list", "tuple", "sorted"}:
        return {text for entry in node.args for text in values(entry, names)}
    if isinstance(node, ast.ListComp):
        return values(node.generators[0].iter, names)
    if isinstance(node, ast.Subscript):
        table = _lookup(node.value, names)
        found = list(table.values()) if isinstance(table, Mapping) else []
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        return {text for entry in node.elts for text in values(entry, names)}
    else:
        constant = _lookup(node, names)
        found = [constant] if isinstance(constant, str) else _members(constant)
    return {str(value) for value in found if isinstance(value, str)}


def _members(constant: object) -> list[object]:
    """Return what a constant collection holds."""
    if isinstance(constant, list | tuple | set | frozenset | EnumType):
        return list(constant)
    return []


def _lookup(node: ast.expr, names: object) -> object:
    """Return the constant behind a literal, a name or a dotted name, or None."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return getattr(names, node.id, None)
    if isinstance(node, ast.Attribute):
        return getattr(_lookup(node.value, names), node.attr, None)
    return None


def called(node: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """Return a keyword argument of a call."""
    return next((word.value for word in node.keywords if word.arg == name), None)


def calls(module: Module) -> Iterator[ast.Call]:
    """Yield every call of a module."""
    yield from (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def assignments(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a class and its methods assign to names and to self."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign):
            yield from ((target_name(target), inner.value) for target in inner.targets)
        elif isinstance(inner, ast.AnnAssign) and inner.value is not None:
            yield target_name(inner.target), inner.value


def target_name(target: ast.expr) -> str:
    """Return the name of a variable, or of an attribute of self."""
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""
