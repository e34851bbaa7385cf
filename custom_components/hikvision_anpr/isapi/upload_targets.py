"""Read and change where a device uploads to: its FTP servers and network shares.

Field names are those of clients and the vendor's web page. Passwords are written and
never read: devices leave them out, or are told to keep what they sent.
"""

from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Final, Literal

from .addressing import address_settings
from .client import IsapiClient
from .errors import NOT_TOLD, NotTakenError
from .http_host_document import put
from .stored_document import UnknownSettingError, async_store, flag, set_text, word
from .writable_document import Element, child, drop, name_of, parse, text, whole_number

type TargetKind = Literal["ftp", "nas"]

_PATHS: Final[dict[TargetKind, str]] = {
    "ftp": "/ISAPI/System/Network/ftp",
    "nas": "/ISAPI/ContentMgmt/Storage/nas",
}
_ITEMS: Final[dict[TargetKind, tuple[str, ...]]] = {
    "ftp": ("ftpnotification",),
    "nas": ("nas", "nasserver"),
}
_ADDRESSES: Final = ("hostName", "ipAddress", "ipV6Address")
_FOLDERS: Final = ("path", "nasPath")


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTarget:
    """Hold a place to upload to; None is what its document does not say.

    In a change, None is what stays as it is. `path` is the folder of a share.
    """

    enabled: bool | None = None
    address: str | None = None
    port: int | None = None
    path: str | None = None
    username: str | None = None


async def async_get_targets(
    client: IsapiClient, kind: TargetKind
) -> dict[str, UploadTarget]:
    """Ask for the places of a kind by their ids; none where the device tells of none.

    Raises the errors of the client.
    """
    try:
        root = parse(await client.get_bytes(_PATHS[kind]))
    except NOT_TOLD:
        return {}
    return {text(item, "id") or "": _target(item) for item in _items(root, kind)}


async def async_set_target(
    client: IsapiClient,
    kind: TargetKind,
    target_id: str,
    change: UploadTarget,
    password: str | None = None,
) -> bool:
    """Change a place, send all of the document back, and read it again.

    Tells whether the device wants a restart. Raises UnknownSettingError for what the
    device has no place for, NotTakenError where it shows something else afterwards,
    and the errors of the client.
    """
    path = _PATHS[kind]
    root = parse(await client.get_bytes(path))
    items = {text(item, "id") or "": item for item in _items(root, kind)}
    if target_id not in items:
        raise UnknownSettingError(f"{kind} {target_id}")
    _apply(items[target_id], change)
    if password is not None:
        put(items[target_id], ("password",), password)
    reboot_required = await async_store(client, path, root)
    kept = (await async_get_targets(client, kind)).get(target_id, UploadTarget())
    if not reboot_required and not _has_taken(kept, change):
        raise NotTakenError("The device keeps its own", path=path)
    return reboot_required


def _has_taken(kept: UploadTarget, change: UploadTarget) -> bool:
    """Tell whether a device shows what it was told."""
    expected = replace(
        kept,
        **{
            name: value
            for name in UploadTarget.__slots__
            if (value := getattr(change, name)) is not None
        },
    )
    return kept == expected


def _items(root: Element, kind: TargetKind) -> list[Element]:
    """Return the places of a document, or the one that came without a list."""
    names = _ITEMS[kind]
    if name_of(root) in names:
        return [root]
    return [item for item in root if name_of(item) in names]


def _target(item: Element) -> UploadTarget:
    """Return what a place's element says."""
    addresses = (text(item, name) for name in _ADDRESSES)
    return UploadTarget(
        enabled=flag(text(item, "enabled")),
        address=next(filter(None, addresses), None),
        port=whole_number(text(item, "portNo")),
        path=next(filter(None, (text(item, name) for name in _FOLDERS)), None),
        username=text(item, "userName") or None,
    )


def _apply(item: Element, change: UploadTarget) -> None:
    """Put a change into the element of a place. Raises UnknownSettingError."""
    if change.enabled is not None:
        set_text(item, ("enabled",), word(change.enabled), "enabled")
    if change.address is not None:
        _set_address(item, change.address)
    if change.port is not None:
        set_text(item, ("portNo",), str(change.port), "port")
    if change.path is not None:
        there = tuple(name for name in _FOLDERS if child(item, name) is not None)
        set_text(item, there[:1], change.path, "path")
    if change.username is not None:
        set_text(item, ("userName",), change.username, "username")


def _set_address(item: Element, address: str) -> None:
    """Set an address; a document that tells no kinds of addresses has one for IPs."""
    if child(item, "addressingFormatType") is None:
        try:
            ip_address(address)
        except ValueError as error:
            raise UnknownSettingError("address") from error
        set_text(item, ("ipAddress",), address, "address")
        return
    for field, value in address_settings((), address):
        if value is None:
            drop(item, field[-1])
        else:
            put(item, field, value)
