"""Set up the gates of a device."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .centre import async_get_centre
from .channel_options import channel_options
from .const import (
    CONTROL_CAMERA,
    CONTROL_HOME_ASSISTANT,
    DOMAIN,
    ROLE_BY_DIRECTION,
    ROLE_ENTRY,
    ROLE_EXIT,
)
from .gate.barrier import Barrier, DeviceBarrier, RelayBarrier
from .gate.control import GateControl
from .gate.policy import Rules
from .intake.passage import MovementName, Passage
from .isapi.client import IsapiClient
from .isapi.entrance_param import async_opens_by_itself
from .isapi.linked_outputs import LinkedOutputs, async_get_linked_outputs
from .isapi.plate_read import PlateRead

_BY_DIRECTION: Final[dict[str, MovementName]] = {"forward": "entry", "reverse": "exit"}
_BY_ROLE: Final[dict[str, MovementName]] = {ROLE_ENTRY: "entry", ROLE_EXIT: "exit"}


class Gates:
    """Judge and decide the passages of a device, by the options of its channels."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin without barriers: the platform that finds them brings them."""
        self.finding = asyncio.Lock()
        self.are_found = False
        self.unknown: set[int] = set()
        """The channels of which the device has not said whether they have a barrier."""
        self._opens_by_itself: bool | None = None
        self._linked: dict[int, LinkedOutputs] = {}
        self._hass = hass
        self._entry = entry
        self._centre = async_get_centre(hass)
        self._control = GateControl(
            self._rules, self._cool_down, self._centre.openings, self._run, self._tell
        )

    @property
    def barriers(self) -> dict[int, Barrier]:
        """Return what is moved for each channel."""
        return self._control.barriers

    @property
    def command_device(self) -> bool:
        """Tell whether it is the device that is told to open for those who may enter."""
        return any(
            isinstance(barrier, DeviceBarrier | RelayBarrier)
            and self._rules(channel).control != CONTROL_CAMERA
            for channel, barrier in self.barriers.items()
        )

    @callback
    def take(self, passage: Passage, read: PlateRead, *, live: bool) -> Passage:
        """Return a passage judged and decided; where the gate opens, it is told to."""
        chosen = channel_options(self._entry.options, passage.read.channel)
        placed = replace(
            passage,
            area=chosen.area or None,
            movement=movement_of(chosen.direction_role, passage),
        )
        judged = replace(placed, verdict=self._centre.judge(placed))
        return self._control.take(judged, read, live=live)

    async def async_check(self, client: IsapiClient) -> None:
        """Show in the repairs that a device opens beside Home Assistant.

        Raises the errors of the client.
        """
        kinds = [type(barrier) for barrier in self.barriers.values()]
        if DeviceBarrier in kinds:
            self._opens_by_itself = await async_opens_by_itself(client)
        for channel, barrier in self.barriers.items():
            if isinstance(barrier, DeviceBarrier | RelayBarrier):
                self._linked[channel] = await async_get_linked_outputs(client, channel)
        self.async_show_rival()

    @callback
    def async_show_rival(self) -> None:
        """Show or take back that the device opens, too, though it should not."""
        is_alone = any(
            self._rules(channel).control == CONTROL_HOME_ASSISTANT
            for channel in self.barriers
        )
        self._show(
            "camera_opens_too", is_wrong=bool(self._opens_by_itself) and is_alone
        )
        outputs = {one for channel in self.barriers for one in self._rivals(channel)}
        self._show(
            "output_opens_too",
            is_wrong=bool(outputs),
            outputs=", ".join(map(str, sorted(outputs))),
        )

    def _rivals(self, channel: int) -> frozenset[int]:
        """Return the outputs by which the device may open for whom it should not.

        Where both decide, the device may let in whom it has on its list. Which output
        moves a device's own barrier is not known: each may.
        """
        control = self._rules(channel).control
        linked = self._linked.get(channel)
        if linked is None or control == CONTROL_CAMERA:
            return frozenset()
        outputs = linked.for_everybody
        if control == CONTROL_HOME_ASSISTANT:
            outputs |= linked.for_listed
        barrier = self.barriers[channel]
        return (
            outputs & {barrier.relay.output}
            if isinstance(barrier, RelayBarrier)
            else outputs
        )

    def _show(self, key: str, *, is_wrong: bool, **placeholders: str) -> None:
        """Show or take back that the device opens, too."""
        issue = f"{key}_{self._entry.entry_id}"
        if not is_wrong:
            ir.async_delete_issue(self._hass, DOMAIN, issue)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=key,
            translation_placeholders={
                "name": self._entry.title,
                "host": self._entry.data[CONF_HOST],
                **placeholders,
            },
        )

    def _rules(self, channel: int) -> Rules:
        """Return what a channel asks of a vehicle before the gate opens."""
        chosen = channel_options(self._entry.options, channel)
        return Rules(
            control=chosen.gate_control,
            role=chosen.direction_role,
            min_confidence=chosen.min_confidence,
            required_reads=chosen.required_reads,
            is_register_open=self._centre.judge_of is not None,
            is_barrier_known=channel not in self.unknown,
        )

    def _cool_down(self, channel: int) -> float:
        """Return for how long a gate does not open again for the same vehicle."""
        return channel_options(self._entry.options, channel).cool_down_seconds

    def _run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a command to its end, also where the entry is unloaded meanwhile."""
        self._entry.async_create_task(self._hass, work, f"{DOMAIN} {name}")

    @callback
    def _tell(self, channel: int, error: Exception | None) -> None:
        """Show a gate that did not take its last command in the repairs."""
        issue = f"gate_not_opened_{self._entry.entry_id}_{channel}"
        if error is None:
            ir.async_delete_issue(self._hass, DOMAIN, issue)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="gate_not_opened",
            translation_placeholders={
                "name": self._entry.title,
                "host": self._entry.data[CONF_HOST],
                "channel": str(channel),
            },
        )


def movement_of(role: str, passage: Passage) -> MovementName | None:
    """Return what passing a channel means for the area behind it.

    Who drives away from the camera at an entry, or at an exit, turns back.
    """
    direction = passage.read.direction
    if role == ROLE_BY_DIRECTION:
        return _BY_DIRECTION.get(direction)
    if direction == "reverse":
        return None
    return _BY_ROLE.get(role)
