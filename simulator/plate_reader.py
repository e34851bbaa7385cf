"""Read the plates of passing vehicles: draw, keep in the table, and report them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from . import events
from .device import Device
from .faults import Fault
from .identity import event_uuid, picture_id
from .message import Alert, alert_parts
from .multipart import Part
from .passage import Facts, Passage, Picture
from .pictures import Subject


@dataclass(slots=True)
class PlateReader:
    """Do what the device does with every vehicle that passes.

    Attributes:
        passages: Every passage so far.
        missed: The passages that no stream was told of, since nobody was armed.
    """

    device: Device
    passages: list[Passage] = field(default_factory=list)
    missed: list[Passage] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make what is posted late."""
        self.device.listening.late = self._late
        if self.device.profile.reads_when_told:
            self.device.recognize = self.recognize

    async def read(
        self,
        plate: str | None,
        pictures: Sequence[str] | None,
        captured_at: datetime | None,
        uuid: str | None,
        facts: Facts,
    ) -> Passage:
        """Read the plate of a vehicle; see SimulatedCamera.vehicle_passes."""
        device = self.device
        passage = await self._see(plate, pictures, captured_at, uuid, facts)
        if device.reads_plates:
            device.switch_linked_outputs(passage.list_name)
            self._report(passage)
        return passage

    async def recognize(self) -> Sequence[Part]:
        """Read the plate of the vehicle that stands there; nobody else is told."""
        device = self.device
        passage = await self._see(device.standing, None, None, None, Facts())
        return alert_parts(device.profile, device.faults, self._alert(passage))

    async def _see(
        self,
        plate: str | None,
        pictures: Sequence[str] | None,
        captured_at: datetime | None,
        uuid: str | None,
        facts: Facts,
    ) -> Passage:
        """Read a plate, and keep it in the table."""
        device = self.device
        if device.profile.dialect is None:
            raise ValueError(f"{device.profile.model} reads no plates")
        device.vehicles += 1
        if "list_name" not in facts and (listed := device.plate_list.fact(plate)):
            facts = Facts(**facts, list_name=listed)
        moment = device.clock.at(captured_at) if captured_at else device.clock.now()
        shown = [Picture(name) for name in pictures or ()]
        if pictures is None:
            shown = list(device.profile.pictures)
        drawn = await self._draw(plate, moment, facts)
        passage = Passage(
            uuid=uuid or event_uuid(device.profile, moment, device.chance),
            plate=plate or "unknown",
            captured_at=moment,
            index=device.vehicles,
            pictures=tuple(shown),
            picture_ids={name: self._picture_id(moment) for name in shown},
            jpegs={name: drawn[name] for name in shown},
            **facts,
        )
        self.passages.append(passage)
        if device.reads_plates:
            device.plates.keep(passage, device.clock, drawn[Picture.PLATE])
            device.gallery.keep(1, passage, drawn)
        return passage

    def complete(self, passage: Passage) -> None:
        """Send the second message of a passage that was sent with has_more_data."""
        if self.device.reads_plates and self.device.tells_centre:
            self._tell(replace(passage, has_more_data=False))

    def missed_messages(self) -> list[list[Part]]:
        """Return what is uploaded at once to who arms the device (reference 2.4).

        That is nothing, unless a fault says otherwise; missed passages are forgotten
        in any case, for the alert stream.
        """
        missed, self.missed = self.missed, []
        if not missed:
            return []
        faults = self.device.faults
        marked = faults.strikes(Fault.MISSED_RETRANSMITTED)
        if not marked and not faults.strikes(Fault.MISSED_UNMARKED):
            return []
        alerts = [self._alert(_again(passage, marked=marked)) for passage in missed]
        return [alert_parts(self.device.profile, faults, alert) for alert in alerts]

    def _late(self, passage: Passage) -> Alert:
        """Return what is posted to a host that did not take a passage at once."""
        marked = Fault.MISSED_UNMARKED not in self.device.faults
        return self._alert(_again(passage, marked=marked))

    def _report(self, passage: Passage) -> None:
        """Tell everyone of a passage, and remember it when nobody is armed.

        Recorders follow the detection itself, whatever is linked to the centre.
        """
        device = self.device
        for forward in device.forwards:
            forward(passage)
        if not device.tells_centre:
            return
        armed = device.streams.count > 0
        if armed or device.listening.slots.in_use:
            self._tell(passage)
        if not armed:
            self.missed.append(passage)

    def _tell(self, passage: Passage) -> None:
        """Tell of a passage, as often as the faults say."""
        twice = self.device.faults.strikes(Fault.DUPLICATE_EVENT)
        for _ in range(2 if twice else 1):
            self.device.tell(self._alert(passage))

    def _alert(self, passage: Passage) -> Alert:
        """Return the event of a passage."""
        device = self.device
        device.alarms += 1
        document = events.anpr_event(
            device.profile, device.clock, passage, device.alarms
        )
        if device.faults.strikes(Fault.GLUED_DOCUMENTS):
            document = events.heartbeat(device.profile, device.clock) + document
        return Alert(document=document, passage=passage)

    def _picture_id(self, moment: datetime) -> str:
        """Return a new pId."""
        return picture_id(self.device.profile, moment, self.device.chance)

    async def _draw(
        self, plate: str | None, moment: datetime, facts: Facts
    ) -> Mapping[Picture, bytes]:
        """Return the pictures of a vehicle."""
        lane, name = facts.get("lane", 1), self.device.profile.device_name
        subject = Subject(
            plate=plate or "8B1 0OD",
            readable=plate is not None,
            moment=moment,
            caption=f"{name}  Lane {lane}  {plate or ''}",
            color=facts.get("color", "white"),
            plate_color=facts.get("plate_color", "white"),
        )
        painter = self.device.painter
        return await self.device.draw(lambda: painter.passage(subject))


def _again(passage: Passage, *, marked: bool) -> Passage:
    """Return a passage as it is uploaded late: whole, and marked or not."""
    retransmitted = marked or passage.retransmitted
    return replace(passage, retransmitted=retransmitted, has_more_data=False)
