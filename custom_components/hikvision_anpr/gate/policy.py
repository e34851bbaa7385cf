"""Decide whether a vehicle may enter; nothing here moves anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ..const import CONTROL_CAMERA, CONTROL_MIXED, ROLE_ENTRY, ROLE_EXIT
from ..intake.passage import GateDecision, Passage

type Reason = Literal[
    "allowed",
    "barrier_unknown",
    "blocked",
    "camera_decides",
    "camera_opens",
    "confidence_too_low",
    "cool_down",
    "late",
    "more_reads_needed",
    "not_listed",
    "register_closed",
    "unreadable",
    "wrong_direction",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Hold what a channel asks of a vehicle before the gate opens.

    `control` and `role` are the options of the same names; `min_confidence` is a
    percentage, `required_reads` how many reads have to agree on the plate. While the
    register of vehicles is not open, nobody knows whom it blocks; while a device has
    not said whether it has a barrier, nothing can be sent.
    """

    control: str
    role: str
    min_confidence: int = 0
    required_reads: int = 1
    is_register_open: bool = True
    is_barrier_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Hold what is decided, and why; a verdict's own reasons come first."""

    decision: GateDecision
    reasons: tuple[str, ...]


LATE: Final = Decision(decision="none", reasons=("late",))


def decide(
    passage: Passage, rules: Rules, *, agreeing_reads: int, just_opened: bool
) -> Decision:
    """Return whether a judged passage opens the gate.

    A gate opens for a live read of a vehicle on the allow list, and only where nothing
    speaks against it. `just_opened`: the gate has opened for this vehicle moments ago.
    """
    known = passage.verdict.reasons if passage.verdict else ()
    if not passage.live:
        return Decision(decision="none", reasons=(*known, *LATE.reasons))
    if rules.control == CONTROL_CAMERA:
        return Decision(decision="none", reasons=(*known, "camera_decides"))
    if against := tuple(_objections(passage, rules, agreeing_reads)):
        return Decision(
            decision="deny", reasons=tuple(dict.fromkeys((*known, *against)))
        )
    if rules.control == CONTROL_MIXED and passage.device_list == "allow":
        return Decision(decision="none", reasons=("allowed", "camera_opens"))
    if not rules.is_barrier_known:
        return Decision(decision="none", reasons=("allowed", "barrier_unknown"))
    if just_opened:
        return Decision(decision="none", reasons=("allowed", "cool_down"))
    return Decision(decision="open", reasons=("allowed",))


def _objections(
    passage: Passage, rules: Rules, agreeing_reads: int
) -> Iterator[Reason]:
    """Yield what speaks against opening."""
    read = passage.read
    if not rules.is_register_open:
        yield "register_closed"
    if read.is_unreadable:
        yield "unreadable"
    elif passage.list == "block":
        yield "blocked"
    elif passage.list != "allow":
        yield "not_listed"
    if rules.min_confidence and (read.confidence or 0) < rules.min_confidence:
        yield "confidence_too_low"
    if rules.role in {ROLE_ENTRY, ROLE_EXIT} and read.direction == "reverse":
        yield "wrong_direction"
    if agreeing_reads < rules.required_reads:
        yield "more_reads_needed"
