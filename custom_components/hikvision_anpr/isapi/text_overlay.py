"""Read and change what is written into a channel's video (reference 7.5).

Positions are on a grid of the document's own, with its origin at the bottom left.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from .client import IsapiClient
from .errors import NotTakenError
from .http_host_document import put
from .stored_document import (
    UnknownSettingError,
    async_read,
    async_store,
    flag,
    set_text,
    word,
)
from .writable_document import Element, child, name_of, text, whole_number

_WIDTH: Final = 704
_HEIGHT: Final = 576
"""The grid of documents that name none."""

_PARTS: Final = ("id", "enabled", "positionX", "positionY", "displayText")
_TIME: Final = ("DateTimeOverlay", "enabled")
_NAME: Final = ("channelNameOverlay", "enabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayText:
    """Hold a line; `x` and `y` are 0 to 1 from the top left, None where not said.

    In a change, None is what stays as it is.
    """

    enabled: bool | None = None
    text: str | None = None
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOverlay:
    """Hold what is written: lines by their ids, the time, the channel's name.

    `most` is how many lines there can be; None where the device does not say. In a
    change, what is not named stays as it is.
    """

    texts: Mapping[str, OverlayText] = field(default_factory=dict)
    time: bool | None = None
    name: bool | None = None
    most: int | None = None


async def async_get_text_overlay(client: IsapiClient, channel: int) -> TextOverlay:
    """Ask what is written into the video. Raises the errors of the client."""
    return _overlay(await async_read(client, _path(channel), "VideoOverlay"))


async def async_set_text_overlay(
    client: IsapiClient, channel: int, change: TextOverlay
) -> bool:
    """Change what is named, send all of the document back, and read it again.

    Tells whether the device wants a restart. Raises UnknownSettingError for what it
    has no place for, NotTakenError where it shows something else afterwards, and the
    errors of the client.
    """
    path = _path(channel)
    root = await async_read(client, path, "VideoOverlay")
    _apply(root, change)
    wanted = _overlay(root)
    reboot_required = await async_store(client, path, root)
    kept = await async_get_text_overlay(client, channel)
    if not reboot_required and _shown(kept) != _shown(wanted):
        raise NotTakenError("The device keeps its own", path=path)
    return reboot_required


def _shown(overlay: TextOverlay) -> tuple[object, ...]:
    """Return what must be as it was told: devices move lines onto a coarser grid."""
    lines = {key: (line.enabled, line.text) for key, line in overlay.texts.items()}
    return lines, overlay.time, overlay.name


def _path(channel: int) -> str:
    """Return where a channel's document is."""
    return f"/ISAPI/System/Video/inputs/channels/{channel}/overlays"


def _overlay(root: Element) -> TextOverlay:
    """Return what a document says."""
    listed = child(root, "TextOverlayList")
    size = listed.get("size", "") if listed is not None else ""
    return TextOverlay(
        texts={key: _text(root, one) for key, one in _lines(root).items()},
        time=flag(text(root, *_TIME)),
        name=flag(text(root, *_NAME)),
        most=whole_number(size),
    )


def _text(root: Element, line: Element) -> OverlayText:
    """Return what a line says."""
    x, y = (whole_number(text(line, name)) for name in ("positionX", "positionY"))
    width, height = _grid(root)
    return OverlayText(
        enabled=flag(text(line, "enabled")),
        text=text(line, "displayText") or "",
        x=x / width if x is not None else None,
        y=1 - y / height if y is not None else None,
    )


def _grid(root: Element) -> tuple[int, int]:
    """Return width and height of the grid."""
    size = child(root, "normalizedScreenSize")
    width, height = (
        text(size, name) if size is not None else ""
        for name in ("normalizedScreenWidth", "normalizedScreenHeight")
    )
    return whole_number(width) or _WIDTH, whole_number(height) or _HEIGHT


def _lines(root: Element) -> dict[str, Element]:
    """Return the lines by their ids."""
    listed = child(root, "TextOverlayList")
    found = listed if listed is not None else ()
    return {
        text(one, "id") or "": one for one in found if name_of(one) == "textoverlay"
    }


def _apply(root: Element, change: TextOverlay) -> None:
    """Put a change into a document. Raises UnknownSettingError."""
    if change.time is not None:
        set_text(root, _TIME, word(change.time), "time")
    if change.name is not None:
        set_text(root, _NAME, word(change.name), "name")
    width, height = _grid(root)
    for key, wanted in change.texts.items():
        line = _lines(root).get(key)
        if line is None:
            line = _added(root, key)
        values = {
            "enabled": None if wanted.enabled is None else word(wanted.enabled),
            "displayText": wanted.text,
            "positionX": None if wanted.x is None else str(round(wanted.x * width)),
            "positionY": None
            if wanted.y is None
            else str(round((1 - wanted.y) * height)),
        }
        for name, value in values.items():
            if value is not None:
                set_text(line, (name,), value, name)


def _added(root: Element, key: str) -> Element:
    """Add a line where there is room for one. Raises UnknownSettingError."""
    listed, lines = child(root, "TextOverlayList"), _lines(root)
    most = _overlay(root).most
    if listed is None or most is None or len(lines) >= most or not key.isdecimal():
        raise UnknownSettingError(f"texts {key}")
    if lines:
        line = deepcopy(next(iter(lines.values())))
    else:
        namespace = etree.QName(listed).namespace
        line = etree.Element(etree.QName(namespace, "TextOverlay"))
        for name in _PARTS:
            etree.SubElement(line, etree.QName(namespace, name))
    defaults = {"id": key, "enabled": "true", "positionX": "0", "positionY": "0"}
    for name, value in {**defaults, "displayText": ""}.items():
        put(line, (name,), value)
    listed.append(line)
    return line
