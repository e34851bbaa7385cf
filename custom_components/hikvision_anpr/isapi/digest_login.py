"""Find the Digest challenge among the ways to log in that a device offers."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Final, cast, override

from aiohttp import ClientResponse, DigestAuthMiddleware, hdrs
from yarl import URL

_DIGEST: Final = re.compile(r"(?:^|,)\s*(digest\s.*)", re.IGNORECASE | re.DOTALL)
_FIELD: Final = re.compile(r'(\w+)(\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,"]+))')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """Hold of an answer what aiohttp reads of it."""

    status: int
    url: URL
    headers: Mapping[str, str]


class DigestLogin(DigestAuthMiddleware):
    """Log in by Digest also where Basic is offered first, and in any spelling.

    Devices that are set to "digest/basic" offer both; aiohttp looks at the first
    challenge alone, and knows the names of its fields in lower case alone. They may
    have any (RFC 7235, 2.1).
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
            return _FIELD.sub(_in_lower_case, found[1])
    return ""


def _in_lower_case(field: re.Match[str]) -> str:
    """Spell the name of a field as aiohttp knows it, and `auth` as well."""
    name = field[1].lower()
    return name + (field[2].lower() if name == "qop" else field[2])
