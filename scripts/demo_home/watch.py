"""See with Home Assistant's own eyes that vehicles pass: scripts/demo --check."""

import asyncio
from typing import Final

from .api import HomeApi
from .home import HomeError

EVENT: Final = "hikvision_anpr_passage"
PICTURES: Final = ("plate_picture", "scene_picture")
PASSAGES: Final = 3
SECONDS: Final = 120
JPEG: Final = b"\xff\xd8\xff"


async def watch(api: HomeApi) -> None:
    """Wait for passages with their pictures, and print what was seen.

    Raises:
        HomeError: They did not come in time.
    """
    seen = 0
    try:
        async with asyncio.timeout(SECONDS):
            events = await api.subscribe("subscribe_events", event_type=EVENT)
            states = await api.subscribe("subscribe_events", event_type="state_changed")
            while seen < PASSAGES:
                passage = (await events.get())["data"]
                sizes = await _pictures(api, states)
                if passage["plate"] is None:
                    continue
                seen += 1
                print(
                    f"Passage {seen} of {PASSAGES}: {passage['plate']}"
                    f" {passage['direction']}, list {passage['list']}, {sizes}",
                    flush=True,
                )
    except TimeoutError as err:
        raise HomeError(
            f"Only {seen} of {PASSAGES} passages with pictures came within"
            f" {SECONDS} s: look into .cache/demo/home-assistant.log."
        ) from err


async def _pictures(api: HomeApi, states: asyncio.Queue[dict[str, object]]) -> str:
    """Wait for the pictures of a passage and return their sizes in words."""
    entities = await api.entities()
    missing = {entities[key]: key for key in PICTURES}
    sizes: dict[str, int] = {}
    while missing:
        entity_id = _changed(await states.get())
        if key := missing.pop(entity_id, None):
            picture = await api.picture(entity_id)
            if not picture.startswith(JPEG):
                raise HomeError(f"{entity_id} shows something that is no JPEG.")
            sizes[key] = len(picture)
    return ", ".join(
        f"{key.replace('_', ' ')} {size / 1000:.0f} kB" for key, size in sizes.items()
    )


def _changed(event: dict[str, object]) -> str:
    """Return which entity's state changed."""
    data = event["data"]
    assert isinstance(data, dict)
    return str(data["entity_id"])
