"""Begin an export anew that was going on when Home Assistant stopped."""

import asyncio
import logging
from time import monotonic
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.start import async_at_started
import voluptuous as vol

from .archive.errors import ArchiveError
from .centre import open_archive
from .const import DOMAIN
from .export_order import ExportOrder, async_forget, async_remembered
from .export_services import EXPORT_SCHEMA, EXPORTING, async_export

_LOGGER = logging.getLogger(__name__)

ISSUE: Final = "export_resumed"
AGAIN_SECONDS: Final = 30.0
SHOW_SECONDS: Final = 5.0


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
        await _ResumedExport(hass).async_run(order)
    except Exception:
        _LOGGER.exception("The export cannot be begun anew")


async def _async_archive_answers(hass: HomeAssistant) -> None:
    """Wait for a server that starts later than Home Assistant."""
    while True:
        try:
            await open_archive(hass).database.async_read(lambda _: None)
        except ArchiveError:
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return


class _ResumedExport:
    """Export, and show how far that is."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is shown yet."""
        self._hass = hass
        self._shown = 0.0

    async def async_run(self, order: ExportOrder) -> None:
        """Write the file, and show where it is or why there is none."""
        self._show("export_resumed", done="0")
        try:
            data = EXPORT_SCHEMA(order["data"])
            done = await async_export(self._hass, data, self._tell, order["name"])
        except (HomeAssistantError, vol.Invalid) as error:
            await async_forget(self._hass)
            self._show("export_not_resumed", error=str(error))
        else:
            self._show(
                "export_done",
                url=done["url"],
                file=done["file"],
                done=f"{done['count']:,}",
            )

    @callback
    def _tell(self, passages: int) -> None:
        """Show how many passages are written, now and then."""
        if monotonic() - self._shown >= SHOW_SECONDS:
            self._show("export_resumed", done=f"{passages:,}")

    @callback
    def _show(self, key: str, url: str | None = None, **values: str) -> None:
        """Show in the repairs what is going on; a link leads to the file."""
        self._shown = monotonic()
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            ISSUE,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            learn_more_url=url,
            translation_key=key,
            translation_placeholders=values,
        )
