"""Write and read the documents of httpHosts."""

from http import HTTPStatus
from typing import Final

import aiohttp

from .xml_reading import text

HOSTS: Final = "/ISAPI/Event/notification/httpHosts"
ISAPI: Final = "http://www.isapi.org/ver20/XMLSchema"

BY_ADDRESS: Final = "<addressingFormatType>ipaddress</addressingFormatType>"
BY_NAME: Final = "<addressingFormatType>hostname</addressingFormatType>"
ADDRESS: Final = f"{BY_ADDRESS}<ipAddress>192.0.2.5</ipAddress>"
NAME: Final = f"{BY_NAME}<hostName>ha.example</hostName>"

#: HTTP status, statusCode and subStatusCode of the usual answers.
OK: Final = (200, "1", "ok")
BAD_CONTENT: Final = (400, "6", "badXmlContent")
NOT_SUPPORT: Final = (403, "4", "notSupport")


def host(
    number: int = 1,
    *,
    url: str = "/api/webhook/1",
    address: str = ADDRESS,
    port: str = "8123",
    more: str = "<userName></userName>",
) -> str:
    """Return the element of a slot."""
    return (
        f'<HttpHostNotification version="2.0" xmlns="{ISAPI}"><id>{number}</id>'
        f"<url>{url}</url><protocolType>HTTP</protocolType>"
        f"<parameterFormatType>XML</parameterFormatType>{address}"
        f"<portNo>{port}</portNo>{more}"
        "<httpAuthenticationMethod>none</httpAuthenticationMethod>"
        "</HttpHostNotification>"
    )


def listed(*hosts: str) -> str:
    """Return a list of slots."""
    inside = "".join(hosts)
    return (
        f'<HttpHostNotificationList xmlns="{ISAPI}">{inside}</HttpHostNotificationList>'
    )


async def told(
    session: aiohttp.ClientSession, method: str, path: str = "", body: str = ""
) -> tuple[int, str | None, str | None]:
    """Return HTTP status, statusCode and subStatusCode of an answer."""
    async with session.request(method, f"{HOSTS}{path}", data=body) as response:
        answer = await response.read()
    return (
        response.status,
        text(answer, "statusCode"),
        text(answer, "subStatusCode"),
    )


async def read(session: aiohttp.ClientSession, path: str = "") -> bytes:
    """Return a document."""
    async with session.get(f"{HOSTS}{path}") as response:
        assert response.status == HTTPStatus.OK
        return await response.read()
