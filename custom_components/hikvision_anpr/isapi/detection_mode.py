"""Read and change whether a camera detects vehicles alone, or people, too (reference 7.1)."""

from typing import Final, Literal

from .client import IsapiClient
from .errors import NOT_TOLD, NotTakenError
from .stored_document import async_read, async_store, set_text
from .writable_document import text

type DetectionMode = Literal["vehicles", "mixed"]

MODES: Final[dict[DetectionMode, str]] = {
    "vehicles": "vehicleDetection",
    "mixed": "hvtVehicleDetection",
}
"""How cameras call the modes; mixed is people, vehicles and two-wheelers."""

_ROOT: Final = "CurVehicleDetectMode"
_MODE: Final = ("CurMode",)


async def async_get_detection_mode(client: IsapiClient, channel: int) -> str | None:
    """Ask for the mode, in the device's word where it is none of MODES.

    None where a device has no modes. Raises the errors of the client.
    """
    try:
        said = text(await async_read(client, _path(channel), _ROOT), *_MODE) or ""
    except NOT_TOLD:
        return None
    return {wire.lower(): name for name, wire in MODES.items()}.get(said.lower(), said)


async def async_in_order[Name](
    client: IsapiClient, channel: int, names: tuple[Name, ...]
) -> tuple[Name, ...]:
    """Return names of vehicles alone and of mixed detection, those of the mode first.

    A camera in mixed mode keeps both, and acts on those of its mode (reference 7.1).
    Raises the errors of the client.
    """
    if len(names) < 2 or await async_get_detection_mode(client, channel) != "mixed":
        return names
    return names[::-1]


async def async_set_detection_mode(
    client: IsapiClient, channel: int, mode: DetectionMode
) -> bool:
    """Set the mode; tell whether the device wants a restart.

    Raises NotSupportedError where it has no modes, NotTakenError where it shows another
    one afterwards, and the errors of the client.
    """
    path = _path(channel)
    root = await async_read(client, path, _ROOT)
    set_text(root, _MODE, MODES[mode], "mode")
    reboot_required = await async_store(client, path, root)
    if not reboot_required and await async_get_detection_mode(client, channel) != mode:
        raise NotTakenError("The device stays in its mode", path=path)
    return reboot_required


def _path(channel: int) -> str:
    """Return where the mode of a channel is."""
    return f"/ISAPI/Traffic/channels/{channel}/CurVehicleDetectMode"
