"""Show what a camera's analysis is set to, where it says so."""

from typing import Final, override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.const import EntityCategory

from .coordinator import AnprCoordinator
from .entity import AnprEntity
from .isapi.errors import IsapiError
from .isapi.vca_resource import async_get_vca_mode

VCA_RESOURCE: Final = SensorEntityDescription(
    key="vca_resource",
    translation_key="vca_resource",
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)


def detection_sensors(coordinator: AnprCoordinator, channel: int) -> list[AnprEntity]:
    """Return the sensor of a camera that says what it analyses; recorders do not."""
    if coordinator.device.is_nvr or coordinator.capabilities.vca_resource is None:
        return []
    return [AnprVcaResourceSensor(coordinator, channel, VCA_RESOURCE)]


class AnprVcaResourceSensor(AnprEntity, SensorEntity):
    """Show what is analysed, in the camera's own word: somebody else may change it."""

    entity_description: SensorEntityDescription
    _attr_should_poll = True

    def __init__(
        self,
        coordinator: AnprCoordinator,
        channel: int,
        description: SensorEntityDescription,
    ) -> None:
        """Begin with what was told at the start."""
        super().__init__(coordinator, channel, description)
        self._attr_native_value = coordinator.capabilities.vca_resource
        self._is_known = True

    @property
    @override
    def available(self) -> bool:
        """Tell whether the camera last said what it analyses."""
        return self._is_known

    @override
    async def async_update(self) -> None:
        """Ask what is analysed."""
        try:
            mode = await async_get_vca_mode(self.coordinator.client, self.channel)
        except IsapiError:
            self._is_known = False
            return
        self._is_known = mode is not None
        self._attr_native_value = mode.resource if mode else None
