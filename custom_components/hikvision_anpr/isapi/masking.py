"""Take out of what a device sent all that tells who passed, where, and whose it is.

Every byte that is masked leaves one behind, so that lengths stay true, and framing and
mistakes stay as the device made them.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
import re
from secrets import token_bytes
from typing import Final

from .document import begin_of_xml
from .json_document import end_of_json
from .tables.lists import LIST_WORDS

_LARGEST_DOCUMENT: Final = 64 * 1024
_LEAST_ANYWHERE: Final = 5
"""How long a text must be to be masked inside of longer ones."""

_MARKS: Final = re.compile(
    rb"(?P<begin>(?:\xff\xd8)?)(?P<inner>.*?)(?P<end>(?:\xff\xd9)?[\r\n]*)", re.DOTALL
)
_FRAMING: Final = re.compile(
    rb"[ \t\r\n\0]+"
    rb"|--[!-~]{1,100}[ \t]*\r?\n"
    rb"|[A-Za-z][A-Za-z0-9-]{0,60}[ \t]*:[^\r\n\0]{0,500}\r?\n"
    rb"|HTTP/1\.[01] [^\r\n\0]{0,200}\r?\n"
)
_BEHIND_PICTURE: Final = re.compile(
    rb"\r?\n--[!-~]{1,100}[ \t]*\r?\n"
    rb"|(?<=\xff\xd9)[ \t\r\n\0]*(?:--[!-~]{1,100}[ \t]*\r?\n|<[?A-Za-z]|\{)"
)
_TORN_DOCUMENT: Final = re.compile(rb"(?:(?!\n--[!-~])[^\x01-\x08\x0e-\x1f\xff])*")

_PLATES: Final = rb"(?:original)?licen[cs]eplate(?:no)?|plate(?:no|number)?"
_PRIVATE: Final = (
    rb"(?:sub|device)?serialn(?:o|umber)|dev(?:ice)?serialno|"
    rb"(?:mac|physical|ip|ipv4|ipv6)address|mac|address|hostname|"
    rb"(?:device|dev|channel|monitor|site|road|crossing|vehiclelist|user)?name|"
    rb"device(?:id|uuid)|(?:monitoringsite|site|crossing|road)(?:id|no|indexcode)|"
    rb"monitordescription|password|capturepicsecuritycode|remarks?|"
    rb"longitude|latitude|degree|minute|sec|"
    rb"owner\w*|person\w*|employee\w*|certificate\w*|card(?:no|number|id)|"
    rb"(?:tele|mobile)?phone(?:no|number)?"
)
_NAMES: Final = rb"(?:(?P<%s>" + _PLATES + rb")|(?:" + _PRIVATE + rb"))"
_ELEMENT: Final = re.compile(
    rb"(?P<begin><(?:[\w.-]+:)?"
    + _NAMES % b"plate"
    + rb"(?:\s[^<>]*)?>(?:<!\[CDATA\[)?)(?P<value>(?:(?!\]\]>|\n--)[^<\0])*)",
    re.IGNORECASE,
)
_MEMBER: Final = re.compile(
    rb'(?P<begin>"'
    + _NAMES % b"plate"
    + rb'"\s*:\s*"?)(?P<value>(?<=")(?:[^"\\]|\\.)*|-?\d[\d.eE+-]*)',
    re.IGNORECASE,
)
_KEPT: Final = rb"<[^<>]*>|\"[^\"]*\"\s*:|^[A-Za-z][A-Za-z0-9-]*[ \t]*:"
_ADDRESSES: Final = (
    rb"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
    rb"|(?<![0-9A-Fa-f:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])"
    rb"|(?<=://)[^/\s<>\"?]+"
)
_ESCAPED: Final = re.compile(rb"&#?\w+;|\\(?:u[0-9A-Fa-f]{4}|.)")
_NOT_TOLD: Final = frozenset({"", "unknown", "noplate", *LIST_WORDS})


def mask(messages: Sequence[bytes], known: Iterable[str]) -> list[bytes]:
    """Return what a device sent, each as long as before, with private things masked.

    A plate becomes an invented one of the same pattern, the same wherever it stands;
    names, numbers and addresses become X and 0; whatever is neither text nor framing,
    such as a picture, becomes 0. Each message begins where a message of the device
    does, and may end anywhere. `known` are texts that are private wherever
    they stand.
    """
    masking = _Masking()
    texts = [_without_pictures(message) for message in messages]
    for pattern in (_ELEMENT, _MEMBER):
        texts = [pattern.sub(masking.value, text) for text in texts]
    anywhere = masking.anywhere(known)
    return [anywhere.sub(masking.found, text) for text in texts]


class _Masking:
    """Mask the messages of one capture, with the same plates in all of them."""

    def __init__(self) -> None:
        """Begin with no plate, and a secret by which plates are invented."""
        self._secret = token_bytes()
        self._plates: set[bytes] = set()

    def value(self, found: re.Match[bytes]) -> bytes:
        """Mask the value of a field, unless that says nothing."""
        value = found["value"]
        if _plain(value) in _NOT_TOLD:
            return found[0]
        if found["plate"] is None:
            return found["begin"] + _crossed_out(value)
        self._plates.add(value)
        return found["begin"] + self._invented(value)

    def anywhere(self, known: Iterable[str]) -> re.Pattern[bytes]:
        """Return the pattern of what is masked wherever it stands in a value."""
        plates = self._plates | {_alphanumeric(plate) for plate in self._plates}
        private = {text.encode() for text in known}
        return re.compile(
            rb"(?P<kept>%s)|(?P<plate>%s)|(?P<private>%s|%s)"
            % (_KEPT, _either(plates), _either(private), _ADDRESSES),
            re.IGNORECASE | re.MULTILINE,
        )

    def found(self, found: re.Match[bytes]) -> bytes:
        """Mask what was found somewhere; the names of fields stay."""
        if found["kept"] is not None:
            return found[0]
        if found["plate"] is not None:
            return self._invented(found[0])
        return _crossed_out(found[0])

    def _invented(self, plate: bytes) -> bytes:
        """Return another plate of the same pattern."""
        key = _alphanumeric(plate).upper()
        chance = blake2b(key, key=self._secret, digest_size=64).digest()
        invented = bytearray(_ESCAPED.sub(_blotted, plate))
        place = 0
        for position, byte in enumerate(plate):
            if not _alphanumeric(bytes([byte])):
                continue
            invented[position] = _another(byte, chance[place % len(chance)])
            place += 1
        return bytes(invented)


def _another(byte: int, chance: int) -> int:
    """Return a letter for a letter, and a digit for a digit."""
    if byte in b"0123456789":
        return ord("0") + chance % 10
    if byte >= 0x80:
        return ord("X")
    return ord("A" if byte < ord("a") else "a") + chance % 26


def _crossed_out(value: bytes) -> bytes:
    """Return X for each letter and 0 for each digit."""
    value = _ESCAPED.sub(_blotted, value)
    value = re.sub(rb"[A-Za-z\x80-\xff]", b"X", value)
    return re.sub(rb"[0-9]", b"0", value)


def _blotted(escaped: re.Match[bytes]) -> bytes:
    """Return letters in place of an escaped character, which could be one of a plate."""
    return b"X" * len(escaped[0])


def _alphanumeric(plate: bytes) -> bytes:
    """Return a plate without blanks, dashes and dots."""
    return re.sub(rb"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]", b"", plate)


def _plain(value: bytes) -> str:
    """Return a value as sentinels are compared."""
    return "".join(value.decode(errors="replace").split()).lower()


def _either(texts: set[bytes]) -> bytes:
    """Return a pattern that matches any of some texts, short ones alone by themselves."""
    patterns = [
        re.escape(text)
        if len(text) >= _LEAST_ANYWHERE
        else rb"(?<![0-9A-Za-z])" + re.escape(text) + rb"(?![0-9A-Za-z])"
        for text in sorted(texts, key=len, reverse=True)
        if len(text) > 1
    ]
    return b"|".join(patterns) or rb"(?!)"


def _without_pictures(data: bytes) -> bytes:
    """Return only framing and documents, with 0 in place of all else."""
    kept = bytearray(data)
    position = 0
    while position < len(data):
        end = _end_of_text(data, position)
        if end == position:
            found = _BEHIND_PICTURE.search(data, position)
            end = found.start() if found else len(data)
            kept[position:end] = _blank(data[position:end])
        position = end
    return bytes(kept)


def _blank(picture: bytes) -> bytes:
    """Return zeros between the marks by which a picture is known as one."""
    marks = _MARKS.fullmatch(picture)
    assert marks
    return marks["begin"] + b"0" * len(marks["inner"]) + marks["end"]


def _end_of_text(data: bytes, position: int) -> int:
    """Return where the text ends that begins here; `position` where none does."""
    if framing := _FRAMING.match(data, position):
        return framing.end()
    window = data[position : position + _LARGEST_DOCUMENT]
    content = window.removeprefix(b"\xef\xbb\xbf")
    if content[:1] not in {b"<", b"{", b"["}:
        return position
    length = _length_of_document(content)
    if length is None:
        torn = _TORN_DOCUMENT.match(content)
        length = torn.end() if torn else 0
    return position + len(window) - len(content) + length


def _length_of_document(content: bytes) -> int | None:
    """Return how long the document is that content begins with, None where it is torn."""
    if content[:1] != b"<":
        return end_of_json(content)
    root = begin_of_xml(content)
    end = root[1].search(content, root[0]) if root else None
    return end.end() if end else None
