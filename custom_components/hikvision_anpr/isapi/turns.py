"""Let one talk to a device at a time, and nobody log in after a refusal."""

from asyncio import timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import AccountLockedError, AuthenticationError, BusyError, UnreachableError
from .exchange import translated
from .limits import Limits
from .login import Credentials, LoginGuard


class Turns:
    """Give a client its turns at a device, among all who share a guard."""

    def __init__(
        self, guard: LoginGuard, credentials: Credentials, limits: Limits
    ) -> None:
        """Prepare to wait; nobody has a turn yet."""
        self._guard = guard
        self._credentials = credentials
        self._limits = limits

    @asynccontextmanager
    async def login(self, path: str, *, urgent: bool = False) -> AsyncIterator[None]:
        """Have a turn with a login: not after a refusal, and remembering a new one."""
        async with self.turn(path, urgent=urgent):
            self._guard.admit(self._credentials)
            try:
                yield
            except AccountLockedError as error:
                self._guard.locked(error)
                raise
            except AuthenticationError as error:
                self._guard.refused(self._credentials, error)
                raise

    @asynccontextmanager
    async def turn(self, path: str, *, urgent: bool = False) -> AsyncIterator[None]:
        """Wait until nobody else talks to the device, then bound the talk."""
        place = self._soon(path) if urgent else self._in_line()
        async with place:
            try:
                async with timeout(self._limits.answer_seconds):
                    with translated(path):
                        yield
            except TimeoutError as error:
                raise UnreachableError(
                    "The device did not answer in time", path=path
                ) from error

    @asynccontextmanager
    async def _in_line(self) -> AsyncIterator[None]:
        """Wait for all who were there before."""
        async with self._guard.queue, self._guard.turn:
            yield

    @asynccontextmanager
    async def _soon(self, path: str) -> AsyncIterator[None]:
        """Wait for the one who is talking alone, and not for long."""
        try:
            async with timeout(self._limits.turn_seconds):
                await self._guard.turn.acquire()
        except TimeoutError as error:
            raise BusyError(
                "The device did not finish another request; nothing was sent", path=path
            ) from error
        try:
            yield
        finally:
            self._guard.turn.release()
