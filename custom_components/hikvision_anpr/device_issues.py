"""Create repair issues for what keeps a device from reporting its reads."""

from datetime import datetime, timedelta
from typing import Final, Literal

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .intake.listener import Way
from .intake.own_port import PortError
from .intake.slot_watch import SlotLostError
from .isapi.capabilities import Capabilities
from .isapi.errors import AccountLockedError, CertificateError, StreamSlotsFullError

type Issue = Literal[
    "account_locked",
    "address_outdated",
    "certificate",
    "clock_wrong",
    "https_only",
    "linkage_missing",
    "no_anpr",
    "not_posting",
    "port_closed",
    "schedule_empty",
    "silent",
    "slot_overwritten",
    "storage_trouble",
    "streams_full",
    "vca_mode",
]

PATIENCE: Final[dict[Issue, timedelta]] = {
    "clock_wrong": timedelta(minutes=5),
    "no_anpr": timedelta(minutes=5),
    "not_posting": timedelta(minutes=10),
    "port_closed": timedelta(minutes=1),
    "streams_full": timedelta(minutes=2),
}
"""How long something may last before it is shown: after a restart a device may take
our old stream for one of somebody else for a while, not know the time yet, and be too
busy to tell what it can. Who sets it up by hand needs a while, too."""

FIXABLE: Final[frozenset[Issue]] = frozenset(
    {
        "address_outdated",
        "clock_wrong",
        "https_only",
        "linkage_missing",
        "schedule_empty",
        "silent",
        "slot_overwritten",
        "vca_mode",
    }
)
"""What Home Assistant can mend itself, once the user has seen how."""

_OF_ERRORS: Final[dict[type[Exception], Issue]] = {
    AccountLockedError: "account_locked",
    CertificateError: "certificate",
    StreamSlotsFullError: "streams_full",
}


class DeviceIssues:
    """Show what only the user can mend, and take it away when it is mended."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing to show."""
        self._hass = hass
        self._entry = entry
        self._since: dict[Issue, datetime] = {}

    @callback
    def start(self) -> None:
        """Show nothing of an entry that is not loaded."""
        self._entry.async_on_unload(self._end_all)

    @callback
    def check(self, capabilities: Capabilities) -> None:
        """Show that the device analyses something else, or no longer.

        A recorder that searches for faces may have changed it (reference 7.1).
        """
        self.judge(
            "vca_mode",
            is_wrong=capabilities.vca_allows_plates is False,
            mode=capabilities.vca_resource or "-",
        )

    @callback
    def report(self, error: Exception) -> None:
        """Show why no reads come in, once that has lasted."""
        if isinstance(error, SlotLostError):
            self.judge("slot_overwritten", is_wrong=True)
            return
        if isinstance(error, PortError):
            self.judge("port_closed", is_wrong=True, port=str(error.port))
            return
        issue = next(
            (name for kind, name in _OF_ERRORS.items() if isinstance(error, kind)), None
        )
        for other in set(_OF_ERRORS.values()) - {issue}:
            self._end(other)
        if issue is None:
            return
        self.judge(issue, is_wrong=True)

    @callback
    def judge(
        self, issue: Issue, *, is_wrong: bool | None, **placeholders: str
    ) -> None:
        """Show what is wrong once that has lasted; None says nothing of it."""
        if is_wrong is None:
            return
        if not is_wrong:
            self._end(issue)
            return
        now = dt_util.utcnow()
        since = self._since.setdefault(issue, now)
        if now - since >= PATIENCE.get(issue, timedelta()):
            self._show(issue, **placeholders)

    @property
    def any_wrong(self) -> bool:
        """Tell whether anything is shown, or about to be."""
        return bool(self._since)

    @callback
    def opened(self, way: Way) -> None:
        """Take away what stood in the way of reads."""
        if way == "listening":
            self._end("slot_overwritten")
            self._end("port_closed")
        self.clear()

    @callback
    def clear(self) -> None:
        """Take everything away that keeps ways from opening."""
        for issue in _OF_ERRORS.values():
            self._end(issue)

    @callback
    def _end_all(self) -> None:
        """Take everything away."""
        for issue in tuple(self._since):
            self._end(issue)
        self.clear()

    def _show(self, issue: Issue, **placeholders: str) -> None:
        """Put an issue into the repairs, or leave it there."""
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id(issue),
            data={"entry_id": self._entry.entry_id, "issue": issue},
            is_fixable=issue in FIXABLE,
            severity=ir.IssueSeverity.ERROR,
            translation_key=issue,
            translation_placeholders={
                "name": self._entry.title,
                "host": self._entry.data[CONF_HOST],
                **placeholders,
            },
        )

    def _end(self, issue: Issue) -> None:
        """Take an issue away, if it was there."""
        self._since.pop(issue, None)
        ir.async_delete_issue(self._hass, DOMAIN, self._id(issue))

    def _id(self, issue: Issue) -> str:
        """Return the name of an issue of this device."""
        return f"{issue}_{self._entry.entry_id}"


@callback
def async_forget_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Show nothing of an entry that is deleted, loaded or not, whoever showed it."""
    for domain, issue in list(ir.async_get(hass).issues):
        if domain == DOMAIN and entry.entry_id in issue:
            ir.async_delete_issue(hass, DOMAIN, issue)
