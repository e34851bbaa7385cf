"""Print the requirements of what a minimal Home Assistant loads, ours included.

Home Assistant installs them itself at its first start; installed beforehand the start
takes seconds and asks no registry.
"""

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Final

from homeassistant import bootstrap, components

CORE: Final = Path(components.__file__).parent
OWN: Final = Path(__file__).parents[1] / "custom_components"

#: What the demo's configuration.yaml names, and what it brings along.
NAMED: Final = {
    "automation",
    "frontend",
    "hassio",
    "history",
    "hikvision_anpr",
    "isal",
    "logbook",
    "media_source",
    "recorder",
    "stream",
    "system_log",
    "zeroconf",
}


def requirements(domains: set[str]) -> set[str]:
    """Return what these integrations and those that they depend on require."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = set(domains)
    while waiting:
        domain = waiting.pop()
        seen.add(domain)
        for manifest in _manifests(domain):
            found.update(manifest.get("requirements", []))
            waiting.update(set(manifest.get("dependencies", [])) - seen)
    return found


def _manifests(domain: str) -> Iterator[dict[str, list[str]]]:
    """Yield the manifest of an integration, if there is one."""
    for folder in (OWN, CORE):
        path = folder / domain / "manifest.json"
        if path.exists():
            yield json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    loaded = bootstrap.CORE_INTEGRATIONS | bootstrap.DEFAULT_INTEGRATIONS | NAMED
    print("\n".join(sorted(requirements(set(loaded)))))
