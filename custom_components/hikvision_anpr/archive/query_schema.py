"""Validate queries from users, automations and WebSocket clients."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .passage_query import ANY_OF, MOST_ON_A_PAGE, PassageQuery
from .plate_hash import PlateHash
from .plate_pattern import MOST_DISTANCE, PlatePattern

_NUMBERS: Final = frozenset({"channel", "lane"})
_VALUES: Final = {
    vol.Optional(name): vol.All(
        cv.ensure_list, [vol.Coerce(int) if name in _NUMBERS else cv.string]
    )
    for name in ANY_OF
}
# Home Assistant types schemas as those of its own engine, which stands in for voluptuous.
FILTERS: Final[dict[Any, Any]] = {
    vol.Optional("plate"): cv.string,
    vol.Optional("look_alikes", default=False): cv.boolean,
    vol.Optional("max_distance", default=0): vol.All(
        vol.Coerce(int), vol.Range(0, MOST_DISTANCE)
    ),
    vol.Optional("start"): cv.datetime,
    vol.Optional("end"): cv.datetime,
    vol.Optional("min_confidence"): vol.All(vol.Coerce(int), vol.Range(0, 100)),
    vol.Optional("live"): cv.boolean,
    vol.Optional("unreadable"): cv.boolean,
    vol.Optional("limit", default=100): vol.All(
        vol.Coerce(int), vol.Range(1, MOST_ON_A_PAGE)
    ),
    **_VALUES,
}
SEARCH: Final[dict[Any, Any]] = {
    **FILTERS,
    vol.Optional("sort", default="newest"): vol.In(["newest", "oldest", "plate"]),
    vol.Optional("cursor"): cv.string,
}


def query_of(
    data: Mapping[str, Any], plate_hash: PlateHash | None = None
) -> PassageQuery:
    """Return the query that validated data asks; a time without zone is local.

    Raises SearchError for what makes no sense together.
    """
    plate = None
    if text := data.get("plate", "").strip():
        plate = PlatePattern.parse(
            text,
            look_alikes=data["look_alikes"],
            distance=data["max_distance"],
            plate_hash=plate_hash,
        )
    times: dict[str, Any] = {
        name: dt_util.as_utc(data[name]) for name in ("start", "end") if name in data
    }
    others = ("min_confidence", "live", "unreadable", "sort", "limit", "cursor")
    return PassageQuery(
        plate=plate,
        any_of=tuple((name, tuple(data[name])) for name in ANY_OF if name in data),
        **times,
        **{name: data[name] for name in others if name in data},
    )
