"""Test how answers are judged."""

from collections.abc import Callable
from contextlib import suppress
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.errors import (
    AccountLockedError,
    AuthenticationError,
    BadAnswerError,
    BusyError,
    ForbiddenError,
    IsapiError,
    NotActivatedError,
    NotSupportedError,
    RebootRequiredError,
    RejectedError,
    StreamSlotsFullError,
)
from custom_components.hikvision_anpr.isapi.response import check

type Write = Callable[[int | None, str, int | None], bytes]

PATH = "/ISAPI/Traffic/channels/1/vehicleDetect"
XML = 'application/xml; charset="UTF-8"'
JSON = "application/json"
HTML_401 = b"<html><head><title>401</title></head><body>Unauthorized</body></html>"
NAMESPACES = (
    "http://www.hikvision.com/ver20/XMLSchema",
    "http://www.isapi.org/ver20/XMLSchema",
    "http://www.std-cgi.com/ver20/XMLSchema",
    "urn:psialliance-org",
    "",
)

SUCCESS = [
    (1, "ok", None),
    (0, "", None),
    (1, "riskPassword", 0x10000002),
    (1, "armProcess", 0x10000005),
    (None, "", 0x10000002),
    (None, "riskPassword", None),
    (None, "", None),
]
# statusCode, subStatusCode, errorCode and the error they make as HTTP 200.
FAILURES = [
    (2, "deviceBusy", None, BusyError),
    (2, "", None, BusyError),
    (None, "", 0x20000004, BusyError),
    (None, "upgrading", None, BusyError),
    (2, "serviceUnavailable", 0x20000002, BusyError),
    (3, "deviceError", None, BusyError),
    (4, "importing", 0x40001005, BusyError),
    (4, "notSupport", 0x40000001, NotSupportedError),
    (4, "", 0x40000001, NotSupportedError),
    (None, "", 0x40000001, NotSupportedError),
    (4, "", None, NotSupportedError),
    (4, "methodNotAllowed", None, NotSupportedError),
    (4, "lowPrivilege", 0x40000002, ForbiddenError),
    (4, "", 0x40000002, ForbiddenError),
    (4, "badAuthorization", None, ForbiddenError),
    (4, "notActivated", 0x40000007, NotActivatedError),
    (4, "", 0x40000007, NotActivatedError),
    (4, "armingFull", 0x40001080, StreamSlotsFullError),
    (4, "", 0x40001080, StreamSlotsFullError),
    (6, "deployExceedMax", 0x60006018, StreamSlotsFullError),
    (6, "", 0x60006018, StreamSlotsFullError),
    (6, "eventNotSupport", 0x60001024, NotSupportedError),
    (4, "licensePlateFormatError", 0x40001122, RejectedError),
    (4, "operateFailed", 0x4000000F, RejectedError),
    (5, "badXmlFormat", None, RejectedError),
    (6, "badXmlContent", None, RejectedError),
    (6, "", None, RejectedError),
    (None, "somethingNew", None, RejectedError),
    (9, "additionalError", None, RejectedError),
    (7, "rebootRequired", None, RebootRequiredError),
    (7, "", None, RebootRequiredError),
]


def as_xml(
    code: int | None, sub: str, error: int | None, namespace: str = NAMESPACES[0]
) -> bytes:
    """Write a ResponseStatus in XML."""
    fields = [
        f"<{name}>{value}</{name}>"
        for name, value in fields_of(code, sub, error).items()
    ]
    root = f'ResponseStatus version="2.0" xmlns="{namespace}"'
    return f"<?xml version='1.0'?>\n<{root}>{''.join(fields)}</ResponseStatus>".encode()


def as_json(code: int | None, sub: str, error: int | None) -> bytes:
    """Write a ResponseStatus in JSON."""
    return json.dumps(fields_of(code, sub, error)).encode()


def as_wrapped_json(code: int | None, sub: str, error: int | None) -> bytes:
    """Write a ResponseStatus in JSON, with its name around it."""
    return json.dumps({"ResponseStatus": fields_of(code, sub, error)}).encode()


def fields_of(code: int | None, sub: str, error: int | None) -> dict[str, str | int]:
    """Return what a ResponseStatus holds, leaving out what is not given."""
    fields: dict[str, str | int] = {"requestURL": PATH, "statusString": "as is"}
    if code is not None:
        fields["statusCode"] = code
    if sub:
        fields["subStatusCode"] = sub
    if error is not None:
        fields["errorCode"] = error
    return fields


@pytest.mark.parametrize("write", [as_xml, as_json, as_wrapped_json])
@pytest.mark.parametrize(("code", "sub", "error"), SUCCESS)
def test_success(write: Write, code: int | None, sub: str, error: int | None) -> None:
    """Take every name of success for one."""
    check(200, XML, write(code, sub, error), PATH)


@pytest.mark.parametrize("write", [as_xml, as_json, as_wrapped_json])
@pytest.mark.parametrize(("code", "sub", "error", "expected"), FAILURES)
def test_failure_as_success(
    write: Write,
    code: int | None,
    sub: str,
    error: int | None,
    expected: type[IsapiError],
) -> None:
    """Find the failure in an HTTP 200, in XML as in JSON."""
    with pytest.raises(IsapiError) as raised:
        check(200, XML, write(code, sub, error), PATH)
    assert raised.type is expected
    assert raised.value.path == PATH
    assert raised.value.status == 200
    assert raised.value.sub_status == (sub or None)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_namespaces(namespace: str) -> None:
    """Read a report in whatever namespace it comes."""
    body = as_xml(4, "notSupport", None, namespace)
    with pytest.raises(NotSupportedError) as raised:
        check(404, XML, body, PATH)
    assert raised.value.sub_status == "notSupport"
    assert str(raised.value).endswith("(notSupport)")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (302, b"", BadAnswerError),
        (400, b"", RejectedError),
        (400, as_xml(5, "badXmlFormat", None), RejectedError),
        (403, b"", NotSupportedError),
        (403, HTML_401, NotSupportedError),
        (403, as_json(4, "notSupport", 0x40000001), NotSupportedError),
        (403, as_xml(4, "lowPrivilege", 0x40000002), ForbiddenError),
        (403, as_xml(4, "somethingNew", None), NotSupportedError),
        (403, as_xml(4, "notActivated", None), NotActivatedError),
        (403, as_xml(1, "ok", None), NotSupportedError),
        (404, b"", NotSupportedError),
        (404, as_xml(4, "methodNotAllowed", None), NotSupportedError),
        (405, b"", NotSupportedError),
        (408, b"", BusyError),
        (429, b"", BusyError),
        (418, b"", RejectedError),
        (500, b"", BusyError),
        (500, as_xml(4, "notSupport", None), NotSupportedError),
        (501, b"", NotSupportedError),
        (503, as_xml(2, "serviceUnavailable", None), BusyError),
        (503, as_json(None, "deployExceedMax", None), StreamSlotsFullError),
        (
            403,
            b'{"Response": {"ResponseStatus": {"subStatusCode": "lowPrivilege"}}}',
            ForbiddenError,
        ),
        (
            403,
            b'{"a": 1, "ResponseStatus": {"subStatusCode": "lowPrivilege"}}',
            ForbiddenError,
        ),
    ],
)
def test_http_status(status: int, body: bytes, expected: type[IsapiError]) -> None:
    """Judge by the body where it says something, else by the status."""
    with pytest.raises(IsapiError) as raised:
        check(status, XML, body, PATH)
    assert raised.type is expected
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("image/jpeg", b"\xff\xd8 statusCode 4"),
        ("image/jpeg", b""),
        (XML, b"<DeviceInfo><statusCode>4</statusCode></DeviceInfo>"),
        (
            XML,
            b"<Results><ResponseStatus><statusCode>4</statusCode></ResponseStatus></Results>",
        ),
        (JSON, b'{"Plates": {"statusCode": 4}}'),
        (JSON, b'{"Plates": [], "numOfMatches": 0}'),
        (XML, b"statusCode but no document"),
        ("", b""),
    ],
)
def test_documents_are_no_reports(content_type: str, body: bytes) -> None:
    """Leave alone what merely holds the words of a report."""
    check(200, content_type, body, PATH)


def test_report_in_a_picture_answer() -> None:
    """Find the report a device sends in place of a picture, under its type."""
    with pytest.raises(RejectedError):
        check(200, "image/jpeg", as_xml(6, "badXmlContent", None), PATH)


def test_report_behind_rubbish() -> None:
    """Find a report that rubbish precedes, when the type promises one."""
    with pytest.raises(NotSupportedError):
        check(200, "application/xml", b"\0ok " + as_xml(4, "notSupport", None), PATH)


def test_web_page_is_no_isapi() -> None:
    """Refuse the page of another web server."""
    with pytest.raises(BadAnswerError):
        check(200, "text/html", b"<!DOCTYPE html><html></html>", PATH)


@pytest.mark.parametrize(
    ("body", "attempts_left"),
    [
        (HTML_401, None),
        (b"", None),
        (
            b"<userCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus>"
            b"<unlockTime>0</unlockTime><retryLoginTime>4</retryLoginTime></userCheck>",
            4,
        ),
        (b'{"userCheck": {"lockStatus": "unlock", "retryLoginTime": 2}}', 2),
        (b'{"statusCode": 4, "details": {"retryLoginTime": 1}}', 1),
    ],
)
def test_refused_login(body: bytes, attempts_left: int | None) -> None:
    """Tell how many attempts a refusal leaves."""
    with pytest.raises(AuthenticationError) as raised:
        check(401, "text/html", body, PATH)
    assert raised.value.attempts_left == attempts_left
    assert raised.value.status == 401


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    ("body", "unlock_seconds"),
    [
        (
            b"<userCheck><statusValue>401</statusValue><lockStatus>lock</lockStatus>"
            b"<unlockTime>1737</unlockTime><retryLoginTime>0</retryLoginTime></userCheck>",
            1737,
        ),
        (
            b'<userCheck xmlns="http://www.isapi.org/ver20/XMLSchema">'
            b"<lockStatus>Locked</lockStatus></userCheck>",
            None,
        ),
        (b'{"a": {"b": {"lockStatus": "lock", "unlockTime": 60}}, "c": 1}', 60),
        (b'{"lockStatus": "lock", "unlockTime": 0}', None),
    ],
)
def test_locked_account(status: int, body: bytes, unlock_seconds: int | None) -> None:
    """Tell a lock, and how long it lasts, at any depth of XML and JSON."""
    with pytest.raises(AccountLockedError) as raised:
        check(status, "application/xml", body, PATH)
    assert raised.value.unlock_seconds == unlock_seconds
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("code", "expected"),
    [("0x40000002", ForbiddenError), ("many", NotSupportedError)],
)
def test_spelling_of_the_error_code(code: str, expected: type[IsapiError]) -> None:
    """Read an error code in hexadecimal, and pass over what is no number."""
    body = f'{{"statusCode": 4, "errorCode": "{code}"}}'.encode()
    with pytest.raises(expected):
        check(200, JSON, body, PATH)


@given(
    status=st.sampled_from([200, 204, 302, 400, 401, 403, 404, 500]),
    content_type=st.sampled_from([XML, JSON, "image/jpeg", ""]),
    body=st.one_of(
        st.binary(),
        st.text().map(lambda text: f"<ResponseStatus>{text}".encode()),
        st.recursive(
            st.none() | st.integers() | st.text(),
            lambda inner: st.dictionaries(
                st.sampled_from(
                    ["statusCode", "errorCode", "lockStatus", "ResponseStatus", "x"]
                ),
                inner | st.lists(inner),
            ),
        ).map(lambda value: json.dumps(value).encode()),
    ),
)
def test_any_answer(status: int, content_type: str, body: bytes) -> None:
    """Raise nothing but our own errors, whatever a device sends."""
    with suppress(IsapiError):
        check(status, content_type, body, PATH)
        assert status < 300
