"""Read and change what the LED display of an entrance shows, and let it speak.

Paths and fields are those of clients (reference 11); the documents are JSON and not
public. A display has lines, each with a text of its own or something of the vehicle.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
import json
from typing import Final, Literal
from xml.sax.saxutils import escape

from .client import IsapiClient
from .errors import BadAnswerError, NotTakenError, RebootRequiredError
from .stored_document import UnknownSettingError

type Scene = Literal["passing_vehicle", "no_vehicle"]

SCENES: Final[dict[Scene, int]] = {"passing_vehicle": 1, "no_vehicle": 2}
LOUDEST: Final = 10
"""How loud a device speaks at most; 1 is the lowest."""

USUAL_VOLUME: Final = 5

_JSON: Final = "application/json"
_ROOT: Final = "SingleSceneLEDConfigurations"
_LINE: Final = "LineInfo"
_TEXT: Final = "customValue"
_SECONDS: Final = "displayTime"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayLine:
    """Hold a line: its own text, and what else it shows in the device's own word."""

    text: str | None
    shows: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """Hold the lines of a scene, and for how many seconds they are shown."""

    lines: tuple[DisplayLine, ...]
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDisplay:
    """Hold what a display shows after a change, and whether it wants a restart."""

    display: Display
    reboot_required: bool


async def async_get_display(client: IsapiClient, channel: int, scene: Scene) -> Display:
    """Ask what is shown in a scene.

    Raises NotSupportedError where there is no display, and the errors of the client.
    """
    return _display(await _async_document(client, _path(channel, scene)))


async def async_set_display(
    client: IsapiClient,
    channel: int,
    scene: Scene,
    texts: Sequence[str | None] = (),
    seconds: int | None = None,
) -> WrittenDisplay:
    """Write the first lines, send all of the document back, and read it again.

    None leaves a line as it is. Returns what is shown then. Raises UnknownSettingError
    for a line or a time that the display does not have, NotTakenError where it shows
    something else afterwards, and the errors of the client.
    """
    path = _path(channel, scene)
    document = await _async_document(client, path)
    _apply(document, texts, seconds)
    wanted, reboot_required = _display(document), False
    try:
        await client.put(path, json.dumps({_ROOT: document}).encode(), _JSON)
    except RebootRequiredError:
        reboot_required = True
    kept = await async_get_display(client, channel, scene)
    if not reboot_required and kept != wanted:
        raise NotTakenError("The display keeps its own", path=path)
    return WrittenDisplay(display=kept, reboot_required=reboot_required)


async def async_speak(
    client: IsapiClient, channel: int, message: str, volume: int
) -> None:
    """Let an entrance say something, once; the name of the document is inferred.

    Raises the errors of the client.
    """
    spoken = escape(f"[v{volume}]{message}")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<VoiceBroadcastInfo version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'
        f"<TTSInfo>{spoken}</TTSInfo></VoiceBroadcastInfo>"
    )
    await client.put(
        f"/ISAPI/Parking/channels/{channel}/voiceBroadcastInfo", body.encode()
    )


def _path(channel: int, scene: Scene) -> str:
    """Return where the lines of a scene are."""
    folder = f"/ISAPI/Parking/channels/{channel}/LEDConfigurations/multiScene"
    return f"{folder}/{SCENES[scene]}?format=json"


async def _async_document(client: IsapiClient, path: str) -> dict[str, object]:
    """Return a document as it was sent. Raises BadAnswerError."""
    try:
        answer: object = json.loads(await client.get_bytes(path))
    except ValueError as error:
        raise BadAnswerError("The device's document is no JSON", path=path) from error
    inner = answer.get(_ROOT) if isinstance(answer, dict) else None
    if not isinstance(inner, dict):
        raise BadAnswerError("The device's document is another one", path=path)
    return inner


def _lines(value: object) -> Iterator[dict[str, object]]:
    """Yield the lines in a document, from the top of the display down."""
    if isinstance(value, list):
        for one in value:
            yield from _lines(one)
    elif isinstance(value, dict):
        if isinstance(line := value.get(_LINE), dict):
            yield line
        for one in value.values():
            yield from _lines(one)


def _display(document: dict[str, object]) -> Display:
    """Return what a document says."""
    seconds = document.get(_SECONDS)
    return Display(
        lines=tuple(
            DisplayLine(text=_word(line.get(_TEXT)), shows=_word(line.get("value")))
            for line in _lines(document)
        ),
        seconds=seconds if isinstance(seconds, int) else None,
    )


def _word(value: object) -> str | None:
    """Return a text, None for what is none."""
    return value if isinstance(value, str) else None


def _apply(
    document: dict[str, object], texts: Sequence[str | None], seconds: int | None
) -> None:
    """Write texts into the first lines, and the time. Raises UnknownSettingError."""
    lines = list(_lines(document))
    if len(texts) > len(lines):
        raise UnknownSettingError(f"line {len(lines) + 1}")
    for line, text in zip(lines, texts, strict=False):
        if text is not None:
            line[_TEXT] = text
    if seconds is not None:
        if _SECONDS not in document:
            raise UnknownSettingError(_SECONDS)
        document[_SECONDS] = seconds
