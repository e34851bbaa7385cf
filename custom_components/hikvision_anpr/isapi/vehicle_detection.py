"""Read and change how a camera detects vehicles (reference 7.2).

Only the switch and the region have names that are public, and the recognition regions of
scenes on some models. Lines and regions are found by what they are: lists of points.
Whatever else the device's document holds is told by its path, can be set by that path,
and stays as it is otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from lxml import etree

from .client import IsapiClient
from .detection_scenes import (
    Scene,
    is_of_a_scene,
    read_scenes,
    regions_by_path,
    scene_of,
)
from .errors import DocumentChangedError, NotTakenError
from .geometry import Points
from .leaves import leaf_elements
from .offers import Offer, async_get_offers_by_path, set_by_paths, unnumbered
from .shape_grid import GRID
from .shape_problems import check_shapes
from .shapes import DrawnShape, Shape, drawn_shapes
from .stored_document import (
    UnknownSettingError,
    async_read,
    async_store,
    flag,
    set_text,
    word,
)
from .writable_document import Element, text

NEAR: Final = 0.02
"""How far from its place a device may put a point, to have it on its own grid."""

_REGION_NAMES: Final = ("stateOrProvinceName", "nation", "region")


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDetection:
    """Hold how vehicles are detected.

    `shapes` are the lines and regions of the whole document, those of scenes, too;
    `not_understood` holds what else the document says, by its path; `fingerprint` is
    another one when anything of the document is.
    """

    enabled: bool | None
    region: str | None
    scenes: tuple[Scene, ...]
    shapes: tuple[Shape, ...]
    not_understood: Mapping[str, str]
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionChange:
    """Hold what is to change; None leaves it as it is.

    Regions are by scene; shapes and what is not understood are by their paths.
    """

    enabled: bool | None = None
    region: str | None = None
    scenes: Mapping[str, bool] | None = None
    regions: Mapping[str, Sequence[Points]] | None = None
    shapes: Mapping[str, Points] | None = None
    not_understood: Mapping[str, str] | None = None

    @property
    def needs_offers(self) -> bool:
        """Tell whether what a device offers counts."""
        return bool(self.regions or self.shapes or self.not_understood)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Hold what the device shows after a change, and whether it wants a reboot."""

    detection: VehicleDetection
    reboot_required: bool


async def async_is_detecting(client: IsapiClient, channel: int) -> bool | None:
    """Ask whether a channel detects vehicles. Raises the errors of the client."""
    return flag(text(await _async_document(client, channel), "enabled"))


async def async_get_vehicle_detection(
    client: IsapiClient, channel: int
) -> VehicleDetection:
    """Read how a channel detects vehicles. Raises the errors of the client."""
    root = await _async_document(client, channel)
    return _detection(root, await _async_offers(client, channel))


async def async_change_vehicle_detection(
    client: IsapiClient,
    channel: int,
    change: DetectionChange,
    fingerprint: str | None = None,
) -> Written:
    """Change the document of a channel, send all of it back, and read it again.

    Nothing is written where all is so already. Raises DocumentChangedError where it is
    no longer the one with the fingerprint, UnknownSettingError for what the device has
    no place for, NotOfferedError for what it does not offer, ShapeProblemError for what
    cannot be drawn, NotTakenError where it shows something else afterwards, and the
    errors of the client; nothing was sent then, or nothing was taken. Points may come
    back on the device's own grid.
    """
    root = await _async_document(client, channel)
    offers = await _async_offers(client, channel) if change.needs_offers else {}
    before = _detection(root, offers)
    if fingerprint not in {None, before.fingerprint}:
        raise DocumentChangedError("Somebody else changed the device meanwhile")
    _apply(root, change, offers)
    wanted = _detection(root, offers)
    if wanted.fingerprint == before.fingerprint:
        return Written(detection=wanted, reboot_required=False)
    reboot_required = await async_store(client, _path(channel), root)
    kept = _detection(await _async_document(client, channel), offers)
    if not reboot_required and not _is_as_told(kept, wanted):
        raise NotTakenError("The device keeps its own", path=_path(channel))
    return Written(detection=kept, reboot_required=reboot_required)


def _is_as_told(kept: VehicleDetection, wanted: VehicleDetection) -> bool:
    """Tell whether a device has what it was told."""
    drawn = {shape.path: shape.points for shape in kept.shapes}
    return _said(kept) == _said(wanted) and all(
        _is_near(drawn.get(shape.path, ()), shape.points) for shape in wanted.shapes
    )


def _said(detection: VehicleDetection) -> tuple[object, ...]:
    """Return what must be as it was told, to the letter."""
    scenes = {scene.scene_id: scene.enabled for scene in detection.scenes}
    return detection.enabled, detection.region, scenes, detection.not_understood


def _is_near(one: Points, other: Points) -> bool:
    """Tell whether two lists of points are the same but for a grid."""
    return len(one) == len(other) and all(
        abs(a.x - b.x) <= NEAR and abs(a.y - b.y) <= NEAR
        for a, b in zip(one, other, strict=True)
    )


async def _async_document(client: IsapiClient, channel: int) -> Element:
    """Return the document of a channel."""
    return await async_read(client, _path(channel), "VehicleDetectCfg")


def _path(channel: int) -> str:
    """Return where a channel's document is."""
    return f"/ISAPI/Traffic/channels/{channel}/vehicleDetect"


async def _async_offers(client: IsapiClient, channel: int) -> Mapping[str, Offer]:
    """Return what a device offers, where it says so."""
    return await async_get_offers_by_path(client, f"{_path(channel)}/capabilities")


def _detection(root: Element, offers: Mapping[str, Offer]) -> VehicleDetection:
    """Return what a document says."""
    drawn = drawn_shapes(root, offers)
    corners = {corner for one in drawn.values() for corner in one.elements}
    return VehicleDetection(
        enabled=flag(text(root, "enabled")),
        region=next(filter(None, (text(root, name) for name in _REGION_NAMES)), None),
        scenes=read_scenes(root, drawn),
        shapes=tuple(one.shape for one in drawn.values()),
        not_understood={
            path: (element.text or "").strip()
            for path, element in leaf_elements(root)
            if element not in corners and not _has_a_field(path.lower().split("/"))
        },
        fingerprint=_fingerprint(root),
    )


def _apply(root: Element, change: DetectionChange, offers: Mapping[str, Offer]) -> None:
    """Put a change into a document.

    Raises UnknownSettingError, NotOfferedError, PointCountError, ShapeProblemError.
    """
    if change.enabled is not None:
        set_text(root, ("enabled",), word(change.enabled), "enabled")
    if change.region is not None:
        names = (one for one in _REGION_NAMES if text(root, one) is not None)
        set_text(root, tuple(names)[:1], change.region, "region")
    for scene_id, enabled in (change.scenes or {}).items():
        set_text(scene_of(root, scene_id), ("enabled",), word(enabled), "scenes")
    _draw(root, drawn_shapes(root, offers), change)
    _set_unknown(root, change.not_understood or {}, offers)


def _draw(
    root: Element, drawn: Mapping[str, DrawnShape], change: DetectionChange
) -> None:
    """Draw what is to change, after a look at all of it."""
    points = dict(change.shapes or {})
    for scene_id, polygons in (change.regions or {}).items():
        points |= regions_by_path(scene_of(root, scene_id), polygons, drawn)
    if unknown := points.keys() - drawn.keys():
        raise UnknownSettingError(min(unknown))
    before = [one.shape for one in drawn.values()]
    check_shapes(
        before,
        [
            replace(one, points=tuple(points.get(one.path, one.points)))
            for one in before
        ],
    )
    for path, wanted in points.items():
        drawn[path].draw(wanted)


def _set_unknown(
    root: Element, values: Mapping[str, str], offers: Mapping[str, Offer]
) -> None:
    """Set what is not understood. Raises UnknownSettingError and NotOfferedError."""
    unknown = values.keys() - _detection(root, offers).not_understood.keys()
    if unknown:
        raise UnknownSettingError(min(unknown))
    on_grid = Offer(lowest=0, highest=GRID)
    corners = {
        unnumbered(path): on_grid
        for path in values
        if path.rpartition("/")[2].lower() in {"positionx", "positiony"}
    }
    set_by_paths(root, values, {**corners, **offers})


def _fingerprint(root: Element) -> str:
    """Return what tells two documents apart."""
    return sha256(etree.tostring(root, method="c14n")).hexdigest()[:16]


def _has_a_field(names: Sequence[str]) -> bool:
    """Tell whether the text at a path is one of the few whose names are public."""
    if len(names) == 1:
        return names[0] in {"enabled", *(name.lower() for name in _REGION_NAMES)}
    return is_of_a_scene(names)
