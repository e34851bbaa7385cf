"""Play the HTTP hosts of devices: their documents, and a device that keeps them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from lxml import etree

from .web_server import WebServer

PATH: Final = "/ISAPI/Event/notification/httpHosts"
OURS: Final = "/api/webhook/4f1d0c"
OTHER: Final = "http://192.0.2.30:8080/alarms/in"
ISAPI: Final = "http://www.isapi.org/ver20/XMLSchema"
HIKVISION: Final = "http://www.hikvision.com/ver20/XMLSchema"


def slot(
    host_id: int = 1,
    url: str = "/",
    address: str = "0.0.0.0",
    port: int = 80,
    *,
    form: str = "<parameterFormatType>XML</parameterFormatType>",
    rest: str = "<httpBroken>false</httpBroken>",
    attributes: str = "",
) -> str:
    """Return a slot as a camera writes it."""
    return (
        f"<HttpHostNotification{attributes}>\n"
        f"  <id>{host_id}</id>\n  <url>{url}</url>\n"
        f"  <protocolType>HTTP</protocolType>\n  {form}\n"
        "  <addressingFormatType>ipaddress</addressingFormatType>\n"
        f"  <ipAddress>{address}</ipAddress>\n  <portNo>{port}</portNo>\n"
        "  <userName></userName>\n"
        "  <httpAuthenticationMethod>none</httpAuthenticationMethod>\n"
        f"  {rest}\n</HttpHostNotification>"
    )


def listed(*slots: str, namespace: str = HIKVISION) -> bytes:
    """Return the list of a device."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<HttpHostNotificationList xmlns="{namespace}" version="2.0">\n'
        f"{'\n'.join(slots)}\n</HttpHostNotificationList>\n"
    ).encode()


USED: Final = slot(1, "/alarms/in", "192.0.2.30", 8080)
VERSION: Final = ' version="2.0"'
CAMERA: Final = listed(USED, slot(2, attributes=VERSION), slot(3, attributes=VERSION))
RECORDER: Final = listed(
    slot(
        rest=(
            '<Extensions xmlns="urn:selfextension:psiaext-ver10-xsd">'
            "<intervalBetweenEvents>0</intervalBetweenEvents></Extensions>"
        )
    ),
    namespace=ISAPI,
)
SINGLE_SLOT: Final = listed(USED)
TERMINAL: Final = listed(
    slot(form="", rest="<SubscribeEvent><heartbeat>30</heartbeat></SubscribeEvent>"),
    slot(2, form="", rest=""),
    namespace=ISAPI,
)
WITH_LIMITS: Final = listed(
    slot(
        url="",
        rest=(
            "<ANPR><!-- kept --><detectionUpLoadPicturesType"
            ' opt="all,licensePlatePicture,detectionPicture" def="all">'
            "detectionPicture</detectionUpLoadPicturesType></ANPR>"
            '<unknown size="4" min="1" max="9" kept="yes">7</unknown>'
        ),
    )
)
CAPABILITIES: Final = f"""<HttpHostNotificationCap version="2.0" xmlns="{ISAPI}">
<hostNumber>3</hostNumber><urlLen max="128"/>
<protocolType opt="HTTP, HTTPS,EHome"/><parameterFormatType opt="XML,JSON,querystring"/>
<addressingFormatType opt="ipaddress,hostname"/><portNo min="1" max="65535"/>
<httpAuthenticationMethod opt="MD5digest,none"/>
<ANPR><detectionUpLoadPicturesType opt="all,licensePlatePicture,detectionPicture"/>
<alarmHttpPushProtocol opt="baseline,custom"/></ANPR>
</HttpHostNotificationCap>""".encode()

OK: Final = b"<ResponseStatus><statusCode>1</statusCode></ResponseStatus>"
NOT_SUPPORTED: Final = (
    b"<ResponseStatus><statusCode>4</statusCode>"
    b"<subStatusCode>notSupport</subStatusCode></ResponseStatus>"
)
BAD_CONTENT: Final = (
    b"<ResponseStatus><statusCode>6</statusCode>"
    b"<subStatusCode>badXmlContent</subStatusCode></ResponseStatus>"
)


@dataclass(slots=True, kw_only=True)
class HostsDevice:
    """Keep HTTP hosts as a strict device does; a test sets what should go wrong.

    `before_write` acts between what the device told and what it is told.
    """

    document: bytes
    writes_slots: bool = True
    forgets: bool = False
    written: list[tuple[str, bytes]] = field(default_factory=list)
    before_write: Callable[[], None] | None = None

    def serve(self, web_server: WebServer) -> None:
        """Answer at the paths of HTTP hosts."""
        web_server.answers[PATH] = self._list
        for host_id in "123":
            web_server.answers[f"{PATH}/{host_id}"] = self._slot

    async def _list(self, request: web.Request) -> web.Response:
        """Tell the list, or take a whole one."""
        if request.method == "GET":
            return _xml(self.document)
        return self._take(request.path, await request.read())

    async def _slot(self, request: web.Request) -> web.Response:
        """Take one slot."""
        if not self.writes_slots:
            if self.before_write:
                self.before_write()
            return _xml(NOT_SUPPORTED)
        return self._take(request.path, await request.read())

    def _take(self, path: str, body: bytes) -> web.Response:
        """Keep what is written, where a strict device accepts it."""
        self.written.append((path, body))
        if b"/>" in body or any(limit in body for limit in (b"opt=", b"min=")):
            return _xml(BAD_CONTENT)
        if not self.forgets:
            self.document = body if path == PATH else self._with(body)
        return _xml(OK)

    def _with(self, body: bytes) -> bytes:
        """Return the list with one slot replaced."""
        root, new = etree.fromstring(self.document), etree.fromstring(body)
        for old in root:
            if old.findtext("{*}id") == new.findtext("{*}id"):
                root.replace(old, new)
        return etree.tostring(root)


def _xml(body: bytes) -> web.Response:
    """Answer with a document."""
    return web.Response(body=body, content_type="application/xml")
