"""One Hikvision recorder on loopback, with cameras behind it."""

from dataclasses import replace
import ssl
from typing import Final, override

from . import events
from .camera import PASSWORD, USERNAME, SimulatedCamera
from .gallery import Gallery
from .message import Alert
from .passage import Passage
from .profiles import NVR, PLAIN_CAMERA, Profile
from .recorder import Recorder, RecorderChannel


class SimulatedNvr(SimulatedCamera):
    """A recorder that forwards what the cameras behind it read.

    The cameras are simulated ones of their own, started or not: one that is started
    can be reached directly as well.

    Attributes:
        recorder: Its channels, and how it forwards; may be changed while it runs.
    """

    def __init__(
        self,
        profile: Profile = NVR,
        *,
        username: str = USERNAME,
        password: str = PASSWORD,
        heartbeat_seconds: float = 10,
        seed: int | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Describe the recorder; it has no cameras yet."""
        super().__init__(
            profile,
            username=username,
            password=password,
            heartbeat_seconds=heartbeat_seconds,
            seed=seed,
            ssl_context=ssl_context,
        )
        self.recorder: Final = Recorder()
        self.device.recorder = self.recorder
        self.device.gallery = Gallery(is_used=True, is_of_recorder=True)
        self._cameras: list[SimulatedCamera] = []

    def add(
        self,
        number: int,
        camera: SimulatedCamera | None = None,
        *,
        name: str | None = None,
        address: str | None = None,
        manage_port: int = 8000,
        serial_number: str | None = None,
    ) -> RecorderChannel:
        """Put a camera behind the recorder; without one, a camera that reads nothing.

        Args:
            number: The channel, from 1.
            camera: The camera, whose passages are forwarded from now on.
            name: How the recorder calls it; its own name by default.
            address: Where the recorder reaches it; made up by default.
            manage_port: Its port there.
            serial_number: What the recorder knows; the camera's own by default.
        """
        profile = camera.profile if camera else PLAIN_CAMERA
        known = profile.serial_number if serial_number is None else serial_number
        channel = RecorderChannel(
            number=number,
            profile=profile,
            name=name or f"Camera {number:02}",
            address=address or f"192.0.2.{100 + number % 100}",
            manage_port=manage_port,
            serial_number=known,
        )
        self.recorder.channels[number] = channel
        if camera is not None:
            self._cameras.append(camera)
            camera.device.forwards.append(
                lambda passage: self.forward(channel, passage)
            )
        return channel

    @override
    async def stop(self) -> None:
        """End every connection, and let go what cameras behind it draw with."""
        await super().stop()
        for camera in self._cameras:
            camera.device.close()

    def remove(self, number: int) -> None:
        """Take a camera away from the recorder."""
        del self.recorder.channels[number]

    def forward(self, channel: RecorderChannel, passage: Passage) -> None:
        """Store and tell of a passage, unless the camera is away or gone.

        Whoever is not connected then finds it by the search (reference 8.3).
        """
        known = self.recorder.channels.get(channel.number)
        if known is not channel or channel.online is False or self.device.booting:
            return
        self.device.gallery.keep(channel.number, passage, passage.jpegs)
        shown = replace(
            passage,
            overrides={
                **passage.overrides,
                **self.recorder.numbers(channel.number),
                "ipAddress": channel.address,
                "macAddress": self.profile.mac_address,
                "channelName": channel.name,
            },
        )
        if self.recorder.pictures_as_urls:
            names = self.recorder.keep(passage)
            urls = {
                one: f"{self.url}/picture/{names[one.kind]}" for one in passage.jpegs
            }
            shown = replace(shown, picture_urls=urls)
        self.device.alarms += 1
        document = events.anpr_event(
            channel.profile, self.clock, shown, self.device.alarms
        )
        self.device.tell(Alert(document=document, passage=shown))

    def loses_video(self, number: int) -> None:
        """Send the alarm of a dead input, which is no heartbeat (reference 2.2)."""
        self.send_event("videoloss", extra={"dynChannelID": str(number)})
