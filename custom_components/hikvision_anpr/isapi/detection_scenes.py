"""Read the scenes of vehicle detection, which some models have (reference 7.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .geometry import Point, Points
from .shapes import DrawnShape
from .stored_document import UnknownSettingError, flag
from .writable_document import Element, child, text

_SCENES: Final = "VehicleDetectSceneList"
_AREAS: Final = ("PlateRecogParam", "PlateRecogRegionList")
_KNOWN: Final = frozenset({"id", "scenename", "enabled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Hold a scene: a setting of the camera with the regions in which it reads."""

    scene_id: str
    name: str | None
    enabled: bool | None
    regions: tuple[tuple[Point, ...], ...]


class RegionCountError(UnknownSettingError):
    """Say that a scene has another number of regions, and keeps it."""

    def __init__(self, scene_id: str, count: int) -> None:
        """Name the scene, and how many it has."""
        super().__init__(scene_id)
        self.count = count


def scene_of(root: Element, scene_id: str) -> Element:
    """Return a scene. Raises UnknownSettingError."""
    scenes = {text(element, "id") or "": element for element in _scenes(root)}
    if scene_id not in scenes:
        raise UnknownSettingError(f"scene {scene_id}")
    return scenes[scene_id]


def regions_by_path(
    scene: Element, polygons: Sequence[Points], drawn: Mapping[str, DrawnShape]
) -> dict[str, Points]:
    """Return the polygons of a scene's regions by their paths.

    Raises RegionCountError: there stay as many as there are.
    """
    regions = _regions(scene, drawn)
    if len(regions) != len(polygons):
        raise RegionCountError(text(scene, "id") or "", len(regions))
    paths = (region.shape.path for region in regions)
    return dict(zip(paths, polygons, strict=True))


def _scenes(root: Element) -> list[Element]:
    """Return the scenes of a document."""
    listed = child(root, _SCENES)
    return list(listed) if listed is not None else []


def read_scenes(root: Element, drawn: Mapping[str, DrawnShape]) -> tuple[Scene, ...]:
    """Return what a document says of its scenes."""
    return tuple(_scene(element, drawn) for element in _scenes(root))


def _scene(element: Element, drawn: Mapping[str, DrawnShape]) -> Scene:
    """Return what a scene says."""
    return Scene(
        scene_id=text(element, "id") or "",
        name=text(element, "sceneName") or None,
        enabled=flag(text(element, "enabled")),
        regions=tuple(one.shape.points for one in _regions(element, drawn)),
    )


def _regions(scene: Element, drawn: Mapping[str, DrawnShape]) -> list[DrawnShape]:
    """Return the regions of a scene in which plates are read."""
    listed = child(scene, *_AREAS)
    if listed is None:
        return []
    inside = set(listed.iter())
    return [one for one in drawn.values() if inside.intersection(one.elements)]


def is_of_a_scene(names: Sequence[str]) -> bool:
    """Tell whether the text at a path is one that scenes are known to have."""
    is_scene = names[0] == _SCENES.lower()
    return is_scene and names[-1].partition("[")[0] in _KNOWN
