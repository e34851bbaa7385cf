"""Make the entries of simulated devices."""

from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera


def entry_of(camera: SimulatedCamera, **options: object) -> MockConfigEntry:
    """Return the entry of a device that answers; it is not yet added."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=camera.profile.device_name,
        unique_id=camera.profile.serial_number,
        options=options,
        data={
            CONF_HOST: "127.0.0.1",
            CONF_PORT: camera.port,
            CONF_SSL: False,
            CONF_VERIFY_SSL: True,
            CONF_USERNAME: camera.username,
            CONF_PASSWORD: camera.password,
        },
    )
