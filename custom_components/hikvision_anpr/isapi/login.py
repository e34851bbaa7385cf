"""Know who logs in to a device, and stop before the device locks the account."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from .errors import AccountLockedError, AuthenticationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Hold the user name and password of one device."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lock:
    """Hold a lock the device reported; `until` is None where it named no end."""

    error: AccountLockedError
    until: float | None


class LoginGuard:
    """Keep one device's account from being locked.

    Devices lock an account, or the address logging in, after a few bad logins
    (reference 9.2). Everyone who talks to a device shares its guard: logins take
    `turn`s, and what was refused once is not tried again before the user acts.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin without a refusal; `clock` counts seconds and never steps back."""
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
        """Remember that the account is locked: for its time, or until the user acts."""
        seconds = error.unlock_seconds
        until = None if seconds is None else self._clock() + seconds
        self._lock = _Lock(error=error, until=until)

    def accepted(self) -> None:
        """Remember that the device let somebody in: no lock lasts."""
        self._lock = None

    def user_acted(self) -> None:
        """Forget refusals, for the user typed credentials; a timed lock goes on."""
        self._refusals.clear()
        if self._lock and self._lock.until is None:
            self._lock = None

    def _raise_lock(self) -> None:
        """Raise the lock with the time that is left of it."""
        if self._lock is None:
            return
        error, until = self._lock.error, self._lock.until
        left = None if until is None else round(until - self._clock())
        if left is not None and left <= 0:
            self._lock = None
            return
        raise AccountLockedError(
            error.args[0],
            unlock_seconds=left,
            path=error.path,
            status=error.status,
            sub_status=error.sub_status,
        )
