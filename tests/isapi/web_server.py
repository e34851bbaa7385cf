"""Play the web server of a device: challenges, logins and answers put in by a test."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import hashlib
import re
import ssl
from typing import Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDict

USERNAME: Final = "gate"
PASSWORD: Final = "right:pass"
REALM: Final = "IP Camera(T0042)"

_FIELD: Final = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Hold what the server saw of one request."""

    method: str
    target: str
    nonce: str | None
    connection: int
    body: bytes
    content_type: str


@dataclass(slots=True, kw_only=True)
class WebServer:
    """Serve documents behind a Digest login; a test sets what should go wrong.

    Each line of `challenge` is a header of its own.
    """

    refusal: bytes = b"<html><body>Unauthorized</body></html>"
    refusal_type: str = "text/html"
    challenge: str | None = 'Digest qop="auth", realm="{realm}", nonce="{nonce}"'
    stale: bool = False
    single_use: bool = False
    tells_stale: bool = True
    open_to_all: bool = False
    answers: dict[str, Handler] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    challenges: int = 0
    used: set[str | None] = field(default_factory=set)
    busy: int = 0
    busiest: int = 0
    port: int = 0

    def answer(
        self,
        path: str,
        body: bytes,
        *,
        status: int = 200,
        content_type: str = "application/xml",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Give a path an answer."""

        async def handler(request: web.Request) -> web.Response:
            """Answer at once."""
            return web.Response(
                status=status, body=body, content_type=content_type, headers=headers
            )

        self.answers[path] = handler

    @property
    def logins(self) -> list[Seen]:
        """Return the requests that showed credentials."""
        return [seen for seen in self.seen if seen.nonce is not None]

    def server(self) -> TestServer:
        """Return the server, not yet started."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        return TestServer(app)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        """Count a request, judge its login and answer it."""
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            return await self._answer(request)
        finally:
            self.busy -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request whose login is right, refuse another."""
        login = _login(request)
        is_used = self.single_use and login.get("nonce") in self.used
        self.used.add(login.get("nonce"))
        self.seen.append(
            Seen(
                method=request.method,
                target=request.raw_path,
                nonce=login.get("nonce"),
                connection=id(request.transport),
                body=await request.read(),
                content_type=request.headers.get("Content-Type", ""),
            )
        )
        # Let a second request come in, were one on its way.
        await asyncio.sleep(0)
        if is_used and login:
            return self._refuse(stale=self.tells_stale)
        if not self.open_to_all and not self._is_right(request, login):
            return self._refuse(stale=self.stale)
        handler = self.answers.get(request.path)
        return await handler(request) if handler else web.Response(status=404)

    def _refuse(self, *, stale: bool) -> web.Response:
        """Ask for a login, with a challenge that was never used before."""
        headers = CIMultiDict[str]()
        if self.challenge:
            self.challenges += 1
            challenge = self.challenge.format(realm=REALM, nonce=f"n{self.challenges}")
            told = "TRUE" if stale else "FALSE"
            *others, last = challenge.splitlines()
            for offer in (*others, f'{last}, stale="{told}"'):
                headers.add("WWW-Authenticate", offer)
        return web.Response(
            status=401,
            body=self.refusal,
            content_type=self.refusal_type,
            headers=headers,
        )

    def _is_right(self, request: web.Request, login: dict[str, str]) -> bool:
        """Judge a login (RFC 2617)."""
        if self.stale or login.get("username") != USERNAME:
            return False
        secret = _md5(f"{USERNAME}:{REALM}:{PASSWORD}")
        what = _md5(f"{request.method}:{request.raw_path}")
        once = f"{login['nonce']}:{login['nc']}:{login['cnonce']}:{login['qop']}"
        return login["response"] == _md5(f"{secret}:{once}:{what}")


def _login(request: web.Request) -> dict[str, str]:
    """Return the fields of a login, none where there is none."""
    found = _FIELD.findall(request.headers.get("Authorization", ""))
    return {name: quoted or bare for name, quoted, bare in found}


def _md5(text: str) -> str:
    """Return the digest that Digest is named after."""
    return hashlib.md5(text.encode()).hexdigest()


type Script = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class RawServer:
    """Answer each request as a script does, down to the bytes."""

    script: Script
    requests: list[bytes] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    async def start(self) -> asyncio.Server:
        """Begin to listen on a free port."""
        return await asyncio.start_server(
            self._serve, "127.0.0.1", 0, ssl=self.tls, ssl_handshake_timeout=None
        )

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve one connection until either side ends it."""
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                if length := re.search(rb"Content-Length: (\d+)", head):
                    head += await reader.readexactly(int(length[1]))
                self.requests.append(head)
                await self.script(head, writer)
        except asyncio.IncompleteReadError, ConnectionError:
            pass
        finally:
            writer.close()
