"""Find the Digest challenge among the ways to log in that a device offers."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Final, cast, override

from aiohttp import ClientResponse, DigestAuthMiddleware, hdrs
from yarl import URL

_DIGEST: Final = re.compile(r"(?:^|,)\s*(digest\s.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """Hold of an answer what aiohttp reads of it."""

    status: int
    url: URL
    headers: Mapping[str, str]


class DigestLogin(DigestAuthMiddleware):
    """Log in by Digest also where Basic is offered first.

    Devices that are set to "digest/basic" offer both; aiohttp looks at the first
    challenge alone.
    """

    @override
    def _authenticate(self, response: ClientResponse) -> bool:
        """Take the first Digest challenge; tell whether there is one."""
        offer = _Offer(
            status=response.status,
            url=response.url,
            headers={hdrs.WWW_AUTHENTICATE.lower(): _challenge(response)},
        )
        return super()._authenticate(cast(ClientResponse, offer))


def _challenge(response: ClientResponse) -> str:
    """Return the first Digest challenge of all that an answer has."""
    for header in response.headers.getall(hdrs.WWW_AUTHENTICATE, []):
        if found := _DIGEST.search(header):
            return found[1]
    return ""
