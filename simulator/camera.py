"""One Hikvision camera on loopback: start it, let vehicles pass, watch what is asked."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
import ssl
from typing import Final, Unpack

from aiohttp import web

from . import events
from .alert_stream import AlertStreams
from .barrier import Barrier
from .clock import DeviceClock
from .device import Device, LoggedRequest
from .digest import DigestGuard, User
from .document import Tree
from .faults import Faults
from .listening.client import ListeningClient
from .listening.settings import ListeningSettings
from .message import Alert
from .multipart import XML_TYPE, Part
from .passage import Facts, Passage
from .pictures import Painter, PictureSettings
from .plate_list import ListDialect, PlateList
from .plate_reader import PlateReader
from .plates_table import KeptPlate, PlatesSettings, PlatesTable
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
        listening: Its listening hosts, and what was posted to them.
        host: The address that it answers on, once it is started.
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
        plates: PlatesSettings | None = None,
        listening: ListeningSettings | None = None,
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
            plates: Its table of the plates that it read; the profile's by default.
            listening: Its httpHosts, and how it posts; the profile's by default.
            seed: Makes identities repeatable.
            ssl_context: Serves TLS with this certificate.
        """
        profile = replace(
            profile,
            plates=plates or profile.plates,
            listening=listening or profile.listening,
        )
        self.username, self.password = username, password
        self.faults = Faults()
        self.clock = DeviceClock(faults=self.faults)
        self.guard = DigestGuard(
            realm=profile.realm,
            users={username: User(name=username, password=password)},
        )
        self.listening = ListeningClient(profile, self.faults)
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
            listening=self.listening,
            painter=Painter(pictures or PictureSettings(scene=profile.scene_size)),
            chance=Random(seed),
            plates=PlatesTable(profile.plates),
            plate_list=PlateList(
                dialect=profile.list_dialect or ListDialect.DEEPINVIEW,
                capacity=profile.plate_list_capacity,
            ),
            inputs=dict.fromkeys(range(1, profile.inputs + 1), False),
            outputs=dict.fromkeys(range(1, profile.outputs + 1), False),
        )
        if profile.barrier is not None:
            self.device.barrier = Barrier(interface=profile.barrier)
        self._reader = PlateReader(self.device)
        streams.greeting = self._reader.missed_messages
        self._ssl_context = ssl_context
        self.host = "127.0.0.1"
        self._runner: web.AppRunner | None = None
        self._power = asyncio.Lock()

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
        return f"{scheme}://{self.host}:{self.port}"

    @property
    def requests(self) -> Sequence[LoggedRequest]:
        """Return every request so far, in the order of their answers."""
        return self.device.requests

    @property
    def passages(self) -> Sequence[Passage]:
        """Return every passage so far."""
        return self._reader.passages

    @property
    def missed(self) -> Sequence[Passage]:
        """Return the passages that happened while no alert stream was open."""
        return self._reader.missed

    @property
    def plates(self) -> Sequence[KeptPlate]:
        """Return the table of the plates that were read, in the order of reading."""
        return self.device.plates.rows

    @property
    def barrier(self) -> Barrier:
        """Return the camera's barrier.

        Raises:
            ValueError: It has none.
        """
        if self.device.barrier is None:
            raise ValueError(f"{self.profile.model} has no barrier")
        return self.device.barrier

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
        self.host = host
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
        self.listening.open(host)

    async def stop(self) -> None:
        """End every connection, answer and post no more; start takes it up again.

        The camera itself stays on: vehicles that pass now are in its table of plates.
        """
        self.device.streams.close()
        await self.listening.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.device.close()

    async def reboot(self, seconds: float = 0) -> None:
        """Go away as a reboot does, and answer again on the same port after a while.

        Vehicles that pass meanwhile are not read. Counters and nonces begin anew; the
        table of plates stays, unless a fault says otherwise.

        Args:
            seconds: How long the port is closed.

        Raises:
            OSError: Somebody else took the port.
        """
        async with self._power:
            self.device.booting = True
            self.device.reboot()
            try:
                await self.stop()
                await asyncio.sleep(seconds)
                await self.start(self.host, self.port)
            finally:
                self.device.booting = False

    async def wait_for_stream(self, count: int = 1) -> None:
        """Wait until at least so many alert streams are open."""
        await self.device.streams.wait_open(count)

    async def wait_for_no_stream(self) -> None:
        """Wait until no alert stream is open."""
        await self.device.streams.wait_closed()

    async def drain(self) -> None:
        """Wait until every event was handed to the network, and hosts have answered."""
        await self.device.streams.drain()
        await self.listening.drain()

    async def vehicle_passes(
        self,
        plate: str | None = "AB123CD",
        *,
        pictures: Sequence[str] | None = None,
        captured_at: datetime | None = None,
        uuid: str | None = None,
        **facts: Unpack[Facts],
    ) -> Passage:
        """Let a vehicle pass: tell whoever is armed, and post to whoever listens.

        Its plate goes into the table as well, the only place while there is nobody.
        None of it happens while vehicle detection is off (reference 7.1).

        Args:
            plate: What is read; None for a plate that cannot be read.
            pictures: Which of plate, scene and vehicle; the profile's by default.
            captured_at: The true moment, with a zone; now by default.
            uuid: The event's identity; a new one by default.
            **facts: What else is said about the vehicle; see Passage.

        Raises:
            ValueError: This camera reads no plates.
        """
        return await self._reader.read(plate, pictures, captured_at, uuid, facts)

    async def passage_completes(self, passage: Passage) -> None:
        """Send the second message of a passage that was sent with has_more_data."""
        self._reader.complete(passage)

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
        self.device.tell(Alert(document=body))

    def send_document(self, document: bytes, *, content_type: str = XML_TYPE) -> None:
        """Send a document of the caller's own as one part, or as the body of a POST."""
        self.device.tell(Alert(document=document, content_type=content_type))

    def send_raw(self, data: bytes) -> None:
        """Send bytes of the caller's own on streams, framed by nobody; not empty."""
        self.device.streams.send(data)

    def drop_streams(self) -> None:
        """End every alert stream; clients may arm again at once."""
        self.device.streams.close()

    def _heartbeat(self) -> list[Part]:
        """Return the message that says "still here"."""
        return [Part(body=events.heartbeat(self.profile, self.clock))]
