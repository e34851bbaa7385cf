"""Change the documents in which a device keeps its settings."""

from .client import IsapiClient
from .errors import BadAnswerError, RebootRequiredError
from .writable_document import Element, child, name_of, parse, writable


class UnknownSettingError(Exception):
    """Say that a device's document has no place for a setting; `setting` names it."""

    def __init__(self, setting: str) -> None:
        """Name the setting."""
        super().__init__(setting)
        self.setting = setting


class NotOfferedError(UnknownSettingError):
    """Say that a device does not offer a value for a setting."""

    def __init__(self, setting: str, value: str) -> None:
        """Name both."""
        super().__init__(setting)
        self.value = value


async def async_read(client: IsapiClient, path: str, name: str) -> Element:
    """Return a document that can be written back.

    Raises BadAnswerError where the device answers another one than `name`, and the
    errors of the client.
    """
    root = parse(await client.get_bytes(path))
    if name_of(root) != name.lower():
        raise BadAnswerError("The device's document is another one", path=path)
    return root


async def async_store(client: IsapiClient, path: str, root: Element) -> bool:
    """Send all of a document back; tell whether it acts only after a restart.

    Raises the errors of the client.
    """
    try:
        await client.put(path, writable(root))
    except RebootRequiredError:
        return True
    return False


def set_text(element: Element, path: tuple[str, ...], value: str, setting: str) -> None:
    """Set the text of an element that is there. Raises UnknownSettingError."""
    found = child(element, *path) if path else None
    if found is None:
        raise UnknownSettingError(setting)
    found.text = value


def flag(value: str | None) -> bool | None:
    """Return a flag; None for what is none."""
    return {"true": True, "1": True, "false": False, "0": False}.get(
        (value or "").lower()
    )


def word(value: bool) -> str:
    """Return a flag as devices write it."""
    return "true" if value else "false"
