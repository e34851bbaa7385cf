"""Watch one request's login, and turn what aiohttp raises into our errors."""

from collections.abc import Iterator
from contextlib import contextmanager
import re
from typing import Final

from aiohttp import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientPayloadError,
    ClientRequest,
    ClientResponse,
    ServerDisconnectedError,
    ServerTimeoutError,
    hdrs,
)
from aiohttp.http import HttpProcessingError

from .errors import BadAnswerError, BusyError, CertificateError, UnreachableError
from .response import check, check_lock

_REFUSAL_BYTES: Final = 64 * 1024
_STALE: Final = re.compile(r'\bstale\s*=\s*"?true', re.IGNORECASE)


class Exchange:
    """Watch one request from within the Digest login, as aiohttp's middleware.

    The login first asks without credentials, or with a challenge it has kept, and
    may be refused; only then it answers the challenge of this request. Reading the
    refusal to its end lets both go over one connection, and some devices fall silent
    without (reference 2.1).
    """

    def __init__(self, path: str) -> None:
        """Watch the request of a path."""
        self._path = path
        self._refusal = b""
        self._refusals = 0
        self.logged_in = False
        self.minded_kept_login = False

    async def __call__(
        self, request: ClientRequest, handler: ClientHandlerType
    ) -> ClientResponse:
        """Send one leg of the login, and keep the body of a refusal.

        Raises AccountLockedError before credentials are shown to a device that
        says it locked the account.
        """
        self.logged_in = hdrs.AUTHORIZATION in request.headers
        response = await self._send(request, handler)
        if response.status == 401:
            self._refusal = await read_capped(response, _REFUSAL_BYTES)
            check_lock(self._refusal, self._path, response.status)
            self._note_refusal(response)
        return response

    def _note_refusal(self, response: ClientResponse) -> None:
        """Note whether a kept challenge was refused as if the password were wrong."""
        self._refusals += 1
        if self._refusals == 1 and self.logged_in:
            self.minded_kept_login = not _is_stale(response)

    async def read(self, response: ClientResponse, limit: int) -> bytes:
        """Return the body of an answer, of up to `limit` bytes."""
        if response.status == 401:
            return self._refusal
        return await read_capped(response, limit)

    def check(self, response: ClientResponse, body: bytes) -> None:
        """Raise the error an answer reports.

        A 401 is a refusal only when it answers credentials for a challenge of this
        request, and when the device did not merely find their nonce too old.
        """
        if response.status == 401 and self._refusals == 1:
            raise BadAnswerError(
                "The device offers no Digest login", path=self._path, status=401
            )
        if response.status == 401 and _is_stale(response):
            raise BusyError(
                "The device forgot its own login challenge",
                path=self._path,
                status=401,
            )
        check(response.status, response.content_type, body, self._path)

    async def _send(
        self, request: ClientRequest, handler: ClientHandlerType
    ) -> ClientResponse:
        """Send a leg, and keep aiohttp from sending a change a second time.

        aiohttp repeats a PUT whose connection broke; the device may have acted
        on it, and a barrier must not move twice (reference 6.5).
        """
        try:
            return await handler(request)
        except ClientConnectorError:
            raise
        except (ClientOSError, ServerDisconnectedError) as error:
            if self.logged_in and request.method != hdrs.METH_GET:
                raise UnreachableError(
                    "The connection broke; whether the device acted is unknown",
                    path=self._path,
                ) from error
            raise


def _is_stale(response: ClientResponse) -> bool:
    """Tell whether a device merely found a challenge too old."""
    challenges = response.headers.getall(hdrs.WWW_AUTHENTICATE, [])
    return any(map(_STALE.search, challenges))


async def read_capped(response: ClientResponse, limit: int) -> bytes:
    """Read a body to its end.

    Raises BadAnswerError beyond `limit` bytes.
    """
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            response.close()
            raise BadAnswerError("The device's answer is too large")
    return bytes(body)


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Raise our errors in place of aiohttp's."""
    try:
        yield
    except ClientConnectorCertificateError as error:
        raise CertificateError(
            "The device's TLS certificate is not trusted", path=path
        ) from error
    except ClientConnectorSSLError as error:
        raise UnreachableError("The device's port speaks no TLS", path=path) from error
    except ServerTimeoutError as error:
        raise UnreachableError("The device fell silent", path=path) from error
    except (ClientConnectionError, ClientPayloadError) as error:
        raise UnreachableError("The device cannot be reached", path=path) from error
    except (ClientError, HttpProcessingError) as error:
        raise BadAnswerError("The device's answer is no HTTP", path=path) from error
