"""Read the options and the parking areas of the centre."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .archive.pictures import PictureRules
from .archive.retention import Days
from .const import (
    CONF_CAPACITY,
    CONF_HIDE_STRANGERS_DAYS,
    CONF_KEEP_DAYS_ALLOW,
    CONF_KEEP_DAYS_BLOCK,
    CONF_KEEP_DAYS_NONE,
    CONF_LONGEST_STAY,
    CONF_MATCH_ALIKE_ALLOW,
    CONF_MATCH_ALIKE_BLOCK,
    CONF_MATCH_CONFIDENCE_ALLOW,
    CONF_MATCH_CONFIDENCE_BLOCK,
    CONF_MATCH_EDITS_ALLOW,
    CONF_MATCH_EDITS_BLOCK,
    CONF_PICTURES_COUNT,
    CONF_PICTURES_DAYS,
    CONF_PICTURES_FOLDER,
    CONF_PICTURES_GIGABYTES,
    DEFAULT_PICTURES_GIGABYTES,
    DOMAIN,
    SUBENTRY_AREA,
)
from .intake.passage import ListName
from .parking.area import Area
from .vehicles.plate_index import Tolerance


def areas_of(entry: ConfigEntry) -> dict[str, Area]:
    """Return the parking areas by the subentries that describe them."""
    return {
        subentry_id: Area(
            name=subentry.title,
            capacity=subentry.data.get(CONF_CAPACITY) or None,
            longest_stay=timedelta(hours=hours)
            if (hours := subentry.data.get(CONF_LONGEST_STAY))
            else None,
        )
        for subentry_id, subentry in entry.subentries.items()
        if subentry.subentry_type == SUBENTRY_AREA
    }


def retention_days(entry: ConfigEntry) -> Days:
    """Return for how many days passages are kept, by list."""
    options = entry.options
    return {
        "allow": options.get(CONF_KEEP_DAYS_ALLOW, 0),
        "block": options.get(CONF_KEEP_DAYS_BLOCK, 0),
        "none": options.get(CONF_KEEP_DAYS_NONE, 0),
    }


def pictures_folder(hass: HomeAssistant) -> str:
    """Return where pictures are kept unless the user wants them elsewhere."""
    media = hass.config.media_dirs.get("local") or hass.config.path("media")
    return str(Path(media) / DOMAIN)


def picture_rules(hass: HomeAssistant, entry: ConfigEntry) -> PictureRules:
    """Return where pictures are kept, and for how long."""
    options = entry.options
    return PictureRules(
        folder=Path(options.get(CONF_PICTURES_FOLDER) or pictures_folder(hass)),
        days=options.get(CONF_PICTURES_DAYS, 0),
        most=options.get(CONF_PICTURES_COUNT, 0),
        most_bytes=options.get(CONF_PICTURES_GIGABYTES, DEFAULT_PICTURES_GIGABYTES)
        * 1024**3,
    )


def tolerance(entry: ConfigEntry) -> Tolerance:
    """Return by how many edits a plate may differ from a vehicle's, by its list."""
    allow = entry.options.get(CONF_MATCH_EDITS_ALLOW, 0)
    block = entry.options.get(CONF_MATCH_EDITS_BLOCK, 0)
    return {"allow": allow, "block": block, "none": allow}


def exact_lists(entry: ConfigEntry) -> frozenset[ListName]:
    """Return the lists whose plates have to be read just as they are."""
    chosen: dict[ListName, str] = {
        "allow": CONF_MATCH_ALIKE_ALLOW,
        "block": CONF_MATCH_ALIKE_BLOCK,
    }
    return frozenset(
        name for name, key in chosen.items() if not entry.options.get(key, True)
    )


def min_confidence(entry: ConfigEntry) -> Mapping[ListName, int]:
    """Return how sure a device has to be for a list to count, in percent."""
    return {
        "allow": entry.options.get(CONF_MATCH_CONFIDENCE_ALLOW, 0),
        "block": entry.options.get(CONF_MATCH_CONFIDENCE_BLOCK, 0),
    }


def hides_strangers(entry: ConfigEntry) -> bool:
    """Tell whether the plates of strangers are to be hidden."""
    return bool(entry.options.get(CONF_HIDE_STRANGERS_DAYS, 0))
