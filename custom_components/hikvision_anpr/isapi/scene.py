"""Read and choose the scene in which a camera takes its pictures.

A scene is a set of image settings that the camera keeps under a name. The vendor's web
page asks for `mountingScenario` and its capabilities, clients write it on several models
(reference 7.5). What `displayParamSwitch` switches by a schedule does not stay chosen.
"""

from dataclasses import dataclass
from typing import Final

from .client import IsapiClient
from .errors import NOT_TOLD, NotTakenError
from .stored_document import async_read, async_store, set_text
from .writable_document import options, text

_ROOT: Final = "MountingScenario"
_MODE: Final = ("mode",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenes:
    """Hold the scene of a channel, and those that the camera offers, in its words."""

    current: str | None
    offered: tuple[str, ...]


async def async_get_scenes(client: IsapiClient, channel: int) -> Scenes:
    """Ask for the scene and for those that are offered; none where there are none.

    Raises the errors of the client.
    """
    try:
        root = await async_read(client, f"{_path(channel)}/capabilities", _ROOT)
        current = await async_get_scene(client, channel)
    except NOT_TOLD:
        return Scenes(current=None, offered=())
    return Scenes(current=current, offered=options(root, *_MODE))


async def async_get_scene(client: IsapiClient, channel: int) -> str | None:
    """Ask for the scene. Raises the errors of the client."""
    return text(await async_read(client, _path(channel), _ROOT), *_MODE) or None


async def async_get_chosen_scene(client: IsapiClient, channel: int) -> str | None:
    """Ask for the scene; None where there are none. Raises the errors of the client."""
    try:
        return await async_get_scene(client, channel)
    except NOT_TOLD:
        return None


async def async_set_scene(client: IsapiClient, channel: int, scene: str) -> bool:
    """Choose a scene; tell whether the device wants a restart.

    Raises UnknownSettingError where its document has no place for it, NotTakenError
    where it shows another one afterwards, and the errors of the client.
    """
    path = _path(channel)
    root = await async_read(client, path, _ROOT)
    set_text(root, _MODE, scene, "scene")
    reboot_required = await async_store(client, path, root)
    if not reboot_required and await async_get_scene(client, channel) != scene:
        raise NotTakenError("The device keeps its scene", path=path)
    return reboot_required


async def async_get_scene_switching(client: IsapiClient, channel: int) -> str | None:
    """Ask what switches scenes, such as "disable" or "month"; None where nothing does.

    Raises the errors of the client.
    """
    path = f"/ISAPI/Image/channels/{channel}/displayParamSwitch"
    try:
        return text(await async_read(client, path, "DisplayParamSwitch"), "mode")
    except NOT_TOLD:
        return None


def _path(channel: int) -> str:
    """Return where the scene of a channel is."""
    return f"/ISAPI/Image/channels/{channel}/mountingScenario"
