"""Let demos and end-to-end tests steer a running camera over HTTP, without a login."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from ipaddress import ip_address
import json
from typing import Final, cast, get_type_hints

from aiohttp import web

from .camera import SimulatedCamera
from .faults import Fault
from .passage import Facts

type Answer = Awaitable[web.Response]
type Handler = Callable[[SimulatedCamera, web.Request], Answer]

_FACTS: Final = frozenset(get_type_hints(Facts))


def application(cameras: dict[int, SimulatedCamera]) -> web.Application:
    """Return the control of several cameras, numbered from 1.

    Every path takes ?camera=N, which is 1 by default. Only loopback is answered.
    """
    app = web.Application(middlewares=[_loopback_only])
    for method, path, handler in (
        ("GET", "/simulator/state", state),
        ("POST", "/simulator/passage", passage),
        ("POST", "/simulator/event", event),
        ("POST", "/simulator/faults", faults),
        ("POST", "/simulator/drop", drop),
        ("POST", "/simulator/reboot", reboot),
        ("POST", "/simulator/host", host),
        ("POST", "/simulator/upload", upload),
    ):
        app.router.add_route(method, path, partial(_steer, cameras, handler))
    return app


@web.middleware
async def _loopback_only(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.StreamResponse:
    """Refuse whoever comes from another machine."""
    if not ip_address(request.remote or "0.0.0.0").is_loopback:
        raise web.HTTPForbidden
    return await handler(request)


async def _steer(
    cameras: dict[int, SimulatedCamera], handler: Handler, request: web.Request
) -> web.Response:
    """Hand the request on to the camera that it names."""
    try:
        camera = cameras[int(request.query.get("camera", "1"))]
        return await handler(camera, request)
    except (KeyError, TypeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400)


async def state(camera: SimulatedCamera, _request: web.Request) -> web.Response:
    """Answer what the camera has seen of its clients."""
    return web.json_response(
        {
            "url": camera.url,
            "profile": camera.profile.name,
            "faults": camera.faults.active(),
            "open_streams": camera.open_streams,
            "stream_opens": camera.stream_opens,
            "failed_logins": camera.failed_logins,
            "requests": len(camera.requests),
            "passages": len(camera.passages),
            "missed": len(camera.missed),
            "plates": len(camera.plates),
            "hosts": {
                host.number: host.whole_url
                for host in camera.listening.hosts
                if host.in_use
            },
            "posts": len(camera.listening.posts),
            "posts_taken": sum(post.taken for post in camera.listening.posts),
            "posts_waiting": len(camera.listening.waiting),
            "outputs": camera.device.outputs,
        }
    )


async def passage(camera: SimulatedCamera, request: web.Request) -> web.Response:
    """Let a vehicle pass; the body names what vehicle_passes takes.

    captured_at is ISO 8601 with an offset.
    """
    body = await _object(request)
    own = {key: body.pop(key) for key in ("plate", "pictures", "uuid") if key in body}
    moment = body.pop("captured_at", None)
    if unknown := body.keys() - _FACTS:
        raise ValueError(f"Unknown: {', '.join(sorted(unknown))}")
    passed = await camera.vehicle_passes(
        cast(str | None, own.get("plate", "AB123CD")),
        pictures=cast(list[str] | None, own.get("pictures")),
        uuid=cast(str | None, own.get("uuid")),
        captured_at=datetime.fromisoformat(str(moment)) if moment else None,
        **cast(Facts, body),
    )
    return web.json_response(
        {
            "uuid": passed.uuid,
            "plate": passed.plate,
            "captured_at": passed.captured_at.isoformat(),
        }
    )


async def event(camera: SimulatedCamera, request: web.Request) -> web.Response:
    """Send another event: {"type": "IO", "state": "active", "inputIOPortID": "1"}."""
    body = {key: str(value) for key, value in (await _object(request)).items()}
    kind, phase = body.pop("type"), body.pop("state", "active")
    camera.send_event(kind, state=phase, extra={**body})
    return web.json_response({"sent": kind})


async def faults(camera: SimulatedCamera, request: web.Request) -> web.Response:
    """Switch exactly these faults on: {"on": ["stall"], "times": 1}."""
    body = await _object(request)
    names = cast(list[str], body.get("on", []))
    times = cast(int | None, body.get("times"))
    wanted = [Fault(name) for name in names]
    camera.faults.clear()
    camera.faults.on(*wanted, times=times)
    return web.json_response({"faults": camera.faults.active()})


async def drop(camera: SimulatedCamera, _request: web.Request) -> web.Response:
    """End every alert stream."""
    camera.drop_streams()
    return web.json_response({"stream_opens": camera.stream_opens})


async def reboot(camera: SimulatedCamera, request: web.Request) -> web.Response:
    """Reboot, and answer when the camera is back: {"seconds": 30}; 0 by default."""
    seconds = float(str((await _object(request)).get("seconds", 0)))
    await camera.reboot(seconds)
    return web.json_response({"reboots": camera.device.reboots})


async def host(camera: SimulatedCamera, request: web.Request) -> web.Response:
    """Fill a slot: {"url": "http://127.0.0.1:8123/api/webhook/1", "slot": 1}.

    It also takes picture_type and resends; a url of null empties the slot.
    """
    body = await _object(request)
    url, slot = body["url"], int(str(body.get("slot", 1)))
    if url is None:
        camera.listening.slots.empty(slot)
        return web.json_response({"slot": slot, "url": None})
    camera.listening.post_to(
        str(url),
        slot=slot,
        picture_type=str(body.get("picture_type", "all")),
        resends=bool(body.get("resends", False)),
    )
    told = camera.listening.slots.host(slot).whole_url
    return web.json_response({"slot": slot, "url": told})


async def upload(camera: SimulatedCamera, _request: web.Request) -> web.Response:
    """Upload at once what hosts have not taken."""
    await camera.listening.upload_late()
    return web.json_response({"posts_waiting": len(camera.listening.waiting)})


async def _object(request: web.Request) -> dict[str, object]:
    """Return the request's JSON object; an empty body is an empty one.

    Raises:
        TypeError: The body is something else.
    """
    found: object = json.loads(await request.text() or "{}")
    if not isinstance(found, dict):
        raise TypeError("A JSON object is expected")
    return cast(dict[str, object], found)
