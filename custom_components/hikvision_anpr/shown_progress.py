"""Show the progress of background work in the repairs."""

from time import monotonic
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN

SHOW_SECONDS: Final = 5.0


class ShownProgress:
    """Show one issue, whose text changes as the work goes on."""

    def __init__(self, hass: HomeAssistant, issue: str) -> None:
        """Prepare; nothing is shown yet."""
        self._hass = hass
        self._issue = issue
        self._shown = 0.0

    @callback
    def tell(self, key: str, **values: str) -> None:
        """Show how far it is, now and then."""
        if monotonic() - self._shown >= SHOW_SECONDS:
            self.show(key, **values)

    @callback
    def show(self, key: str, url: str | None = None, **values: str) -> None:
        """Show it at once; a link leads to what came of it."""
        self._shown = monotonic()
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            learn_more_url=url,
            translation_key=key,
            translation_placeholders=values,
        )

    @callback
    def end(self) -> None:
        """Show nothing any more."""
        ir.async_delete_issue(self._hass, DOMAIN, self._issue)
