"""Know what can be moved for a channel: a device's barrier, or a relay."""

from typing import Protocol, override

from ..isapi.barrier import (
    BarrierCommand,
    BarrierInfo,
    BarrierPosition,
    async_command_barrier,
    async_get_position,
)
from ..isapi.client import IsapiClient
from .relay import Relay


class Barrier(Protocol):
    """Move something that lets vehicles pass.

    A command that was sent was taken by the device; whether anything moved, only
    the position tells. No command is sent twice.
    """

    commands: frozenset[BarrierCommand]
    tells_position: bool

    async def async_command(self, command: BarrierCommand) -> None:
        """Send a command. Raises the family of IsapiError, or HomeAssistantError."""

    async def async_position(self) -> BarrierPosition | None:
        """Return where it is, None where nobody knows. Raises IsapiError."""


class DeviceBarrier(Barrier):
    """Move a barrier by the commands that its device has for it."""

    def __init__(self, client: IsapiClient, channel: int, info: BarrierInfo) -> None:
        """Prepare for the barrier of a channel."""
        self.commands = info.commands
        self.tells_position = info.tells_position
        self._client = client
        self._channel = channel
        self._kind = info.kind

    @override
    async def async_command(self, command: BarrierCommand) -> None:
        """Send a command once."""
        await async_command_barrier(self._client, self._channel, self._kind, command)

    @override
    async def async_position(self) -> BarrierPosition | None:
        """Ask the device."""
        if not self.tells_position:
            return None
        return await async_get_position(self._client, self._channel)


class RelayBarrier(Barrier):
    """Open by a pulse of an alarm output, as most gate boards take it."""

    commands = frozenset[BarrierCommand]({"open"})
    tells_position = False

    def __init__(self, relay: Relay, seconds: float) -> None:
        """Prepare for an output, and how long it is set."""
        self.relay = relay
        self._seconds = seconds

    @override
    async def async_command(self, command: BarrierCommand) -> None:
        """Begin a pulse; one that goes on is not begun anew."""
        await self.relay.async_pulse(self._seconds)

    @override
    async def async_position(self) -> BarrierPosition | None:
        """Tell nothing: a relay does not see the gate."""
        return None
