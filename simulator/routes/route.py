"""One entry of the table of what a device answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from simulator import answers
from simulator.device import Device
from simulator.document import Tree, render
from simulator.faults import Fault
from simulator.profiles import Profile

type Handler = Callable[[Device, web.Request], Awaitable[web.StreamResponse]]


def _always(_profile: Profile) -> bool:
    """Tell that a path is there on every device."""
    return True


@dataclass(frozen=True, slots=True)
class Route:
    """Say who answers a method and path, and on which devices.

    Attributes:
        path: The path, with names in braces for its variable parts.
        when: Whether a device has it; without, it answers notSupport.
    """

    method: str
    path: str
    handler: Handler
    when: Callable[[Profile], bool] = _always


def document(device: Device, root: str, tree: Tree) -> web.Response:
    """Return a document in the device's namespace and with its line ends."""
    return xml(written(device, root, tree))


def written(device: Device, root: str, tree: Tree) -> bytes:
    """Return the bytes of a document."""
    profile = device.profile
    text = render(root, tree, namespace=profile.namespace, newline=profile.newline)
    return text.encode()


def xml(body: bytes) -> web.Response:
    """Return bytes that are XML as an HTTP answer."""
    return web.Response(body=body, content_type=answers.XML, charset="UTF-8")


def status(
    device: Device,
    request: web.Request,
    what: answers.Status,
    http: int | None = None,
) -> web.Response:
    """Return a status in the device's namespace; http replaces its usual status."""
    namespace = device.profile.namespace
    return answers.status(request, what, namespace=namespace, http=http)


def reads_plates(profile: Profile) -> bool:
    """Tell whether the device is one that reads plates."""
    return profile.dialect is not None


def own_path(_device: Device, request: web.Request) -> str:
    """Return where a document is that is kept by its path alone."""
    return request.path


def stored(
    root: str,
    factory: Callable[[Device], Tree],
    *,
    at_reboot: bool = False,
    place: Callable[[Device, web.Request], str] = own_path,
) -> tuple[Handler, Handler]:
    """Return the GET and PUT handlers of a document that clients may replace."""

    async def get(device: Device, request: web.Request) -> web.Response:
        """Answer with what was written last, else with the factory's document."""
        made = partial(written, device, root, factory(device))
        return xml(device.configuration.get(place(device, request), made))

    async def put(device: Device, request: web.Request) -> web.Response:
        """Take a whole new document."""
        body, late = await request.read(), Fault.SETTINGS_AT_REBOOT in device.faults
        done = device.configuration.put(
            place(device, request), body, root, at_reboot=at_reboot or late
        )
        return status(device, request, done)

    return get, put
