"""Cameras for the live streams of a channel."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.camera import (
    Camera,
    CameraEntityDescription,
    CameraEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .connection import rtsp_address
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity, async_add_for_channels
from .exceptions import errors_told
from .isapi.snapshot import async_get_snapshot

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class AnprCameraDescription(CameraEntityDescription):
    """Describe a camera and which stream of its channel it shows (reference 8.1)."""

    stream: int


LIVE: Final = AnprCameraDescription(key="live", translation_key="live", stream=1)
LIVE_SUB: Final = AnprCameraDescription(
    key="live_sub",
    translation_key="live_sub",
    stream=2,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the cameras of each channel; a small one where the device has one."""
    coordinator = entry.runtime_data

    def cameras(channel: int) -> list[AnprCamera]:
        found = [AnprCamera(coordinator, channel, LIVE)]
        if channel * 100 + LIVE_SUB.stream in coordinator.capabilities.streams:
            found.append(AnprCamera(coordinator, channel, LIVE_SUB))
        return found

    async_add_for_channels(entry, async_add_entities, cameras)


class AnprCamera(AnprEntity, Camera):
    """Show what the channel sees now."""

    entity_description: AnprCameraDescription
    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(
        self,
        coordinator: AnprCoordinator,
        channel: int,
        description: AnprCameraDescription,
    ) -> None:
        """Belong to a channel; the two base classes are set up differently."""
        AnprEntity.__init__(self, coordinator, channel, description)
        Camera.__init__(self)

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Take a snapshot of the stream; raises when the device refuses."""
        client = self.coordinator.client
        with errors_told(client.address.host):
            return await async_get_snapshot(
                client, self.channel, self.entity_description.stream
            )

    @override
    async def stream_source(self) -> str:
        """Return the address of the stream, with credentials (reference 8.4).

        Home Assistant's stream integrations need them in the address; they never
        reach a state, a log or a browser.
        """
        return rtsp_address(
            self.coordinator.config_entry.data,
            self.coordinator.capabilities.rtsp_port,
            f"/Streaming/Channels/{self.channel}{self.entity_description.stream:02}",
        )
