"""Answer requests: documents, and the status bodies of every refusal (reference 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
import json
from typing import Final

from aiohttp import web

from .document import PROLOG, render

XML: Final = "application/xml"
PSIA: Final = "urn:psialliance-org"


@dataclass(frozen=True, slots=True)
class Status:
    """Hold one way of answering, with the codes that go with it."""

    http: int
    code: int
    text: str
    sub_code: str
    error: int = 0


OK: Final = Status(200, 1, "OK", "ok", 1)
REBOOT_REQUIRED: Final = Status(200, 7, "Reboot Required", "rebootRequired")
BUSY: Final = Status(503, 2, "Device Busy", "deviceBusy", 0x20000004)
DEVICE_ERROR: Final = Status(500, 3, "Device Error", "deviceError", 0x30000001)
NOT_SUPPORT: Final = Status(403, 4, "Invalid Operation", "notSupport", 0x40000001)
LOW_PRIVILEGE: Final = Status(403, 4, "Invalid Operation", "lowPrivilege", 0x40000002)
BAD_METHOD: Final = Status(405, 4, "Invalid Operation", "methodNotAllowed", 0x40000004)
UNKNOWN_URI: Final = Status(404, 4, "Invalid Operation", "methodNotAllowed")
NOT_ACTIVATED: Final = Status(403, 4, "Invalid Operation", "notActivated", 0x40000007)
ARMING_FULL: Final = Status(403, 4, "Invalid Operation", "armingFull", 0x40001080)
#: A list is full (reference 10.3, inferred).
HOSTS_FULL: Final = Status(
    403, 4, "Invalid Operation", "numberReachedLlimit", 0x40001119
)
#: A list of plates is full (inferred from overLimit, reference 5.1).
LIST_FULL: Final = Status(403, 4, "Invalid Operation", "overLimit", 0x40001119)
#: The text of a plate is refused (reference 10.3).
BAD_PLATE: Final = Status(
    403, 4, "Invalid Operation", "licensePlateFormatError", 0x40001122
)
BAD_FORMAT: Final = Status(400, 5, "Invalid XML Format", "badXmlFormat", 0x50000001)
BAD_PARAMETERS: Final = Status(400, 6, "Invalid Content", "badParameters", 0x60000002)
BAD_CONTENT: Final = Status(400, 6, "Invalid XML Content", "badXmlContent", 0x60000001)


def status(
    request: web.Request, status: Status, *, namespace: str, http: int | None = None
) -> web.Response:
    """Return a status as an HTTP answer, in JSON when the request asks for JSON.

    Args:
        request: The request that is answered.
        status: What to say.
        namespace: The device's namespace; unknown paths are answered in the old one.
        http: HTTP status instead of the usual one; some firmware refuses with 200.
    """
    code = http or status.http
    body: dict[str, str] = {
        "requestURL": request.path,
        "statusCode": str(status.code),
        "statusString": status.text,
        "subStatusCode": status.sub_code,
    }
    if status.error:
        body |= {"errorCode": str(status.error), "errorMsg": status.sub_code}
    if request.query.get("format") == "json":
        return _json_status(body, code)
    if status is UNKNOWN_URI:
        text = render("ResponseStatus", body, namespace=PSIA, version="1.0")
    else:
        text = render("ResponseStatus", body, namespace=namespace)
    return web.Response(text=text, status=code, content_type=XML, charset="UTF-8")


def _json_status(body: Mapping[str, str], code: int) -> web.Response:
    """Return the status as JSON, where codes are numbers (reference 10.1)."""
    numbers = {"statusCode", "errorCode"}
    values = {key: int(text) if key in numbers else text for key, text in body.items()}
    return web.json_response(text=json.dumps(values, indent=0), status=code)


def unauthorized(
    challenges: list[str], body: bytes, content_type: str = "text/html"
) -> web.Response:
    """Return a 401 with its challenges and a body that a client has to drain."""
    response = web.Response(body=body, status=401, content_type=content_type)
    for challenge in challenges:
        response.headers.add("WWW-Authenticate", challenge)
    return response


def user_check(
    namespace: str, fields: Mapping[str, str], *, as_json: bool
) -> tuple[bytes, str]:
    """Return the body and content type of an answer of userCheck (reference 9.2)."""
    if not as_json:
        text = render("userCheck", fields, namespace=namespace, prolog=PROLOG)
        return text.encode(), XML
    numbers = {"statusValue", "unlockTime", "retryLoginTime"}
    flags = {"true": True, "false": False}
    values = {
        key: int(text) if key in numbers else flags.get(text, text)
        for key, text in fields.items()
    }
    return json.dumps({"userCheck": values}).encode(), "application/json"
