"""Find the channels that an action is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .centre import is_centre
from .const import DOMAIN
from .coordinator import AnprCoordinator
from .exceptions import action_error, setting_error
from .isapi.errors import IsapiError
from .isapi.stored_document import UnknownSettingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Hold a channel of a device that is set up."""

    device_id: str
    coordinator: AnprCoordinator
    channel: int

    def error(self, error: IsapiError) -> HomeAssistantError:
        """Return what is raised for an error of the device."""
        return action_error(error, self.coordinator.client.address.host)

    @contextmanager
    def errors_told(self) -> Iterator[None]:
        """Raise for an error of the device what its user is told."""
        try:
            yield
        except UnknownSettingError as error:
            raise setting_error(error) from error
        except IsapiError as error:
            raise self.error(error) from error


def all_targets(hass: HomeAssistant) -> Iterator[Target]:
    """Yield the channels of all devices that are set up."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if is_centre(entry) or entry.state is not ConfigEntryState.LOADED:
            continue
        coordinator: AnprCoordinator = entry.runtime_data
        for number, followed in coordinator.channels.followed.items():
            yield Target(
                device_id=followed.device_id, coordinator=coordinator, channel=number
            )


def others_of(hass: HomeAssistant, target: Target) -> Iterator[Target]:
    """Yield the channels of other devices that see the same camera.

    A camera that is added by itself may be behind a recorder that is added, too.
    """
    camera = target.coordinator.recorder_watch.camera_of(target.channel)
    for other in all_targets(hass):
        seen = other.coordinator.recorder_watch.camera_of(other.channel)
        if other.coordinator is camera or seen is target.coordinator:
            yield other


def targets(hass: HomeAssistant, device_ids: list[str]) -> list[Target]:
    """Return the channels of devices. Raises ServiceValidationError."""
    known = {target.device_id: target for target in all_targets(hass)}
    if not known.keys() >= set(device_ids):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="device_not_found"
        )
    return [known[device_id] for device_id in device_ids]
