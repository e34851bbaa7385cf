"""Only access files where Home Assistant is allowed to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.file import WriteError

from .const import DOMAIN


def allowed_path(hass: HomeAssistant, name: str) -> Path:
    """Return where a file is. Raises ServiceValidationError outside what is allowed."""
    path = Path(hass.config.path(name))
    if not hass.config.is_allowed_path(str(path)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"path": str(path)},
        )
    return path


@contextmanager
def written_or_told(path: Path) -> Iterator[None]:
    """Raise HomeAssistantError, with the reason, where a file cannot be written."""
    try:
        yield
    except (WriteError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="file_not_written",
            translation_placeholders={"path": str(path), "reason": reason},
        ) from error


async def async_data(call: ServiceCall, most: int) -> bytes:
    """Return what an action's `content` or `file` holds. Raises HomeAssistantError.

    Of a file with more than so many bytes, just enough is read to tell.
    """
    if "content" in call.data:
        return str(call.data["content"]).encode()
    path = allowed_path(call.hass, call.data["file"])
    try:
        return await call.hass.async_add_executor_job(_read, path, most)
    except OSError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="file_not_read",
            translation_placeholders={"path": str(path)},
        ) from error


def _read(path: Path, most: int) -> bytes:
    """Return a file's content, and of one that is too large a byte too many."""
    with path.open("rb") as file:
        return file.read(most + 1)
