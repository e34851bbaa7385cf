"""Check that everything the integration imports is declared."""

from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
import re
import subprocess
import sys
from typing import Final

from homeassistant.const import Platform
from homeassistant.util.json import load_json_object
import pytest

from .house import INTEGRATION, PACKAGE, ROOT, imported_names, modules

MANIFEST: Final = load_json_object(INTEGRATION / "manifest.json")
# Always there, so hassfest asks for no dependency: entity platforms and these.
ALWAYS_LOADED: Final = {
    *(platform.value for platform in Platform),
    "device_automation",
    "diagnostics",
    "homeassistant",
    "persistent_notification",
    "repairs",
    "system_health",
}


def names_in(key: str) -> set[str]:
    """Return a list of the manifest as a set."""
    value = MANIFEST.get(key, [])
    assert isinstance(value, list)
    return {str(entry) for entry in value}


def distribution(requirement: str) -> str:
    """Return the normalised distribution name of a requirement."""
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def all_imports() -> Iterator[tuple[str, str]]:
    """Yield where and what the integration imports."""
    for module in modules(INTEGRATION):
        yield from ((module.where, name) for name in imported_names(module))


def test_components_are_dependencies() -> None:
    """Declare every other integration whose code is imported."""
    declared = ALWAYS_LOADED | names_in("dependencies") | names_in("after_dependencies")
    undeclared = {
        (where, name)
        for where, name in all_imports()
        if name.startswith("homeassistant.components.")
        and name.split(".")[2] not in declared
    }
    assert not undeclared


def test_third_party_imports_are_required() -> None:
    """Require every package that Home Assistant does not bring itself."""
    known = {distribution(name) for name in requires("homeassistant") or []}
    known |= {distribution(name) for name in names_in("requirements")}
    # The second comes with requests, which Home Assistant asks for.
    known |= {"homeassistant", "charset-normalizer", "multidict", "voluptuous"}
    owners = packages_distributions()
    foreign = {
        (where, name)
        for where, name in all_imports()
        if (top := name.split(".")[0]) not in sys.stdlib_module_names
        and not name.startswith(PACKAGE)
        and known.isdisjoint(distribution(owner) for owner in owners.get(top, []))
    }
    assert not foreign


@pytest.mark.parametrize("requirement", sorted(names_in("requirements")))
def test_requirement_is_pinned_and_tested(requirement: str) -> None:
    """Pin each requirement, and test with the version that users get."""
    assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", requirement)
    tested = (ROOT / "requirements_test.txt").read_text(encoding="utf-8").split()
    assert requirement in tested


def test_newest_home_assistant_has_all_that_is_imported() -> None:
    """Import every module where the demo's Home Assistant, the newer one, is."""
    python = ROOT / ".venv-demo" / "bin" / "python"
    if not python.exists():
        pytest.skip("scripts/setup demo makes the Home Assistant for this")
    found = [*INTEGRATION.rglob("*.py")]
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in found
        if path.name != "__init__.py"
    ]
    code = f"import importlib; [importlib.import_module(name) for name in {names}]"
    done = subprocess.run(
        [python, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
