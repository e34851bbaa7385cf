"""Keep account of what passed and of what Home Assistant was told, vehicle by vehicle."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

from homeassistant.core import Event, HomeAssistant, callback

from custom_components.hikvision_anpr.const import (
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)


@dataclass(slots=True, kw_only=True)
class Ledger:
    """Hold when each plate passed, and how often which event told of it.

    Every vehicle has a plate of its own. `late` are live events of vehicles that had
    passed longer ago than `fresh_seconds`, by the true clock.
    """

    fresh_seconds: float
    passed_at: dict[str, float] = field(default_factory=dict)
    live: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    late: list[str] = field(default_factory=list)
    _told: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def passes(self, plate: str) -> None:
        """Note that a vehicle passes now, and that its camera is there to read it."""
        self.passed_at[plate] = monotonic()

    def was_not_read(self, plate: str) -> None:
        """Strike out a vehicle that passed while its camera was starting."""
        del self.passed_at[plate]

    def follow(self, hass: HomeAssistant) -> None:
        """Take account of what one life of Home Assistant is told."""
        hass.bus.async_listen(EVENT_PASSAGE, self._take_live)
        hass.bus.async_listen(EVENT_PASSAGE_RECOVERED, self._take_recovered)

    @callback
    def _take_live(self, event: Event) -> None:
        """Count a live event, and see how old it is."""
        plate = event.data["plate"]
        self.live[plate] += 1
        self._note(event)
        if monotonic() - self.passed_at[plate] > self.fresh_seconds:
            self.late.append(plate)

    @callback
    def _take_recovered(self, event: Event) -> None:
        """Count a recovered event."""
        self.recovered[event.data["plate"]] += 1
        self._note(event)

    def _note(self, event: Event) -> None:
        """Write down how long after it passed a vehicle was told, and how."""
        data = event.data
        after = monotonic() - self.passed_at[data["plate"]]
        kind = "live" if data["live"] else "recovered"
        self._told[data["plate"]].append(
            f"{kind} by {data['source']} after {after:.1f} s,"
            f" captured {data['captured_at']}"
        )

    @property
    def lost(self) -> list[str]:
        """Return the plates that nobody was told of."""
        return [plate for plate in self.passed_at if not self.times(plate)]

    @property
    def doubled(self) -> list[str]:
        """Return the plates that were told more than once."""
        return [plate for plate in self.passed_at if self.times(plate) > 1]

    def wrong(self) -> Iterator[str]:
        """Yield what was told of each vehicle with which something is wrong."""
        for kind in ("lost", "doubled", "late"):
            for plate in getattr(self, kind):
                yield f"{kind}: {plate}: {'; '.join(self._told[plate]) or 'nothing'}"

    def times(self, plate: str) -> int:
        """Return how often a plate was told."""
        return self.live[plate] + self.recovered[plate]
