"""Show what was measured, and on what."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
import os
from pathlib import Path
import platform
from typing import Final

_PACKAGES: Final = (
    "homeassistant",
    "aiohttp",
    "lxml",
    "xmltodict",
    "requests-toolbelt",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one line of the table: what was done by whom, and how it went."""

    measured: str
    by: str
    result: str
    compared: str = ""
    goal: str = ""


def show(rows: Sequence[Row]) -> None:
    """Print the machine and the table, as Markdown."""
    print(_machine(), end="\n\n")
    names = [field.name for field in fields(Row)]
    lines = [[getattr(row, name) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *lines, strict=True)]
    for line in (names, ["-" * width for width in widths], *lines):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("|", " | ".join(cells), "|")


def met(*, is_met: bool, goal: str) -> str:
    """Return a goal with whether it was reached."""
    return f"{goal}: {'met' if is_met else 'MISSED'}"


def _machine() -> str:
    """Return date, machine, load and versions."""
    packages = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_processor()},"
        f" {os.cpu_count()} cores, load {load}\n"
        f"{platform.system()} {platform.release()},"
        f" CPython {platform.python_version()}, {packages}"
    )


def _version(package: str) -> str:
    """Return the version of a package, or that it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _processor() -> str:
    """Return the name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
