"""Know who logs in to a device, and stop before the device locks the account."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from .errors import AccountLockedError, AuthenticationError

UNSAID_LOCK_SECONDS: Final = 30 * 60
"""How long a lock is respected whose end the device does not name; field reports
speak of half an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Hold the user name and password of one device."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lock:
    """Hold a lock that the device reported, and when it ends."""

    error: AccountLockedError
    until: float


class LoginGuard:
    """Keep one device's account from being locked.

    Devices lock an account, or the address logging in, after a few bad logins
    (reference 9.2). Everyone who talks to a device shares its guard: logins take
    `turn`s, and what was refused once is not tried again before the user acts. Who is
    not in a hurry stands in the `queue` first, so that one who is waits for the one
    who is talking alone.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin without a refusal; `clock` counts seconds and never steps back."""
        self.queue: Final = asyncio.Lock()
        self.turn: Final = asyncio.Lock()
        self._clock = clock
        self._refusals: dict[Credentials, AuthenticationError] = {}
        self._lock: _Lock | None = None

    def admit(self, credentials: Credentials) -> None:
        """Raise what the device would answer, without touching the device.

        Raises AccountLockedError while a lock lasts, AuthenticationError for
        refused credentials and for a user name Digest cannot carry (RFC 7616).
        """
        if ":" in credentials.username:
            raise AuthenticationError("A user name must not contain a colon")
        self._raise_lock()
        if refusal := self._refusals.get(credentials):
            raise refusal.with_traceback(None)

    def refused(self, credentials: Credentials, error: AuthenticationError) -> None:
        """Remember that the device refused these credentials."""
        self._refusals[credentials] = error

    def locked(self, error: AccountLockedError) -> None:
        """Remember that the account is locked."""
        seconds = error.unlock_seconds
        until = self._clock() + (UNSAID_LOCK_SECONDS if seconds is None else seconds)
        self._lock = _Lock(error=error, until=until)

    def accepted(self) -> None:
        """Remember that the device let somebody in: no lock lasts."""
        self._lock = None

    def user_acted(self) -> None:
        """Forget refusals and locks: the user typed credentials, or had it reset.

        A device that is still locked says so before they are shown to it.
        """
        self._refusals.clear()
        self._lock = None

    def _raise_lock(self) -> None:
        """Raise the lock with the time that is left of it."""
        if self._lock is None:
            return
        error = self._lock.error
        left = round(self._lock.until - self._clock())
        if left <= 0:
            self._lock = None
            return
        raise AccountLockedError(
            error.args[0],
            unlock_seconds=left,
            path=error.path,
            status=error.status,
            sub_status=error.sub_status,
        )
