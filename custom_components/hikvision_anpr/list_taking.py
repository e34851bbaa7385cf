"""Take over what was changed on the list of a device."""

from dataclasses import replace

from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from .vehicles.list_plan import ListPlan, adopted
from .vehicles.registry import Registry
from .vehicles.store import Author


async def async_take_over(registry: Registry, plan: ListPlan, author: Author) -> None:
    """Change the centre as a plan says. Raises ArchiveError."""
    now = dt_util.now()
    taken = [
        adopted(entry, registry.get(plate), ulid_now(), now)
        for plate, entry in plan.adopt.items()
    ]
    dropped = [
        replace(vehicle, list="none")
        for plate in plan.drop
        if (vehicle := registry.get(plate))
    ]
    await registry.async_put([*taken, *dropped], author)
