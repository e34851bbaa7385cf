"""Register the actions of the integration."""

from homeassistant.core import HomeAssistant, callback

from . import (
    archive_services,
    capture_services,
    detection_services,
    device_search_services,
    display_services,
    export_services,
    image_services,
    linkage_services,
    list_services,
    mounting_services,
    occupancy_services,
    overlay_services,
    parking_services,
    passage_import_services,
    plate_data_services,
    record_schedule_services,
    recording_services,
    report_services,
    schedule_services,
    time_services,
    upload_services,
    vehicle_change_services,
    vehicle_file_services,
    vehicle_services,
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register all actions, once for as long as Home Assistant runs."""
    archive_services.async_register(hass)
    capture_services.async_register(hass)
    export_services.async_register(hass)
    detection_services.async_register(hass)
    device_search_services.async_register(hass)
    display_services.async_register(hass)
    schedule_services.async_register(hass)
    time_services.async_register(hass)
    upload_services.async_register(hass)
    image_services.async_register(hass)
    linkage_services.async_register(hass)
    list_services.async_register(hass)
    mounting_services.async_register(hass)
    occupancy_services.async_register(hass)
    overlay_services.async_register(hass)
    parking_services.async_register(hass)
    passage_import_services.async_register(hass)
    plate_data_services.async_register(hass)
    record_schedule_services.async_register(hass)
    recording_services.async_register(hass)
    report_services.async_register(hass)
    vehicle_services.async_register(hass)
    vehicle_change_services.async_register(hass)
    vehicle_file_services.async_register(hass)
