"""One Hikvision camera on loopback: start it, let vehicles pass, watch what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
import ssl
from typing import Final, Unpack

from aiohttp import web

from . import events
from .alert_stream import AlertStreams
from .clock import DeviceClock
from .device import Device, LoggedRequest
from .digest import DigestGuard, User
from .document import Tree
from .faults import Fault, Faults
from .identity import event_uuid, picture_id
from .message import event_parts
from .multipart import XML_TYPE, Part
from .passage import Facts, Passage, Picture
from .pictures import Painter, PictureSettings, Subject
from .profiles import DEEPINVIEW, Profile
from .server import application

USERNAME: Final = "admin"
PASSWORD: Final = "plates-4-all"


class SimulatedCamera:
    """A camera that answers on loopback and reads the plates it is told to read.

    Attributes:
        device: Its whole state, for what has no method here.
        faults: What it does wrong; may be changed while it runs.
        clock: Its clock.
        guard: Its accounts and their lock.
    """

    def __init__(
        self,
        profile: Profile = DEEPINVIEW,
        *,
        username: str = USERNAME,
        password: str = PASSWORD,
        heartbeat_seconds: float = 10,
        stream_slots: int | None = None,
        pictures: PictureSettings | None = None,
        seed: int | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Describe the camera; it answers once it is started.

        Args:
            profile: The model.
            username: Its administrator.
            password: The administrator's password.
            heartbeat_seconds: Silence after which a heartbeat is sent.
            stream_slots: Alert streams served at once; the profile's by default.
            pictures: How pictures are drawn; the profile's scene size by default.
            seed: Makes identities repeatable.
            ssl_context: Serves TLS with this certificate.
        """
        self.username, self.password = username, password
        self.faults = Faults()
        self.clock = DeviceClock(faults=self.faults)
        self.guard = DigestGuard(
            realm=profile.realm,
            users={username: User(name=username, password=password)},
        )
        streams = AlertStreams(
            self.faults,
            self._heartbeat,
            stream_slots or profile.stream_slots,
            heartbeat_seconds,
        )
        self.device = Device(
            profile=profile,
            faults=self.faults,
            clock=self.clock,
            guard=self.guard,
            streams=streams,
            painter=Painter(pictures or PictureSettings(scene=profile.scene_size)),
            chance=Random(seed),
            inputs=dict.fromkeys(range(1, profile.inputs + 1), False),
            outputs=dict.fromkeys(range(1, profile.outputs + 1), False),
        )
        self.passages: list[Passage] = []
        self._ssl_context = ssl_context
        self._host = ""
        self._runner: web.AppRunner | None = None

    @property
    def profile(self) -> Profile:
        """Return the camera's model."""
        return self.device.profile

    @property
    def port(self) -> int:
        """Return the port on which the camera answers."""
        return self.device.port

    @property
    def url(self) -> str:
        """Return the camera's address, without a slash at its end."""
        scheme = "https" if self._ssl_context else "http"
        return f"{scheme}://{self._host}:{self.port}"

    @property
    def requests(self) -> Sequence[LoggedRequest]:
        """Return every request so far, in the order of their answers."""
        return self.device.requests

    @property
    def open_streams(self) -> int:
        """Return the number of alert streams that are open."""
        return self.device.streams.count

    @property
    def stream_opens(self) -> int:
        """Return how often an alert stream was opened."""
        return self.device.streams.opened

    @property
    def failed_logins(self) -> int:
        """Return the number of wrong logins so far."""
        return self.guard.failures

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Answer on this address; port 0 takes a free one.

        Raises:
            OSError: The port is taken.
        """
        self._host = host
        self._runner = web.AppRunner(
            application(self.device),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=1,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, ssl_context=self._ssl_context)
        await site.start()
        self.device.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """End every connection and answer no more; start takes it up again."""
        self.device.streams.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.device.close()

    async def wait_for_stream(self, count: int = 1) -> None:
        """Wait until at least so many alert streams are open."""
        await self.device.streams.wait_open(count)

    async def wait_for_no_stream(self) -> None:
        """Wait until no alert stream is open."""
        await self.device.streams.wait_closed()

    async def drain(self) -> None:
        """Wait until every event was handed to the network."""
        await self.device.streams.drain()

    async def vehicle_passes(
        self,
        plate: str | None = "AB123CD",
        *,
        pictures: Sequence[str] | None = None,
        captured_at: datetime | None = None,
        uuid: str | None = None,
        **facts: Unpack[Facts],
    ) -> Passage:
        """Let a vehicle pass: send its event, with pictures, to whoever is armed.

        Nothing is sent while vehicle detection is off (reference 7.1).

        Args:
            plate: What is read; None for a plate that cannot be read.
            pictures: Which of plate, scene and vehicle; the profile's by default.
            captured_at: The true moment, with a zone; now by default.
            uuid: The event's identity; a new one by default.
            **facts: What else is said about the vehicle; see Passage.

        Raises:
            ValueError: This camera reads no plates.
        """
        device = self.device
        if device.profile.dialect is None:
            raise ValueError(f"{device.profile.model} reads no plates")
        device.vehicles += 1
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
        self._send_passage(passage)
        return passage

    async def passage_completes(self, passage: Passage) -> None:
        """Send the second message of a passage that was sent with has_more_data."""
        self._send_passage(replace(passage, has_more_data=False))

    def send_event(
        self,
        event_type: str,
        *,
        state: str = "active",
        count: int = 1,
        extra: Tree | None = None,
    ) -> None:
        """Send an event of another kind, such as IO, VMD or videoloss.

        Args:
            event_type: The eventType as on the wire.
            state: active or inactive.
            count: The activePostCount.
            extra: Elements that follow, such as {"inputIOPortID": "1"}.
        """
        body = events.state_event(
            self.profile, self.clock, event_type, state=state, count=count, extra=extra
        )
        self.device.streams.send([Part(body=body)])

    def send_document(self, document: bytes, *, content_type: str = XML_TYPE) -> None:
        """Send a document of the caller's own as one part."""
        self.device.streams.send([Part(body=document, content_type=content_type)])

    def send_raw(self, data: bytes) -> None:
        """Send bytes of the caller's own, framed by nobody; they must not be empty."""
        self.device.streams.send(data)

    def drop_streams(self) -> None:
        """End every alert stream, as a reboot does."""
        self.device.streams.close()

    def _heartbeat(self) -> list[Part]:
        """Return the message that says "still here"."""
        return [Part(body=events.heartbeat(self.profile, self.clock))]

    def _picture_id(self, moment: datetime) -> str:
        """Return a new pId."""
        return picture_id(self.profile, moment, self.device.chance)

    async def _draw(
        self, plate: str | None, moment: datetime, facts: Facts
    ) -> Mapping[Picture, bytes]:
        """Return the pictures of a vehicle."""
        lane, name = facts.get("lane", 1), self.profile.device_name
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

    def _send_passage(self, passage: Passage) -> None:
        """Send a passage's message, as often as the faults say."""
        if not self.device.reads_plates:
            return
        for _ in range(2 if self.faults.strikes(Fault.DUPLICATE_EVENT) else 1):
            self.device.streams.send(self._message(passage))

    def _message(self, passage: Passage) -> list[Part]:
        """Return the parts of a passage's message."""
        device = self.device
        device.alarms += 1
        document = events.anpr_event(
            device.profile, device.clock, passage, device.alarms
        )
        if self.faults.strikes(Fault.GLUED_DOCUMENTS):
            document = events.heartbeat(device.profile, device.clock) + document
        if passage.has_more_data:
            return [Part(body=document)]
        return event_parts(device.profile, self.faults, document, passage)
