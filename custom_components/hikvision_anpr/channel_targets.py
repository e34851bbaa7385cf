"""Resolve the channels that an action targets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr

from .centre import is_centre
from .channel import ONLY_CHANNEL
from .const import DOMAIN
from .coordinator import AnprCoordinator
from .exceptions import action_error, setting_error
from .isapi.errors import IsapiError, NotSupportedError, RebootRequiredError
from .isapi.stored_document import UnknownSettingError
from .isapi.written_documents import PartlyWrittenError
from .restart_wanted import async_want_restart


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Hold a channel of a device that is set up."""

    device_id: str
    coordinator: AnprCoordinator
    channel: int

    @property
    def recording_zone(self) -> tzinfo:
        """Return in which zone it may speak of recordings, where that is not UTC.

        Cameras speak UTC as captured; old recorders are said to speak their own time
        (§8.3, §8.4). One that speaks UTC would be misunderstood by hours.
        """
        is_recorder = self.coordinator.device.is_nvr
        return self.coordinator.clock.zone if is_recorder else UTC

    def error(self, error: IsapiError) -> HomeAssistantError:
        """Return what is raised for an error of the device."""
        host = self.coordinator.client.address.host
        if isinstance(error, NotSupportedError) and self.coordinator.device.is_nvr:
            return HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="not_supported_by_recorder",
                translation_placeholders={"host": host},
            )
        return action_error(error, host)

    @contextmanager
    def errors_told(self) -> Iterator[None]:
        """Raise for an error of the device what its user is told.

        Where it stored a change and wants a restart, that is offered, too.
        """
        try:
            yield
        except UnknownSettingError as error:
            raise setting_error(error) from error
        except IsapiError as error:
            if _wants_restart(error):
                entry = self.coordinator.config_entry
                async_want_restart(self.coordinator.hass, entry)
            raise self.error(error) from error


def _wants_restart(error: IsapiError) -> bool:
    """Tell whether a device has stored something that acts only after a restart."""
    if isinstance(error, PartlyWrittenError):
        is_reason = isinstance(error.reason, RebootRequiredError)
        return error.wants_restart or is_reason
    return isinstance(error, RebootRequiredError)


def all_targets(hass: HomeAssistant) -> Iterator[Target]:
    """Yield the channels of all devices that are set up."""
    for coordinator in _coordinators(hass):
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
    unknown = set(device_ids) - known.keys()
    if unknown:
        is_recorder = unknown <= _recorders(hass).keys()
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="recorder_named" if is_recorder else "device_not_found",
        )
    return [known[device_id] for device_id in device_ids]


def device_target(hass: HomeAssistant, device_id: str) -> Target:
    """Return a device as a whole, by itself or by a channel of it.

    Raises ServiceValidationError.
    """
    if recorder := _recorders(hass).get(device_id):
        return Target(device_id=device_id, coordinator=recorder, channel=ONLY_CHANNEL)
    (target,) = targets(hass, [device_id])
    return target


def _coordinators(hass: HomeAssistant) -> Iterator[AnprCoordinator]:
    """Yield the devices that are set up."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if not is_centre(entry) and entry.state is ConfigEntryState.LOADED:
            yield entry.runtime_data


def _recorders(hass: HomeAssistant) -> dict[str, AnprCoordinator]:
    """Return the recorders that are set up, by their devices."""
    registry, found = dr.async_get(hass), {}
    for coordinator in _coordinators(hass):
        identifier = (DOMAIN, coordinator.device.serial_number)
        device = registry.async_get_device_by_identifier(
            identifier, coordinator.config_entry.entry_id
        )
        if coordinator.device.is_nvr and device:
            found[device.id] = coordinator
    return found
