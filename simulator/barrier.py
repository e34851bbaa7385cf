"""A boom gate at a camera's relay, with the ways in which such gates mislead."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class BarrierInterface(StrEnum):
    """Name the two ways in which devices take commands (reference 6.1, 6.2)."""

    PARKING = "parking"
    ITC = "itc"


#: What ITC calls the commands.
ITC_WORDS: Final = {"on": "open", "off": "close", "stop": "stop", "locked": "lock"}

_PARKING_WORDS: Final = frozenset({"open", "close", "lock", "unlock"})


@dataclass(slots=True, kw_only=True)
class Barrier:
    """Hold a barrier's state, and every command that its device took.

    Attributes:
        interface: Which commands the device has.
        wired: Whether the device knows the barrier's position.
        locked: A locked barrier does not move, though the command is accepted.
        is_open: Where the boom really is.
        commands: What was commanded, moved or not.
        control_mode: Who decides: 0 the camera, 1 a platform, 2 both.
    """

    interface: BarrierInterface = BarrierInterface.PARKING
    wired: bool = True
    locked: bool = False
    is_open: bool = False
    commands: list[str] = field(default_factory=list)
    control_mode: int = 1

    def take(self, command: str) -> bool:
        """Take a command; tell whether it is one."""
        known = (
            _PARKING_WORDS
            if self.interface is BarrierInterface.PARKING
            else ITC_WORDS.values()
        )
        if command not in known:
            return False
        self.commands.append(command)
        if command in {"lock", "unlock"}:
            self.locked = command == "lock"
        elif command in {"open", "close"} and not self.locked:
            self.is_open = command == "open"
        return True

    @property
    def status(self) -> int:
        """Return 0 for no signal, 1 for closed, 2 for open."""
        if not self.wired:
            return 0
        return 2 if self.is_open else 1
