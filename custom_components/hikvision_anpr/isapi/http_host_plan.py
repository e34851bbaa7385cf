"""Plan what to write into which slot, so that it can be shown before it is written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .addressing import Setting, address_settings
from .errors import NoFreeSlotError, RejectedError
from .http_host import PICTURES, HostCapabilities, HttpHost, host_of
from .http_host_document import put
from .writable_document import Element, drop, parse, text

type PictureChoice = Literal["all", "small", "big"]
"""Which pictures come along: all, the plate alone, the scene alone."""

_URL: Final = ("url",)
_PICTURE_WORDS: Final[dict[PictureChoice, str]] = {
    "all": "all",
    "small": "licensePlatePicture",
    "big": "detectionPicture",
}
_WHERE_PRESENT: Final[tuple[Setting, ...]] = (
    (("userName",), ""),
    (("enabled",), "true"),
    (("httpBroken",), "true"),
    (("uploadImagesDataType",), "binary"),
)
"""What some devices have; with httpBroken they keep events until we answer again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedHost:
    """Hold where we want events delivered; `url` is a path, with its query if any."""

    url: str
    address: str
    port: int
    ssl: bool = False
    pictures: PictureChoice = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostChange:
    """Hold one field that a plan changes; None where it is absent."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedHost:
    """Hold a slot as it was before us: texts alone, so that it can be stored.

    `url` is ours, by which the slot is recognised.
    """

    id: str
    url: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPlan:
    """Hold what is to be written into which slot, before anything is written."""

    before: HttpHost
    after: HttpHost
    changes: tuple[HostChange, ...]
    wanted: WantedHost

    @property
    def saved(self) -> SavedHost | None:
        """Return what async_restore needs.

        None where the slot was ours already: what was saved first stays valid.
        """
        if self.before.is_at(self.wanted.url):
            return None
        return SavedHost(
            id=self.before.id,
            url=self.wanted.url,
            document=self.before.document.decode(),
        )


def plan_host(
    hosts: Sequence[HttpHost], capabilities: HostCapabilities, wanted: WantedHost
) -> HostPlan:
    """Plan our delivery into the slot that is ours, else into a free one.

    Raises NoFreeSlotError where others use every slot, and RejectedError where the
    device cannot take the address.
    """
    if capabilities.url_length and len(wanted.url) > capabilities.url_length:
        raise RejectedError("The device takes no address of this length")
    before = _slot_for(hosts, wanted.url)
    slot = parse(before.document)
    changes = tuple(_change(slot, _settings(slot, capabilities, wanted)))
    return HostPlan(before=before, after=host_of(slot), changes=changes, wanted=wanted)


def _slot_for(hosts: Sequence[HttpHost], url: str) -> HttpHost:
    """Choose our slot, else a free one: rather without address than without path."""
    ours = [host for host in hosts if host.is_at(url)]
    free = sorted((host for host in hosts if host.is_free), key=_has_address)
    for host in (*ours, *free):
        return host
    raise NoFreeSlotError(
        "Other systems use every slot of the device",
        occupants=tuple(host.target for host in hosts),
    )


def _has_address(host: HttpHost) -> bool:
    """Tell whether a slot names an address."""
    return bool(host.address)


def _change(slot: Element, settings: Iterable[Setting]) -> Iterator[HostChange]:
    """Change a slot in place, and tell each field that was another before."""
    for path, after in settings:
        before = text(slot, *path)
        if _is_same(path, before, after):
            continue
        if after is None:
            drop(slot, path[-1])
        else:
            put(slot, path, after)
        yield HostChange(field="/".join(path), before=before, after=after)


def _is_same(path: tuple[str, ...], before: str | None, after: str | None) -> bool:
    """Tell whether a field is as it should be; case counts in a path alone."""
    if before is None or after is None or path == _URL:
        return before == after
    return before.lower() == after.lower()


def _settings(
    slot: Element, capabilities: HostCapabilities, wanted: WantedHost
) -> Iterator[Setting]:
    """Tell every setting that makes a slot ours; None is for what must be absent."""
    yield _URL, wanted.url
    yield ("protocolType",), "HTTPS" if wanted.ssl else "HTTP"
    if capabilities.formats or text(slot, "parameterFormatType") is not None:
        yield ("parameterFormatType",), "XML"
    yield from address_settings(capabilities.addressing, wanted.address)
    yield ("portNo",), str(wanted.port)
    yield ("httpAuthenticationMethod",), "none"
    for path, value in _WHERE_PRESENT:
        if text(slot, *path) is not None:
            yield path, value
    yield from _picture_setting(slot, capabilities, wanted.pictures)


def _picture_setting(
    slot: Element, capabilities: HostCapabilities, choice: PictureChoice
) -> Iterator[Setting]:
    """Tell the picture type, where the device has it, in the device's own words.

    One firmware says licensePlate where another says licensePlatePicture
    (reference 3.2).
    """
    word = _PICTURE_WORDS[choice]
    if capabilities.pictures:
        for option in capabilities.pictures:
            if word.lower().startswith(option.lower()):
                yield PICTURES, option
    elif text(slot, *PICTURES) is not None:
        yield PICTURES, word
