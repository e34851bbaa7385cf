"""Read and change how a camera takes its pictures (reference 7.5).

Some cameras keep the settings of day and of night apart: the vendor's web page reads and
writes them below those of the channel, and says in `ISPMode` when each counts. How the
two are called there is inferred.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from .client import IsapiClient
from .errors import NOT_TOLD, NotTakenError
from .leaves import leaves
from .offers import Offer, Value, offer_of, written
from .stored_document import async_read, async_store, flag, set_text
from .writable_document import Element, child, parse, text, whole_number

type Period = Literal["day", "night"]

PERIODS: Final[tuple[Period, ...]] = ("day", "night")

SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "shutter": ("Shutter", "ShutterLevel"),
    "gain": ("Gain", "GainLevel"),
    "gain_limit": ("Gain", "GainLimit"),
    "exposure": ("Exposure", "ExposureType"),
    "iris": ("Iris", "IrisLevel"),
    "wdr": ("WDR", "mode"),
    "wdr_level": ("WDR", "WDRLevel"),
    "blc": ("BLC", "enabled"),
    "hlc": ("HLC", "enabled"),
    "hlc_level": ("HLC", "HLCLevel"),
    "day_night": ("IrcutFilter", "IrcutFilterType"),
    "day_night_sensitivity": ("IrcutFilter", "nightToDayFilterLevel"),
    "day_night_seconds": ("IrcutFilter", "nightToDayFilterTime"),
    "infrared": ("IrLight", "mode"),
    "brightness": ("Color", "brightnessLevel"),
    "contrast": ("Color", "contrastLevel"),
    "saturation": ("Color", "saturationLevel"),
    "sharpness": ("Sharpness", "SharpnessLevel"),
    "noise_reduction": ("NoiseReduce", "mode"),
    "noise_reduction_level": ("NoiseReduce", "GeneralMode", "generalLevel"),
    "white_balance": ("WhiteBalance", "WhiteBalanceStyle"),
    "dehaze": ("Dehaze", "DehazeMode"),
    "power_line": ("powerLineFrequency", "powerLineFrequencyMode"),
}
"""Where the document keeps each setting."""

RECOMMENDED: Final[Mapping[str, Value]] = {
    "shutter": "1/1000",
    "gain": 20,
    "iris": 50,
    "wdr": "close",
    "blc": False,
    "day_night": "auto",
    "day_night_sensitivity": 4,
    "day_night_seconds": 5,
    "infrared": "auto",
}
"""What the vendor's manual recommends for number plates (reference 7.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSettings:
    """Hold the settings that a camera has, and what else its document says by path."""

    values: Mapping[str, Value]
    others: Mapping[str, str]


async def async_get_image_settings(
    client: IsapiClient, channel: int, period: Period | None = None
) -> ImageSettings:
    """Ask how a channel takes its pictures, in general, by day or by night.

    Raises NotSupportedError where the two are not kept apart, and the errors of the
    client.
    """
    return _settings(await _async_document(client, channel, period))


async def async_get_switching(client: IsapiClient, channel: int) -> str | None:
    """Ask what switches between day and night, such as "auto" or "schedule".

    None where they are not kept apart. Raises the errors of the client.
    """
    try:
        root = await async_read(client, f"{_path(channel, None)}/ISPMode", "ISPMode")
    except NOT_TOLD:
        return None
    return text(root, "mode") or None


async def async_get_offers(
    client: IsapiClient, channel: int, period: Period | None = None
) -> Mapping[str, Offer]:
    """Ask what a camera offers; nothing where it does not say.

    Raises the errors of the client.
    """
    try:
        root = parse(await client.get_bytes(f"{_path(channel, period)}/capabilities"))
    except NOT_TOLD:
        return {}
    found = {name: child(root, *path) for name, path in SETTINGS.items()}
    return {
        name: offer_of(element)
        for name, element in found.items()
        if element is not None
    }


async def async_set_image_settings(
    client: IsapiClient,
    channel: int,
    values: Mapping[str, Value],
    period: Period | None = None,
) -> bool:
    """Change settings, send all of the document back, and read it again.

    Tells whether the camera wants a restart. Raises UnknownSettingError for what it
    has no place for, NotTakenError where it shows another value afterwards, and the
    errors of the client.
    """
    path = _path(channel, period)
    root = await _async_document(client, channel, period)
    for name, value in values.items():
        set_text(root, SETTINGS.get(name, ()), written(value), name)
    reboot_required = await async_store(client, path, root)
    kept = (await async_get_image_settings(client, channel, period)).values
    if not reboot_required and any(
        written(kept.get(name, "")).lower() != written(value).lower()
        for name, value in values.items()
    ):
        raise NotTakenError("The device keeps its own", path=path)
    return reboot_required


async def _async_document(
    client: IsapiClient, channel: int, period: Period | None
) -> Element:
    """Return the document of a channel."""
    return await async_read(client, _path(channel, period), "ImageChannel")


def _path(channel: int, period: Period | None) -> str:
    """Return where a channel's document is."""
    path = f"/ISAPI/Image/channels/{channel}"
    return f"{path}/{period}" if period else path


def _settings(root: Element) -> ImageSettings:
    """Return what a document says."""
    found = {name: text(root, *path) for name, path in SETTINGS.items()}
    known = {"/".join(path).lower() for path in SETTINGS.values()}
    return ImageSettings(
        values={name: _value(value) for name, value in found.items() if value},
        others={
            path: value for path, value in leaves(root) if path.lower() not in known
        },
    )


def _value(value: str) -> Value:
    """Return what a text says."""
    if value.lower() in {"true", "false"}:
        return flag(value) is True
    number = whole_number(value)
    return value if number is None else number
