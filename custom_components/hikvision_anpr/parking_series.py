"""Describe the long-term statistics of a parking area."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import StatisticsRow
from homeassistant.util import slugify

from .const import DOMAIN
from .intake.passage import ListName
from .parking.hourly import Hour

# Home Assistant takes the names of statistics as they are: it has no translations.
_WORDS: Final[Mapping[ListName, str]] = {
    "allow": "on the allow list",
    "block": "on the block list",
    "none": "on no list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Hold one statistic: who came or went, or how many were inside; None for all lists."""

    of: Literal["entries", "exits", "occupancy"]
    list: ListName | None = None

    @property
    def key(self) -> str:
        """Return the last part of the id."""
        return f"{self.of}_{self.list}" if self.list else self.of

    @property
    def name(self) -> str:
        """Return what it is called after the name of its area."""
        if self.of == "occupancy":
            return "vehicles inside"
        return f"{self.of} {_WORDS[self.list]}" if self.list else self.of

    def count(self, hour: Hour) -> int:
        """Return how many came or went in an hour."""
        counts = hour.entries if self.of == "entries" else hour.exits
        return counts.get(self.list, 0) if self.list else sum(counts.values())


def _series() -> Iterator[Series]:
    """Yield the statistics of an area."""
    for listed in (None, *_WORDS):
        yield Series(of="entries", list=listed)
        yield Series(of="exits", list=listed)
    yield OCCUPANCY


OCCUPANCY: Final = Series(of="occupancy")
SERIES: Final = tuple(_series())


def slugs(areas: Iterable[str]) -> dict[str, str]:
    """Return how each area is called in the ids of its statistics."""
    found: dict[str, str] = {}
    for area in areas:
        slug, number = slugify(area), 2
        while slug in found.values():
            slug, number = f"{slugify(area)}_{number}", number + 1
        found[area] = slug
    return found


def statistic_id(slug: str, series: Series) -> str:
    """Return the id of a statistic."""
    return f"{DOMAIN}:{slug}_{series.key}"


def metadata_of(area: str, slug: str, series: Series) -> StatisticMetaData:
    """Return what the recorder has to know of a statistic."""
    is_mean = series is OCCUPANCY
    return StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC if is_mean else StatisticMeanType.NONE,
        has_sum=not is_mean,
        name=f"{area}: {series.name}",
        source=DOMAIN,
        statistic_id=statistic_id(slug, series),
        unit_class=None,
        unit_of_measurement=None,
    )


def rows_of(
    series: Series, hours: Sequence[Hour], before: float
) -> list[StatisticData]:
    """Return the rows of hours; a sum goes on from what it was before them."""
    rows: list[StatisticData] = []
    for hour in hours:
        if series is OCCUPANCY:
            row = StatisticData(
                start=hour.start,
                mean=round(hour.mean, 3),
                min=hour.least,
                max=hour.most,
            )
        else:
            before += series.count(hour)
            row = StatisticData(start=hour.start, state=before, sum=before)
        rows.append(row)
    return rows


def differs(row: StatisticData, known: StatisticsRow | None) -> bool:
    """Tell whether a row says something else than the recorder has."""
    if known is None:
        return True
    return any(
        row.get(name) != known.get(name) for name in ("sum", "mean", "min", "max")
    )
