"""Format the report of a day as text."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..archive.wording import Texts, Wording

type Sums = Mapping[str, Any]


def report_text(report: Sums, words: Texts, wording: Wording, devices: Texts) -> str:
    """Return a report in Markdown; `devices` are the names of devices by their ids."""
    parts = (
        _areas(report["areas"], words, wording),
        _plates(report["plates"], words, wording),
        _lanes(report["lanes"], words, wording, devices),
    )
    tables = [part for part in parts if part] or [words["nothing"]]
    return "\n\n".join((f"**{report['date']}**", *tables))


def _areas(areas: Mapping[str, Sums], words: Texts, wording: Wording) -> str:
    """Return the table of areas."""
    sums = ("entries", "exits", "unmatched")
    return _table(
        [wording.heading("area"), *(words[name] for name in sums)],
        ([area, *(one[name] for name in sums)] for area, one in areas.items()),
    )


def _plates(plates: Iterable[Sums], words: Texts, wording: Wording) -> str:
    """Return the table of plates."""
    columns = ("plate", "vehicle_name", "list")
    sums = ("entries", "exits", "first_entry", "last_exit", "seconds")
    return _table(
        [
            *(wording.heading(column) for column in columns),
            *(words[name] for name in sums),
        ],
        (
            [
                *(wording.text(column, one[column]) for column in columns),
                one["entries"],
                one["exits"],
                _time_of_day(one["first_entry"]),
                _time_of_day(one["last_exit"]),
                _hours(one["seconds"]),
            ]
            for one in plates
        ),
    )


def _lanes(
    lanes: Iterable[Sums], words: Texts, wording: Wording, devices: Texts
) -> str:
    """Return the table of lanes."""
    return _table(
        [
            words["device"],
            wording.heading("channel"),
            wording.heading("lane"),
            words["passages"],
            *(wording.text("direction", way) for way in ("forward", "reverse")),
        ],
        (
            [
                devices.get(one["device_id"], one["device_id"]),
                one["channel"],
                one["lane"],
                *(one[name] for name in ("passages", "forward", "reverse")),
            ]
            for one in lanes
        ),
    )


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown, nothing where it has no rows."""
    lines = [_line(row) for row in rows]
    if not lines:
        return ""
    return "\n".join((_line(heading), _line(["---"] * len(heading)), *lines))


def _line(cells: Iterable[object]) -> str:
    """Return a line of a table; no text of a cell parts it."""
    texts = ("" if cell is None else str(cell) for cell in cells)
    return f"| {' | '.join(text.replace('|', '/') for text in texts)} |"


def _time_of_day(moment: str | None) -> str:
    """Return the hours and minutes of a time."""
    return f"{datetime.fromisoformat(moment):%H:%M}" if moment else ""


def _hours(seconds: float) -> str:
    """Return hours and minutes, nothing for none."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02}" if minutes else ""
