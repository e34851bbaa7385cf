"""Read and change how a camera detects vehicles (reference 7.2).

Only the switch and the region have names that are public, and the recognition regions of
scenes on some models. Whatever else the device's document holds is told by its path, can
be set by that path, and stays as it is otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from lxml import etree

from .client import IsapiClient
from .errors import DocumentChangedError, NotTakenError
from .leaves import leaves
from .offers import Offer, async_get_offers_by_path, set_by_paths, unnumbered
from .stored_document import (
    UnknownSettingError,
    async_read,
    async_store,
    flag,
    set_text,
    word,
)
from .writable_document import Element, child, text

GRID: Final = 1000
"""Coordinates go from 0 to this, with their origin at the bottom left."""

MOST_POINTS: Final = 10
_REGION_NAMES: Final = ("stateOrProvinceName", "nation", "region")
_SCENES: Final = ("VehicleDetectSceneList",)
_AREAS: Final = ("PlateRecogParam", "PlateRecogRegionList")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Hold a point of the picture, 0 to 1 each, with its origin at the top left."""

    x: float
    y: float


type Polygon = tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Hold a scene: a setting of the camera with the regions in which it reads."""

    scene_id: str
    name: str | None
    enabled: bool | None
    regions: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDetection:
    """Hold how vehicles are detected.

    `not_understood` holds what else the document says, by its path; `fingerprint` is
    another one when anything of the document is.
    """

    enabled: bool | None
    region: str | None
    scenes: tuple[Scene, ...]
    not_understood: Mapping[str, str]
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionChange:
    """Hold what is to change; None leaves it as it is.

    Regions are by scene; what is not understood is by its path.
    """

    enabled: bool | None = None
    region: str | None = None
    scenes: Mapping[str, bool] | None = None
    regions: Mapping[str, Sequence[Polygon]] | None = None
    not_understood: Mapping[str, str] | None = None


class RegionCountError(UnknownSettingError):
    """Say that a scene has another number of regions, and keeps it."""

    def __init__(self, scene_id: str, count: int) -> None:
        """Name the scene, and how many it has."""
        super().__init__(scene_id)
        self.count = count


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Hold what the device shows after a change, and whether it wants a reboot."""

    detection: VehicleDetection
    reboot_required: bool


async def async_get_vehicle_detection(
    client: IsapiClient, channel: int
) -> VehicleDetection:
    """Read how a channel detects vehicles. Raises the errors of the client."""
    return _detection(await _async_document(client, channel))


async def async_change_vehicle_detection(
    client: IsapiClient,
    channel: int,
    change: DetectionChange,
    fingerprint: str | None = None,
) -> Written:
    """Change the document of a channel, send all of it back, and read it again.

    Nothing is written where all is so already. Raises DocumentChangedError where it is
    no longer the one with the fingerprint, UnknownSettingError for what the device has
    no place for, NotOfferedError for what it does not offer, NotTakenError where it shows
    something else afterwards, and the errors of the client; nothing was sent then, or
    nothing was taken. Corners of regions may come back on the device's own grid.
    """
    root = await _async_document(client, channel)
    before = _fingerprint(root)
    if fingerprint not in {None, before}:
        raise DocumentChangedError("Somebody else changed the device meanwhile")
    _apply(root, change)
    if change.not_understood:
        offers = await _async_offers(client, channel, change.not_understood)
        _set_unknown(root, change.not_understood, offers)
    wanted = _detection(root)
    if wanted.fingerprint == before:
        return Written(detection=wanted, reboot_required=False)
    reboot_required = await async_store(client, _path(channel), root)
    kept = _detection(await _async_document(client, channel))
    if not reboot_required and _shown(kept) != _shown(wanted):
        raise NotTakenError("The device keeps its own", path=_path(channel))
    return Written(detection=kept, reboot_required=reboot_required)


def _shown(detection: VehicleDetection) -> tuple[object, ...]:
    """Return what must be as it was told."""
    scenes = {scene.scene_id: scene.enabled for scene in detection.scenes}
    return detection.enabled, detection.region, scenes, detection.not_understood


async def _async_document(client: IsapiClient, channel: int) -> Element:
    """Return the document of a channel."""
    return await async_read(client, _path(channel), "VehicleDetectCfg")


def _path(channel: int) -> str:
    """Return where a channel's document is."""
    return f"/ISAPI/Traffic/channels/{channel}/vehicleDetect"


def _detection(root: Element) -> VehicleDetection:
    """Return what a document says."""
    region = next(filter(None, (text(root, name) for name in _REGION_NAMES)), None)
    understood = {"enabled", *(name.lower() for name in _REGION_NAMES)}
    return VehicleDetection(
        enabled=flag(text(root, "enabled")),
        region=region,
        scenes=tuple(_scene(element) for element in _scenes(root)),
        not_understood={
            path: value
            for path, value in leaves(root)
            if path.lower() not in understood and not _is_of_a_scene(path.lower())
        },
        fingerprint=_fingerprint(root),
    )


def _apply(root: Element, change: DetectionChange) -> None:
    """Put a change into a document. Raises UnknownSettingError."""
    if change.enabled is not None:
        set_text(root, ("enabled",), word(change.enabled), "enabled")
    if change.region is not None:
        names = (one for one in _REGION_NAMES if text(root, one) is not None)
        set_text(root, tuple(names)[:1], change.region, "region")
    scenes = {text(element, "id") or "": element for element in _scenes(root)}
    for scene_id, enabled in (change.scenes or {}).items():
        set_text(_of(scenes, scene_id), ("enabled",), word(enabled), "scenes")
    for scene_id, polygons in (change.regions or {}).items():
        _set_regions(_of(scenes, scene_id), polygons)


async def _async_offers(
    client: IsapiClient, channel: int, paths: Iterable[str]
) -> Mapping[str, Offer]:
    """Return what a device offers, and that corners lie on its grid."""
    on_grid = Offer(lowest=0, highest=GRID)
    corners = {
        unnumbered(path): on_grid
        for path in paths
        if path.rpartition("/")[2].lower() in {"positionx", "positiony"}
    }
    told = await async_get_offers_by_path(client, f"{_path(channel)}/capabilities")
    return {**corners, **told}


def _set_unknown(
    root: Element, values: Mapping[str, str], offers: Mapping[str, Offer]
) -> None:
    """Set what is not understood. Raises UnknownSettingError and NotOfferedError."""
    unknown = values.keys() - _detection(root).not_understood.keys()
    if unknown:
        raise UnknownSettingError(min(unknown))
    set_by_paths(root, values, offers)


def _of(scenes: Mapping[str, Element], scene_id: str) -> Element:
    """Return a scene. Raises UnknownSettingError."""
    if scene_id not in scenes:
        raise UnknownSettingError(f"scene {scene_id}")
    return scenes[scene_id]


def _set_regions(scene: Element, polygons: Sequence[Polygon]) -> None:
    """Set the polygons of a scene's regions, which stay as many as they are."""
    regions = _regions(scene)
    if len(regions) != len(polygons):
        raise RegionCountError(text(scene, "id") or "", len(regions))
    for region, polygon in zip(regions, polygons, strict=True):
        listed = child(region, "RegionCoordinatesList")
        if listed is None or not len(listed):
            raise UnknownSettingError("regions")
        point = listed[0]
        for old in list(listed):
            listed.remove(old)
        for corner in polygon:
            listed.append(_corner(point, corner))


def _corner(like: Element, corner: Point) -> Element:
    """Return a corner that is written like another one."""
    made = etree.fromstring(etree.tostring(like))
    set_text(made, ("positionX",), str(round(corner.x * GRID)), "regions")
    set_text(made, ("positionY",), str(round((1 - corner.y) * GRID)), "regions")
    return made


def _scenes(root: Element) -> list[Element]:
    """Return the scenes of a document."""
    listed = child(root, *_SCENES)
    return list(listed) if listed is not None else []


def _scene(element: Element) -> Scene:
    """Return what a scene says."""
    polygons = (_polygon(region) for region in _regions(element))
    return Scene(
        scene_id=text(element, "id") or "",
        name=text(element, "sceneName") or None,
        enabled=flag(text(element, "enabled")),
        regions=tuple(polygon for polygon in polygons if polygon),
    )


def _regions(scene: Element) -> list[Element]:
    """Return the regions of a scene."""
    listed = child(scene, *_AREAS)
    return list(listed) if listed is not None else []


def _polygon(region: Element) -> Polygon:
    """Return the corners of a region; those that make no sense are left out."""
    listed = child(region, "RegionCoordinatesList")
    corners: list[Point] = []
    for element in listed if listed is not None else ():
        x, y = text(element, "positionX") or "", text(element, "positionY") or ""
        if x.isdecimal() and y.isdecimal():
            corners.append(Point(x=int(x) / GRID, y=1 - int(y) / GRID))
    return tuple(corners)


def _is_of_a_scene(path: str) -> bool:
    """Tell whether a text is one that scenes are known to have."""
    parts = path.split("/")
    return parts[0] == _SCENES[0].lower() and parts[-1].split("[")[0] in {
        *("id", "scenename", "enabled", "positionx", "positiony"),
    }


def _fingerprint(root: Element) -> str:
    """Return what tells two documents apart."""
    return sha256(etree.tostring(root, method="c14n")).hexdigest()[:16]
