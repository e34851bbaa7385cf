"""Judge an answer: raise what a device reports in status or body."""

from collections.abc import Mapping
import re
from typing import Final

from .document import parse_documents
from .errors import (
    AccountLockedError,
    AuthenticationError,
    BadAnswerError,
    BusyError,
    ForbiddenError,
    IsapiError,
    ListFullError,
    NotActivatedError,
    NotSupportedError,
    RebootRequiredError,
    RejectedError,
    StreamSlotsFullError,
)
from .node import Node

type _Kind = type[IsapiError]

_MESSAGES: Final[Mapping[_Kind, str]] = {
    BadAnswerError: "The device answered with something that is no ISAPI",
    BusyError: "The device is busy or failed at the request",
    ForbiddenError: "The user lacks the right to do this",
    ListFullError: "No more fits into the list of the device",
    NotActivatedError: "The device is not activated",
    NotSupportedError: "The device does not support this",
    RebootRequiredError: "The device has to be rebooted for the setting to act",
    RejectedError: "The device rejected the request",
    StreamSlotsFullError: "Other clients use every event stream of the device",
}

# Success comes in several names (reference 10.3).
_SUCCESS: Final = frozenset({"ok", "riskpassword", "armprocess"})

_BY_SUB_STATUS: Final[Mapping[str, _Kind]] = {
    "nomemory": BusyError,
    "serviceunavailable": BusyError,
    "upgrading": BusyError,
    "devicebusy": BusyError,
    "importing": BusyError,
    "deviceerror": BusyError,
    "notsupport": NotSupportedError,
    "methodnotallowed": NotSupportedError,
    "eventnotsupport": NotSupportedError,
    "lowprivilege": ForbiddenError,
    "badauthorization": ForbiddenError,
    "notactivated": NotActivatedError,
    "armingfull": StreamSlotsFullError,
    "deployexceedmax": StreamSlotsFullError,
    "rebootrequired": RebootRequiredError,
    "numberreachedlimit": ListFullError,
    "numberreachedllimit": ListFullError,
    "overlimit": ListFullError,
    "licenseplateformaterror": RejectedError,
    "armingplatesame": RejectedError,
    "armingtimeerror": RejectedError,
}

_BY_ERROR_CODE: Final[Mapping[int, _Kind]] = {
    0x40000001: NotSupportedError,
    0x40000002: ForbiddenError,
    0x40000003: ForbiddenError,
    0x40000004: NotSupportedError,
    0x40000007: NotActivatedError,
    0x40001005: BusyError,
    0x40001080: StreamSlotsFullError,
    0x40001086: RejectedError,
    0x40001088: RejectedError,
    0x40001119: ListFullError,
    0x40001122: RejectedError,
    0x60001024: NotSupportedError,
    0x60006018: StreamSlotsFullError,
}

# 4, "Invalid Operation", means nothing without its subStatusCode (reference 10.2).
_BY_STATUS_CODE: Final[Mapping[int, _Kind]] = {
    2: BusyError,
    3: BusyError,
    5: RejectedError,
    6: RejectedError,
    7: RebootRequiredError,
}
_INVALID_OPERATION: Final = 4

_BY_HTTP_STATUS: Final[Mapping[int, _Kind]] = {
    403: NotSupportedError,
    404: NotSupportedError,
    405: NotSupportedError,
    408: BusyError,
    429: BusyError,
    501: NotSupportedError,
}

_MENTIONS_STATUS: Final = re.compile(
    rb"statuscode|errorcode|responsestatus", re.IGNORECASE
)
_LONGEST_REPORT: Final = 16 * 1024
"""A success that is longer is a document, and no report of a failure."""
_HTML: Final = re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def check(status: int, content_type: str, body: bytes, path: str) -> None:
    """Raise the error an answer reports; return when it reports success.

    HTTP 200 may carry a failure, 403 mostly means "not supported", and one
    device's error is XML where another's is JSON (reference 10). A 401 is taken
    for a refusal: whether one was due is for the login to judge.
    """
    if status in {401, 403}:
        check_lock(body, path, status)
    if status == 401:
        raise AuthenticationError(
            "The device refused user name or password",
            attempts_left=_login_field(body, "retryLoginTime"),
            path=path,
            status=status,
        )
    report = _report(status, content_type, body)
    kind = _kind(status, report) or (BadAnswerError if _HTML.match(body) else None)
    if kind is not None:
        sub_status = report.value("subStatusCode") if report else None
        raise kind(_MESSAGES[kind], path=path, status=status, sub_status=sub_status)


def check_lock(body: bytes, path: str, status: int) -> None:
    """Raise AccountLockedError where a body says so, in XML or JSON, at any depth.

    `unlockTime` is in seconds (reference 9.2).
    """
    for document in parse_documents(body):
        state = document.find("lockStatus")
        if state and state.text.lower() in {"lock", "locked"}:
            raise AccountLockedError(
                "The device locked the account after failed logins",
                unlock_seconds=_login_field(body, "unlockTime") or None,
                path=path,
                status=status,
            )


def _login_field(body: bytes, name: str) -> int | None:
    """Return a whole number a refusal carries, at any depth."""
    for document in parse_documents(body):
        if found := document.find(name):
            return found.integer()
    return None


def _report(status: int, content_type: str, body: bytes) -> Node | None:
    """Return the ResponseStatus of an answer, whatever its wrapping.

    An answer that succeeded is a report only as a whole: documents may well
    hold a statusCode of their own somewhere inside.
    """
    if not _is_document(content_type, body) or not _MENTIONS_STATUS.search(body):
        return None
    if status < 400 and len(body) > _LONGEST_REPORT:
        return None
    for document in parse_documents(body):
        if status >= 400 and (inner := document.find("ResponseStatus")):
            return inner
        if document.name.lower() in {"", "responsestatus"}:
            return document
    return None


def _is_document(content_type: str, body: bytes) -> bool:
    """Tell XML and JSON from pictures, by either sign."""
    named = content_type.lower().endswith(("xml", "json"))
    return named or body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"<", b"{", b"["}


def _kind(status: int, report: Node | None) -> _Kind | None:
    """Choose the error of an answer, or None where it succeeded."""
    if status < 300:
        return _reported_kind(report) if report else None
    known = _known_kind(report) if report else None
    return known or _http_kind(status)


def _reported_kind(report: Node) -> _Kind | None:
    """Choose the error of a report that came as HTTP 200 (reference 10.2)."""
    sub_status = (report.value("subStatusCode") or "").lower()
    code = _status_code(report)
    if code in {0, 1} or sub_status in _SUCCESS or (code is None and not sub_status):
        return None
    if kind := _known_kind(report):
        return kind
    bare = code == _INVALID_OPERATION and not sub_status
    return NotSupportedError if bare else RejectedError


def _known_kind(report: Node) -> _Kind | None:
    """Look a report up: by name, by number, by its class of failure."""
    sub_status = (report.value("subStatusCode") or "").lower()
    return (
        _BY_SUB_STATUS.get(sub_status)
        or _BY_ERROR_CODE.get(_error_code(report))
        or _BY_STATUS_CODE.get(_status_code(report) or 0)
    )


def _http_kind(status: int) -> _Kind:
    """Choose the error of an HTTP status (reference 10.4)."""
    if status < 400:
        return BadAnswerError
    return _BY_HTTP_STATUS.get(status, BusyError if status >= 500 else RejectedError)


def _status_code(report: Node) -> int | None:
    """Return the statusCode, which is the first digit of the errorCode as well."""
    code = report.integer("statusCode")
    return code if code is not None else (_error_code(report) >> 28 or None)


def _error_code(report: Node) -> int:
    """Return the errorCode, sent in decimal, seldom as 0x…; 0 where there is none."""
    try:
        return int(report.value("errorCode") or "0", 0)
    except ValueError:
        return 0
