"""Read what a device is: its name, model, serial number and address."""

from dataclasses import dataclass
from typing import Final

from .client import IsapiClient
from .errors import BadAnswerError, NotSupportedError
from .mac_address import read_mac_address
from .node import Node

_PATH: Final = "/ISAPI/System/deviceInfo"
_RECORDERS: Final = ("NVR", "DVR")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInfo:
    """Hold a device's identity (reference 9.1).

    `serial_number` identifies it; it starts with the model and may hold blanks
    and slashes. `mac_address` is lower case with colons.
    """

    name: str | None
    model: str | None
    serial_number: str
    mac_address: str | None
    firmware: str | None
    device_type: str | None
    manufacturer: str | None

    @property
    def is_nvr(self) -> bool:
        """Tell a recorder, whose channels are cameras, from a camera (reference 8.1)."""
        device_type = (self.device_type or "").upper()
        return any(recorder in device_type for recorder in _RECORDERS)


async def async_get_device_info(client: IsapiClient) -> DeviceInfo:
    """Ask a device what it is.

    Raises BadAnswerError where the answer is no DeviceInfo: every ISAPI device
    has one, so this is none, or one nothing can be told apart by.
    """
    try:
        document = await client.get(_PATH)
    except NotSupportedError as error:
        raise BadAnswerError(
            "The device speaks no ISAPI", path=_PATH, status=error.status
        ) from error
    info = document.find("DeviceInfo")
    serial_number = info.value("serialNumber") if info else None
    if info is None or serial_number is None:
        raise BadAnswerError("The device does not say what it is", path=_PATH)
    return DeviceInfo(
        name=info.value("deviceName"),
        model=info.value("model"),
        serial_number=serial_number,
        mac_address=read_mac_address(info.value("macAddress") or ""),
        firmware=_firmware(info),
        device_type=info.value("deviceType"),
        manufacturer=info.value("manufacturer"),
    )


def _firmware(info: Node) -> str | None:
    """Return version and build, such as "V5.7.18 build 240826"."""
    parts = info.value("firmwareVersion"), info.value("firmwareReleasedDate")
    return " ".join(part for part in parts if part) or None
