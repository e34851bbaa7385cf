"""Walk through the flows of the integration, and pretend to be other devices."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.isapi.capabilities import Capabilities
from custom_components.hikvision_anpr.isapi.device import DeviceInfo
from simulator.camera import SimulatedCamera

DEVICE = DeviceInfo(
    name="Yard",
    model="DS-2CD7A26G0/P-IZS",
    serial_number="DS-2CD7A26G0/P-IZS20240505AAWRQ10000001",
    mac_address="44:19:b6:00:00:01",
    firmware="V5.7.1 build 230101",
    device_type="IPCamera",
    manufacturer="hikvision",
)
CAPABILITIES = Capabilities(
    reads_plates=True,
    evidence=("/ISAPI/ITC/capability",),
    vca_resource=None,
    vca_allows_plates=None,
    vehicle_detection_enabled=None,
    plate_list_capacity=None,
    inputs=(),
    outputs=(),
    rtsp_port=None,
    subscribe_event=False,
    restarts=False,
)


def form_for(camera: SimulatedCamera, **changes: Any) -> dict[str, Any]:
    """Return what a user types to add a camera."""
    return {
        CONF_HOST: "127.0.0.1",
        CONF_PORT: camera.port,
        CONF_USERNAME: camera.username,
        CONF_PASSWORD: camera.password,
        **changes,
    }


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Begin to add a device."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )


async def submit(
    hass: HomeAssistant, flow: ConfigFlowResult, form: Mapping[str, Any]
) -> ConfigFlowResult:
    """Fill in the form of a flow, with copies of what is in it."""
    return await hass.config_entries.flow.async_configure(flow["flow_id"], dict(form))


@contextmanager
def any_address_answers(device: DeviceInfo = DEVICE) -> Iterator[None]:
    """Let a device answer at addresses that cannot be reached from a test."""
    path = "custom_components.hikvision_anpr.device_check"
    with (
        patch(f"{path}.async_log_in", return_value=device),
        patch(f"{path}.async_get_capabilities", return_value=CAPABILITIES),
    ):
        yield
