"""Binary sensors for the connection, listed vehicles and alarm inputs."""

from datetime import timedelta
from typing import Final, cast, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .centre import is_centre
from .centre_entity import CentreConfigEntry
from .channel_options import channel_options
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprDeviceEntity, AnprEntity, async_add_for_channels
from .intake.passage import PassageType
from .isapi.errors import NOT_TOLD, IsapiError
from .isapi.io_ports import async_get_port
from .lapse import Lapse
from .parking_binary_sensors import async_add_parking_binary_sensors

PARALLEL_UPDATES = 0
SCAN_INTERVAL = timedelta(minutes=1)

ASK_AGAIN_SECONDS: Final = 5
"""When an input is asked after its last event: many never tell that they are off."""


CONNECTED: Final = BinarySensorEntityDescription(
    key="connected",
    translation_key="connected",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)

LISTED_VEHICLES: Final[dict[PassageType, BinarySensorEntityDescription]] = {
    "allowed": BinarySensorEntityDescription(
        key="allowed_vehicle", translation_key="allowed_vehicle"
    ),
    "blocked": BinarySensorEntityDescription(
        key="blocked_vehicle", translation_key="blocked_vehicle"
    ),
}

ALARM_INPUT: Final = BinarySensorEntityDescription(
    key="alarm_input", translation_key="alarm_input"
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry | CentreConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of each channel."""
    if is_centre(entry):
        async_add_parking_binary_sensors(
            cast(CentreConfigEntry, entry), async_add_entities
        )
        return
    entry = cast(AnprConfigEntry, entry)
    coordinator = entry.runtime_data
    if coordinator.channels.recorder:
        async_add_entities([AnprRecorderConnectedSensor(coordinator, CONNECTED)])
    async_add_entities(
        (AnprAlarmInput(coordinator, port) for port in coordinator.capabilities.inputs),
        update_before_add=True,
    )
    async_add_for_channels(
        entry,
        async_add_entities,
        lambda channel: [
            AnprConnectedSensor(coordinator, channel, CONNECTED),
            *(
                AnprListedVehicleSensor(coordinator, channel, description, listed)
                for listed, description in LISTED_VEHICLES.items()
            ),
        ],
    )


class AnprConnectedSensor(AnprEntity, BinarySensorEntity):
    """Show whether reads of the device can come in."""

    @property
    @override
    def available(self) -> bool:
        """Stay available: that the device is away is just what this shows."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Tell whether a way is open by which reads come in."""
        return self.coordinator.is_online(self.channel)


class AnprRecorderConnectedSensor(AnprDeviceEntity, BinarySensorEntity):
    """Show whether a recorder itself is connected."""

    @property
    @override
    def available(self) -> bool:
        """Stay available: that the recorder is away is just what this shows."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Tell whether a way is open by which reads come in."""
        return self.coordinator.connected


class AnprListedVehicleSensor(AnprEntity, BinarySensorEntity):
    """Show for a while that a vehicle of a list passed."""

    _attr_is_on = False
    _shows = "passage"
    _release: Lapse
    _held: str | None = None

    def __init__(
        self,
        coordinator: AnprCoordinator,
        channel: int,
        description: BinarySensorEntityDescription,
        listed: PassageType,
    ) -> None:
        """Watch for passages of one type."""
        super().__init__(coordinator, channel, description)
        self._listed = listed

    @override
    async def async_added_to_hass(self) -> None:
        """Turn off in time, and with the entity."""
        self._release = Lapse(self.hass, self._turn_off)
        await super().async_added_to_hass()
        self.async_on_remove(self._release.cancel)

    @callback
    @override
    def _show_news(self) -> None:
        """Turn on for the chosen time, once for each passage.

        A better read may put a known passage onto the list.
        """
        passage = self.channel_state.passage
        if (
            passage is None
            or passage.type != self._listed
            or passage.passage_id == self._held
        ):
            return
        self._held = passage.passage_id
        options = channel_options(self.coordinator.config_entry.options, self.channel)
        self._release.begin(options.hold_seconds)
        if not self._attr_is_on:
            self._attr_is_on = True
            self.async_write_ha_state()

    @callback
    def _turn_off(self) -> None:
        """Turn off."""
        self._attr_is_on = False
        self.async_write_ha_state()


class AnprAlarmInput(AnprDeviceEntity, BinarySensorEntity):
    """Show an alarm input, by the events of the device and by asking it."""

    _attr_should_poll = True
    _asking: Lapse

    def __init__(self, coordinator: AnprCoordinator, port: int) -> None:
        """Belong to an input."""
        super().__init__(coordinator, ALARM_INPUT, port)
        self._port = port

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for events."""
        await super().async_added_to_hass()
        self._asking = Lapse(self.hass, self._ask)
        self.async_on_remove(self._asking.cancel)
        self.async_on_remove(self.coordinator.ports.subscribe(self._port, self._take))

    @override
    async def async_update(self) -> None:
        """Ask the device; where it does not tell, events alone count, for a while."""
        try:
            self._attr_is_on = await async_get_port(
                self.coordinator.client, "inputs", self._port
            )
        except NOT_TOLD:
            self._attr_is_on = False
        except IsapiError:
            self._attr_is_on = None

    @callback
    def _take(self, active: bool) -> None:
        """Show what the device tells of the input."""
        self._attr_is_on = active
        self._asking.begin(ASK_AGAIN_SECONDS)
        self.async_write_ha_state()

    @callback
    def _ask(self) -> None:
        """Ask whether the input is still as it was told."""
        self.async_schedule_update_ha_state(force_refresh=True)
