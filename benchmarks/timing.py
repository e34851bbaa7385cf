"""Time several ways to do the same, in turn, so that all see the same machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import monotonic, perf_counter, process_time
from typing import Final

_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Spent:
    """Hold the seconds that something took, and those of them on a processor."""

    seconds: float
    cpu: float

    @property
    def percent(self) -> float:
        """Return how busy this process was, in percent of a core."""
        return 100 * self.cpu / self.seconds


def stopwatch() -> Callable[[], Spent]:
    """Begin to measure; call what is returned for what was spent so far."""
    started, cpu = monotonic(), process_time()
    return lambda: Spent(monotonic() - started, process_time() - cpu)


def rates(
    candidates: Mapping[str, Callable[[], object]], seconds: float
) -> dict[str, float]:
    """Return how often a second each candidate can be called.

    Each gets `seconds` in all, a fifth at a time; the median of the fifths counts.
    """
    for candidate in candidates.values():
        candidate()
    found: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(_ROUNDS):
        for name, candidate in candidates.items():
            found[name].append(_rate(candidate, seconds / _ROUNDS))
    return {name: median(values) for name, values in found.items()}


def _rate(candidate: Callable[[], object], seconds: float) -> float:
    """Call a candidate for some time, and return the calls a second."""
    started = now = perf_counter()
    calls = 0
    while now - started < seconds:
        candidate()
        calls += 1
        now = perf_counter()
    return calls / (now - started)


def percentile(values: list[float], percent: float) -> float:
    """Return the value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def distribution(values: list[float]) -> str:
    """Return the figures of a distribution in milliseconds."""
    parts = [
        f"p{percent} {percentile(values, percent):.2f}" for percent in (50, 95, 99)
    ]
    return f"{', '.join(parts)}, max {max(values):.2f} ms"
