"""ISAPI client of a device: in sequence, with digest authentication."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cached_property
from typing import Final

from aiohttp import (
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DigestAuthMiddleware,
    hdrs,
)
from yarl import URL

from .device_address import DeviceAddress
from .document import parse_document, parse_documents
from .errors import BadAnswerError, UnreachableError
from .exchange import Exchange, read_capped, translated
from .kept_login import KeptLogin, fresh_login
from .limits import Limits
from .login import Credentials, LoginGuard
from .node import NOTHING, Node
from .turns import Turns

XML: Final = "application/xml"


class IsapiClient:
    """Speak ISAPI with one device.

    Old devices break down under parallel requests: all who share a `guard` take
    turns (reference 10.4). Every method raises the family of IsapiError alone.
    The session stays the caller's.
    """

    def __init__(
        self,
        session: ClientSession,
        address: DeviceAddress,
        credentials: Credentials,
        *,
        guard: LoginGuard | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Prepare to talk to a device; nothing is sent yet."""
        self.address: Final = address
        self._session = session
        self._credentials = credentials
        self._guard = guard or LoginGuard()
        self._limits = limits or Limits()
        self._turns = Turns(self._guard, credentials, self._limits)
        self._kept_login = KeptLogin(credentials)

    def at(self, address: DeviceAddress) -> IsapiClient:
        """Return a client for another way to the same device."""
        return self._another(address, self._limits)

    def patient(self, answer_seconds: float) -> IsapiClient:
        """Return a client of the same device that waits longer for answers."""
        limits = replace(self._limits, answer_seconds=answer_seconds)
        return self._another(self.address, limits)

    def _another(self, address: DeviceAddress, limits: Limits) -> IsapiClient:
        """Return a client with the same login, which takes turns with this one."""
        return IsapiClient(
            self._session,
            address,
            self._credentials,
            guard=self._guard,
            limits=limits,
        )

    async def get(self, path: str) -> Node:
        """Read a document."""
        return parse_document(await self._request(hdrs.METH_GET, path))

    async def get_bytes(self, path: str, body: bytes | None = None) -> bytes:
        """Read a picture or a file, where need be the one that a document names."""
        content_type = XML if body else None
        return await self._request(hdrs.METH_GET, path, body, content_type)

    async def put(self, path: str, body: bytes, content_type: str = XML) -> Node:
        """Change something, sent once and never repeated; return the answer."""
        return _answer(await self._request(hdrs.METH_PUT, path, body, content_type))

    async def delete(self, path: str, body: bytes) -> Node:
        """Delete what a document names, sent once; return the answer."""
        return _answer(await self._request(hdrs.METH_DELETE, path, body, XML))

    async def command(self, path: str, body: bytes) -> Node:
        """Move something: as `put`, before everything that waits for its turn.

        Raises BusyError, with nothing sent, where its turn does not come in time.
        It logs in with the challenge of the last command, or of `keep_ready`.
        """
        async with self._turns.login(path, urgent=True):
            digest = self._kept_login.digest
            return _answer(
                await self._exchange(hdrs.METH_PUT, path, body, XML, digest=digest)
            )

    async def keep_ready(self, path: str) -> None:
        """Read a document, so that a command soon after finds a connection and a login."""
        async with self._turns.login(path):
            digest = self._kept_login.digest
            await self._exchange(hdrs.METH_GET, path, digest=digest)

    async def post(self, path: str, body: bytes, content_type: str = XML) -> Node:
        """Ask by a document, as searches do; return the answer."""
        return _answer(await self._request(hdrs.METH_POST, path, body, content_type))

    @asynccontextmanager
    async def stream(
        self, path: str, body: bytes | None = None, *, silence_seconds: float
    ) -> AsyncIterator[ClientResponse]:
        """Open an answer that never ends, on a connection of its own.

        With a body it is asked for by POST.
        Reading from it raises UnreachableError after `silence_seconds` without
        a byte (reference 2.2). A stream that broke is not opened again here.
        """
        async with self._turns.login(path):
            exchange = Exchange(path)
            response = await self._open(
                exchange,
                hdrs.METH_POST if body else hdrs.METH_GET,
                path,
                body,
                XML if body else None,
                silence_seconds=silence_seconds,
            )
            await self._check_stream(exchange, response, path)
        try:
            with translated(path):
                yield response
        finally:
            response.close()

    async def activation(self) -> bool | None:
        """Ask, without a login, whether the device has a password (reference 9.2).

        Returns None where the device does not say, or is none of Hikvision's.
        """
        path = "/SDK/activateStatus"
        async with self._turns.turn(path):
            response = await self._session.get(
                self._url(path),
                allow_redirects=False,
                middlewares=(),
                raise_for_status=False,
                ssl=self.address.verify_ssl,
                timeout=self._timeout(),
            )
            try:
                body = await read_capped(response, self._limits.answer_bytes)
            finally:
                response.close()
        said = (document.find("Activated") for document in parse_documents(body))
        return next((node.flag() for node in said if node), None)

    async def _request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str | None = None,
    ) -> bytes:
        """Send a request in its turn, and return the body of a good answer."""
        async with self._turns.login(path):
            return await self._exchange(method, path, body, content_type)

    async def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str | None = None,
        *,
        digest: DigestAuthMiddleware | None = None,
    ) -> bytes:
        """Send a request now, and return the body of a good answer."""
        exchange = Exchange(path)
        try:
            response = await self._open(
                exchange, method, path, body, content_type, digest=digest
            )
        finally:
            self._kept_login.note(exchange)
        try:
            answer = await exchange.read(response, self._limits.answer_bytes)
        finally:
            response.close()
        exchange.check(response, answer)
        return answer

    async def _open(
        self,
        exchange: Exchange,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str | None = None,
        *,
        silence_seconds: float | None = None,
        digest: DigestAuthMiddleware | None = None,
    ) -> ClientResponse:
        """Send a request with its login, and return the answer from its headers on."""
        response = await self._session.request(
            method,
            self._url(path),
            data=body,
            headers={hdrs.CONTENT_TYPE: content_type} if content_type else None,
            allow_redirects=False,
            middlewares=(digest or self._digest, exchange),
            raise_for_status=False,
            ssl=self.address.verify_ssl,
            timeout=self._timeout(silence_seconds),
        )
        if exchange.logged_in and response.status != 401:
            self._guard.accepted()
        return response

    async def _check_stream(
        self, exchange: Exchange, response: ClientResponse, path: str
    ) -> None:
        """Raise what a device answers in place of a stream.

        Streams come as several kinds of multipart (reference 2.1).
        """
        document = response.content_type.endswith(("xml", "json", "html"))
        if response.status == 200 and not document:
            return
        try:
            body = await exchange.read(response, self._limits.answer_bytes)
        finally:
            response.close()
        exchange.check(response, body)
        raise BadAnswerError("The device opened no stream", path=path)

    @cached_property
    def _digest(self) -> DigestAuthMiddleware:
        """Return the login, which asks for a fresh challenge with every request.

        Some devices count a login with an outworn challenge as a bad one, so only
        commands, which are in a hurry, use one twice.
        """
        return fresh_login(self._credentials)

    def _timeout(self, silence_seconds: float | None = None) -> ClientTimeout:
        """Bound connecting and silence; the whole is bounded by the turn."""
        return ClientTimeout(
            total=None, connect=self._limits.connect_seconds, sock_read=silence_seconds
        )

    def _url(self, path: str) -> URL:
        """Return the address of a path on the device."""
        try:
            return self.address.at(path)
        except ValueError as error:
            raise UnreachableError("The device's address is none", path=path) from error


def _answer(body: bytes) -> Node:
    """Read what a device answers to a change; nothing is an answer as well."""
    return parse_document(body) if body.strip() else NOTHING
