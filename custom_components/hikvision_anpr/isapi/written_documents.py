"""Write several documents of a device for one change, and tell where it stops."""

from collections.abc import Awaitable, Iterable, Iterator
from contextlib import contextmanager

from .errors import IsapiError
from .stored_document import UnknownSettingError

type Reason = IsapiError | UnknownSettingError


class PartlyWrittenError(IsapiError):
    """Report that a device took some of a change, and failed at a later document.

    `written` and `failed` are the settings of these documents, `reason` is what went
    wrong; `wants_restart` tells whether what was taken acts only after a restart.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: Reason | None = None,
        written: tuple[str, ...] = (),
        failed: tuple[str, ...] = (),
        wants_restart: bool = False,
    ) -> None:
        """Keep what was written, and what was not."""
        super().__init__(message)
        self.reason = reason
        self.written = written
        self.failed = failed
        self.wants_restart = wants_restart


class WrittenDocuments:
    """Keep which documents of a change are written, and whether they want a restart."""

    def __init__(self) -> None:
        """Begin with none."""
        self.wants_restart = False
        self._settings: tuple[str, ...] = ()

    async def async_add(
        self, settings: Iterable[str], writing: Awaitable[bool]
    ) -> None:
        """Write one more, which holds these settings; `writing` tells of a restart.

        Raises what the writing raises, as PartlyWrittenError if others are written.
        """
        with self.adding(*settings):
            self.wants_restart |= await writing

    @contextmanager
    def adding(self, *settings: str) -> Iterator[None]:
        """Let one more be written. Raises as async_add does."""
        try:
            yield
        except (IsapiError, UnknownSettingError) as error:
            raise self._error(error, settings) from error
        self._settings += settings

    def _error(self, error: Reason, failed: tuple[str, ...]) -> Reason:
        """Return what is raised where a document cannot be written."""
        written, wants_restart = self._settings, self.wants_restart
        if isinstance(error, PartlyWrittenError):
            written, failed = written + error.written, error.failed
            wants_restart |= error.wants_restart
        reason = error.reason if isinstance(error, PartlyWrittenError) else error
        if not written:
            return error
        return PartlyWrittenError(
            "The device took a part of the change",
            reason=reason,
            written=written,
            failed=failed,
            wants_restart=wants_restart,
        )
