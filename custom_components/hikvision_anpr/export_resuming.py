"""Resume an export that a restart interrupted."""

import asyncio
import logging
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.start import async_at_started
import voluptuous as vol

from .archive.errors import ArchiveError
from .centre import open_archive
from .const import DOMAIN
from .export_order import ExportOrder, async_forget, async_remembered
from .export_services import EXPORT_SCHEMA, EXPORTING, async_export
from .shown_progress import ShownProgress

_LOGGER = logging.getLogger(__name__)

ISSUE: Final = "export_resumed"
AGAIN_SECONDS: Final = 30.0


@callback
def async_resume_export(hass: HomeAssistant) -> CALLBACK_TYPE:
    """Begin once Home Assistant has started; return how to leave that."""

    @callback
    def begin(_: HomeAssistant) -> None:
        hass.async_create_background_task(
            _async_resume(hass), f"{DOMAIN} export after a restart"
        )

    return async_at_started(hass, begin)


async def _async_resume(hass: HomeAssistant) -> None:
    """Export what was asked for, to the same file, and tell in the repairs."""
    order = await async_remembered(hass)
    if order is None or EXPORTING in hass.data:
        return
    try:
        await _async_archive_answers(hass)
        await _async_run(hass, order)
    except Exception:
        _LOGGER.exception("The export cannot be resumed")


async def _async_archive_answers(hass: HomeAssistant) -> None:
    """Wait for a server that starts later than Home Assistant."""
    while True:
        try:
            await open_archive(hass).database.async_read(lambda _: None)
        except ArchiveError:
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return


async def _async_run(hass: HomeAssistant, order: ExportOrder) -> None:
    """Write the file, and show where it is or why there is none."""
    progress = ShownProgress(hass, ISSUE)

    @callback
    def tell(passages: int) -> None:
        progress.tell("export_resumed", done=f"{passages:,}")

    progress.show("export_resumed", done="0")
    try:
        data = EXPORT_SCHEMA(order["data"])
        done = await async_export(hass, data, tell, order["name"])
    except (HomeAssistantError, vol.Invalid) as error:
        await async_forget(hass)
        progress.show("export_not_resumed", error=str(error))
    else:
        progress.show(
            "export_done",
            url=done["url"],
            file=done["file"],
            done=f"{done['count']:,}",
        )
