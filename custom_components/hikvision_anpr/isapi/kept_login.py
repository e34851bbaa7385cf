"""Log in with the challenge of the login before, so that a command goes at once."""

from functools import cached_property
from typing import Final

from aiohttp import DigestAuthMiddleware

from .digest_login import DigestLogin
from .exchange import Exchange
from .login import Credentials


class KeptLogin:
    """Hold the last challenge that a device gave, until it minds.

    A device that finds it too old says `stale` and gives another: that takes one more
    way there and back, and is no bad login (reference 9.2). One that refuses it without
    saying so may count a bad login: it is asked for a challenge each time from then on.
    """

    def __init__(self, credentials: Credentials) -> None:
        """Begin without a challenge."""
        self._credentials: Final = credentials
        self._is_minded = False

    @property
    def digest(self) -> DigestAuthMiddleware:
        """Return the login, for requests that take turns."""
        return self._fresh if self._is_minded else self._kept

    def note(self, exchange: Exchange) -> None:
        """Take from a request whether the device minds."""
        self._is_minded = self._is_minded or exchange.minded_kept_login

    @cached_property
    def _kept(self) -> DigestAuthMiddleware:
        """Return the login that shows itself before it is asked for."""
        return fresh_login(self._credentials, preemptive=True)

    @cached_property
    def _fresh(self) -> DigestAuthMiddleware:
        """Return the login that asks for a challenge each time."""
        return fresh_login(self._credentials)


def fresh_login(
    credentials: Credentials, *, preemptive: bool = False
) -> DigestAuthMiddleware:
    """Return a login, which asks for a challenge with every request by default.

    Raises ValueError for a user name that Digest cannot carry.
    """
    return DigestLogin(
        credentials.username, credentials.password, preemptive=preemptive
    )
