"""Read the repository: its files, its syntax trees and who imports what."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from homeassistant.util.json import JsonValueType, json_loads_object

DOMAIN: Final = "hikvision_anpr"
ROOT: Final = Path(__file__).parents[2]
INTEGRATION: Final = ROOT / "custom_components" / DOMAIN
PACKAGE: Final = f"custom_components.{DOMAIN}"
ENGLISH: Final = INTEGRATION / "translations" / "en.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """Hold one Python file of the repository."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def package(self) -> str:
        """Return the package that relative imports start from."""
        if self.path.name == "__init__.py":
            return self.name
        return self.name.rpartition(".")[0]

    @property
    def where(self) -> str:
        """Return the path as a message shows it."""
        return str(self.path.relative_to(ROOT))


@cache
def modules(folder: Path) -> tuple[Module, ...]:
    """Return every Python file below a folder of the repository."""
    return tuple(_module(path) for path in sorted(folder.rglob("*.py")))


def _module(path: Path) -> Module:
    """Parse one Python file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return Module(name=".".join(parts), path=path, tree=tree)


def imported_names(module: Module) -> Iterator[str]:
    """Yield the absolute dotted name of everything that a module imports."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    """Return the absolute name of the module that an import statement names."""
    if not node.level:
        return node.module or ""
    parts = module.package.split(".")
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, *([node.module] if node.module else [])])


def is_below(name: str, package: str) -> bool:
    """Tell whether a dotted name is a package or something inside it."""
    return name == package or name.startswith(f"{package}.")


def flat_json(path: Path) -> dict[str, str]:
    """Return the leaves of a JSON object under their dotted paths."""
    return dict(flatten(json_loads_object(path.read_bytes())))


def flatten(value: JsonValueType, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the dotted path and the text of every leaf."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{path}.{key}" if path else key)
    else:
        yield path, value if isinstance(value, str) else repr(value)
