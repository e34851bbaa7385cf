"""Know what can be moved for a channel: a device's barrier, or a relay."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol, override

from ..isapi.barrier import (
    BarrierCommand,
    BarrierInfo,
    BarrierPosition,
    async_command_barrier,
    async_get_position,
)
from ..isapi.client import IsapiClient
from ..isapi.errors import (
    AccountLockedError,
    AuthenticationError,
    IsapiError,
    UnreachableError,
)
from ..isapi.user_check import async_stay_logged_in
from ..listeners import Listeners
from .relay import Relay

_AWAY: Final = (AccountLockedError, AuthenticationError, UnreachableError)


class Barrier(Protocol):
    """Move something that lets vehicles pass.

    A command that was sent was taken by the device; whether anything moved, only
    the position tells. No command is sent twice.
    """

    commands: frozenset[BarrierCommand]
    tells_position: bool
    place: str
    """What is moved: the same for all barriers that move the same."""

    @property
    def is_there(self) -> bool:
        """Tell whether a command would be taken, as far as that is known."""

    async def async_command(self, command: BarrierCommand) -> None:
        """Send a command. Raises the family of IsapiError, or HomeAssistantError."""

    async def async_position(self) -> BarrierPosition | None:
        """Return where it is, None where nobody knows. Raises IsapiError.

        What moves it is asked in any case, so that `is_there` tells of now.
        """

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener when it may move, whoever told it to; return how to stop."""


class _AtDevice(Barrier):
    """Know whether the device answers, be it over other ways than its reads come."""

    _answers = True

    def __init__(self, client: IsapiClient, place: str) -> None:
        """Prepare for what a device moves."""
        self.place = place
        self._client = client
        self._listeners = Listeners[Callable[[], None]]()

    @override
    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener when the device took a command."""
        return self._listeners.add(listener)

    @property
    @override
    def is_there(self) -> bool:
        """Tell whether the device answered when it was last asked."""
        return self._answers

    async def _async_ask[Answer](self, question: Awaitable[Answer]) -> Answer:
        """Ask the device, and note whether it answers. Raises IsapiError."""
        try:
            answer = await question
        except IsapiError as error:
            self._answers = not isinstance(error, _AWAY)
            raise
        self._answers = True
        return answer


class DeviceBarrier(_AtDevice):
    """Move a barrier by the commands that its device has for it."""

    def __init__(
        self, client: IsapiClient, channel: int, info: BarrierInfo, place: str
    ) -> None:
        """Prepare for the barrier of a channel."""
        super().__init__(client, place)
        self.commands = info.commands
        self.tells_position = info.tells_position
        self._channel = channel
        self._kind = info.kind

    @override
    async def async_command(self, command: BarrierCommand) -> None:
        """Send a command once."""
        await async_command_barrier(self._client, self._channel, self._kind, command)
        for listener in self._listeners:
            listener()

    @override
    async def async_position(self) -> BarrierPosition | None:
        """Ask the device."""
        if self.tells_position:
            return await self._async_ask(
                async_get_position(self._client, self._channel)
            )
        await self._async_ask(async_stay_logged_in(self._client))
        return None


class RelayBarrier(_AtDevice):
    """Open by a pulse of an alarm output, as most gate boards take it."""

    commands = frozenset[BarrierCommand]({"open"})
    tells_position = False

    def __init__(
        self, client: IsapiClient, relay: Relay, seconds: float, place: str
    ) -> None:
        """Prepare for an output of a device, and how long it is set."""
        super().__init__(client, place)
        self.relay = relay
        self._seconds = seconds

    @override
    async def async_command(self, command: BarrierCommand) -> None:
        """Begin a pulse; one that goes on is not begun anew."""
        await self.relay.async_pulse(self._seconds)

    @override
    async def async_position(self) -> BarrierPosition | None:
        """Tell nothing: a relay does not see the gate."""
        await self._async_ask(async_stay_logged_in(self._client))
        return None
