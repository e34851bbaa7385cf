"""The state of one simulated device, shared by its server and its driver."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

from .alert_stream import AlertStreams
from .barrier import Barrier
from .clock import DeviceClock
from .configuration import Configuration, parse, text_of
from .digest import DigestGuard
from .faults import Fault, Faults
from .footage import Footage
from .gallery import Gallery
from .listening.client import ListeningClient
from .message import Alert, alert_parts
from .multipart import Part
from .passage import Passage
from .pictures import Painter
from .plate_list import PlateList
from .plates_table import PlatesTable
from .profiles import Profile
from .recorder import Recorder
from .schedule import covers

VEHICLE_DETECT = "/ISAPI/Traffic/channels/1/vehicleDetect"
TRIGGERS = "/ISAPI/Event/triggers"
VEHICLE_TRIGGER = f"{TRIGGERS}/vehicledetection-1"
MIXED_TRIGGER = f"{TRIGGERS}/HVTVehicleDetection-1"
MIXED_SCHEDULE = "/ISAPI/Event/schedules/HVTVehicleDetects/HVTVehicleDetection-1"
VEHICLE_SCHEDULES = "/ISAPI/Event/schedules/vehicledetects"
SCHEDULE_FOLDERS = {
    "vehicledetection": VEHICLE_SCHEDULES,
    "whiteList": "/ISAPI/Event/schedules/whiteList",
    "blackList": "/ISAPI/Event/schedules/blackList",
}
VCA_RESOURCE = "/ISAPI/System/Video/inputs/channels/1/VCAResource"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """Record one request and how it was answered."""

    method: str
    path: str
    query: str
    body: bytes
    user: str
    status: int


@dataclass(slots=True, kw_only=True)
class Device:
    """Hold everything that one device knows and does.

    Attributes:
        listening: Its listening hosts, and what is posted to them.
        plates: The plates that it read, for who asks later.
        plate_list: Its own list of plates that may enter, or may not.
        port: Where it listens; 0 before it starts.
        inputs: State of its alarm inputs by number, true when active.
        outputs: State of its relays by number, true when active.
        alarms: Alarms sent since the device started.
        vehicles: Vehicles seen since the device started.
        reboots: How often it rebooted.
        booting: Whether it is away because it reboots.
        requests: Every request so far, in order.
        barrier: The boom gate at its relay, if it has one.
        recorder: The cameras behind it, if it is a recorder.
        footage: What it has recorded.
        gallery: The pictures of vehicles that it has stored.
        card_status: How its memory card is; None where it has none.
        share_status: How the network share is that it records on; None where it has none.
        rtsp_port: Where it plays its streams.
        forwards: What recorders do with each passage of this camera.
        displays: What its LED display shows, by scene, where that was written.
        spoken: What it was told to say.
        standing: The plate of the vehicle that stands before it.
        recognize: Reads that plate now, and returns the event; None where it cannot.
    """

    profile: Profile
    faults: Faults
    clock: DeviceClock
    guard: DigestGuard
    streams: AlertStreams
    listening: ListeningClient
    painter: Painter
    chance: Random
    plates: PlatesTable
    plate_list: PlateList
    configuration: Configuration = field(default_factory=Configuration)
    port: int = 0
    inputs: dict[int, bool] = field(default_factory=dict)
    outputs: dict[int, bool] = field(default_factory=dict)
    alarms: int = 0
    vehicles: int = 0
    reboots: int = 0
    booting: bool = False
    requests: list[LoggedRequest] = field(default_factory=list)
    barrier: Barrier | None = None
    recorder: Recorder | None = None
    footage: Footage = field(default_factory=Footage)
    gallery: Gallery = field(default_factory=Gallery)
    card_status: str | None = "ok"
    share_status: str | None = None
    rtsp_port: int = 554
    forwards: list[Callable[[Passage], None]] = field(default_factory=list)
    displays: dict[int, dict[str, Any]] = field(default_factory=dict)
    spoken: list[str] = field(default_factory=list)
    standing: str | None = None
    recognize: Callable[[], Awaitable[Sequence[Part]]] | None = None
    _studio: ThreadPoolExecutor | None = None

    @property
    def reads_plates(self) -> bool:
        """Tell whether the camera is up, in its mode, and vehicle detection is on.

        A camera whose VCA resource is another one stays silent although vehicle
        detection is enabled (reference 7.1).
        """
        if self.profile.dialect is None or self.booting:
            return False
        enabled = self._setting(VEHICLE_DETECT, "enabled", "true")
        resource = self._setting(VCA_RESOURCE, "type", self.profile.vca_resource)
        return enabled == "true" and resource == self.profile.vca_resource

    @property
    def tells_centre(self) -> bool:
        """Tell whether vehicle detection is linked to the surveillance centre, and armed.

        Without that link, or outside the schedule, plates are read, but nobody is told
        (reference 3.3).
        """
        if not self._is_armed("vehicledetection"):
            return False
        body = self.configuration.get(VEHICLE_TRIGGER, lambda: b"")
        if not body:
            return self.profile.linked_to_centre
        methods = parse(body).iter("{*}notificationMethod")
        return any((method.text or "").strip() == "center" for method in methods)

    def switch_linked_outputs(self, listed: str | None) -> None:
        """Switch the outputs that are linked to a vehicle; they stay so (trap 73)."""
        triggers = ["vehicledetection"]
        if word := {"allow": "whiteList", "block": "blackList"}.get(listed or ""):
            triggers.append(word)
        for trigger in filter(self._is_armed, triggers):
            for number in self._linked_outputs(trigger):
                self.outputs[number] = True

    def _is_armed(self, trigger: str) -> bool:
        """Tell whether the schedule of a trigger holds this moment."""
        path = f"{SCHEDULE_FOLDERS[trigger]}/{self.profile.schedule_id(trigger)}"
        schedule = self.configuration.get(path, lambda: b"")
        return not schedule or covers(schedule, self.clock.now())

    def _linked_outputs(self, trigger: str) -> list[int]:
        """Return the outputs that are linked to a trigger."""
        body = self.configuration.get(f"{TRIGGERS}/{trigger}-1", lambda: b"")
        if not body:
            linked = self.profile.linked_outputs.get(trigger)
            return [linked] if linked else []
        ports = parse(body).iter("{*}outputIOPortID")
        return [int(port.text) for port in ports if port.text]

    def tell(self, alert: Alert) -> None:
        """Send an alert to who is armed, and post it to who listens."""
        if self.streams.count:
            self.streams.send(alert_parts(self.profile, self.faults, alert))
        self.listening.post(alert)

    async def draw[T](self, draw: Callable[[], T]) -> T:
        """Return what the painter draws, without holding up the event loop."""
        self._studio = self._studio or ThreadPoolExecutor(1, "simulator-painter")
        return await asyncio.get_running_loop().run_in_executor(self._studio, draw)

    def reboot(self) -> None:
        """Start anew: streams end, counters begin again, pending settings count.

        Nonces given out before are stale ones; the plates stay, unless lost.
        """
        self.reboots += 1
        self.alarms = self.vehicles = 0
        self.clock.restart()
        self.guard.expire_nonces()
        if self.faults.strikes(Fault.PLATES_LOST_AT_REBOOT):
            self.plates.rows.clear()
        if self.faults.strikes(Fault.HOSTS_LOST_AT_REBOOT):
            self.listening.slots.clear()
        self.configuration.reboot()
        self.streams.close()

    def close(self) -> None:
        """Let the painter go."""
        if self._studio is not None:
            self._studio.shutdown()
            self._studio = None

    def _setting(self, path: str, name: str, default: str) -> str:
        """Return one value of a stored document."""
        body = self.configuration.get(path, lambda: b"")
        value = text_of(parse(body), name) if body else None
        return default if value is None else value
