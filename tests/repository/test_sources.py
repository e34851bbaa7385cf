"""Check the text of every file that is ours."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Final

from homeassistant.util.yaml import parse_yaml
import pytest

from .house import ROOT, imported_names, modules

FOLDERS: Final = (
    ".github",
    "benchmarks",
    "blueprints",
    "custom_components",
    "docs",
    "frontend",
    "scripts",
    "simulator",
    "tests",
)
GENERATED: Final = {"__pycache__", "node_modules"}
# The home of somebody, or a scratch folder: right on one machine only.
MACHINE_PATH: Final = re.compile(
    r"(?<![\w.$}/-])/(?:work|root|(?:home|Users)/\w+|tmp/[a-z]+)(?:/|\b(?!\.))"
)


def own_files() -> Iterator[Path]:
    """Yield every file of the repository that is not generated."""
    yield from (
        path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"
    )
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and GENERATED.isdisjoint(path.parts):
                yield path


def lines(path: Path) -> list[str]:
    """Return the lines of a file, none where it is not text."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def test_no_path_of_one_machine() -> None:
    """Name no folder that only exists on somebody's machine."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in own_files()
        for number, line in enumerate(lines(path), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("cd /" + "home/anna/src", True),
        ("see /" + "work/notes.md", True),
        ("/config/media and /media/anpr", False),
        ("https://example.com/work/x", False),
        ("$HOME/.local and ~/src", False),
        ("/workspaces/anpr", False),
    ],
)
def test_machine_paths_are_recognised(text: str, is_found: bool) -> None:
    """Tell a path of one machine from one that everybody has."""
    assert bool(MACHINE_PATH.search(text)) is is_found


def test_no_future_annotations() -> None:
    """Do without the import that Python 3.14 has made needless."""
    found = [
        module.where
        for folder in ("custom_components", "simulator", "tests", "benchmarks")
        for module in modules(ROOT / folder)
        if "__future__.annotations" in imported_names(module)
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda path: path.name
)
def test_github_files_parse(path: Path) -> None:
    """Keep workflows and issue templates readable."""
    assert isinstance(parse_yaml(path.read_text(encoding="utf-8")), dict)
