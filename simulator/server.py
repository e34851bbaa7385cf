"""Serve a device over HTTP: faults first, then the login, then the routes."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from aiohttp import web

from . import answers
from .device import Device, LoggedRequest
from .digest import CHALLENGE_PAGE, Judgement, Level, Verdict
from .faults import Fault
from .routes import RECORDER_ROUTES, ROUTES, Route

type Next = Callable[[web.Request], Awaitable[web.StreamResponse]]

#: Paths that need no login.
_OPEN: Final = ("/SDK/activateStatus",)

#: Services that devices know; below them a path that is not there is notSupport.
_SERVICES: Final = (
    "AccessControl",
    "ContentMgmt",
    "Event",
    "Image",
    "Intelligent",
    "ITC",
    "Parking",
    "PTZCtrl",
    "Security",
    "Smart",
    "Streaming",
    "System",
    "Traffic",
    "WLAlarm",
)

#: Bytes of the largest body taken: a whole plate list.
_LARGEST_BODY: Final = 32 * 1024 * 1024

_USER_CHECK: Final = "/ISAPI/Security/userCheck"


def application(device: Device) -> web.Application:
    """Return the web application of one device."""
    server = _Server(device)
    app = web.Application(
        middlewares=[server.guard, server.refuse], client_max_size=_LARGEST_BODY
    )
    app.on_response_prepare.extend((server.log, _hide_server))
    for route in RECORDER_ROUTES if device.recorder else ROUTES:
        handler = partial(_handle, device, route)
        app.router.add_route(route.method, route.path, handler)
    return app


async def _hide_server(_request: web.Request, response: web.StreamResponse) -> None:
    """Leave the Server header empty, as the captures do (reference 2.1)."""
    response.headers["Server"] = ""


async def _handle(
    device: Device, route: Route, request: web.Request
) -> web.StreamResponse:
    """Answer a known path, if this device has it."""
    if route.when(device.profile):
        return await route.handler(device, request)
    return _status(device, request, answers.NOT_SUPPORT)


def _status(
    device: Device, request: web.Request, what: answers.Status, http: int | None = None
) -> web.Response:
    """Return a status in the device's namespace."""
    namespace = device.profile.namespace
    return answers.status(request, what, namespace=namespace, http=http)


class _Server:
    """Hold the middlewares and the log of one device."""

    def __init__(self, device: Device) -> None:
        """Serve this device."""
        self._device = device

    async def log(self, request: web.Request, response: web.StreamResponse) -> None:
        """Record a request when its answer begins, endless ones included."""
        self._device.requests.append(
            LoggedRequest(
                method=request.method,
                path=request.path,
                query=request.query_string,
                body=await request.read(),
                user=request.get("user", ""),
                status=response.status,
            )
        )

    @web.middleware
    async def guard(self, request: web.Request, handler: Next) -> web.StreamResponse:
        """Let nobody pass without the right login."""
        device = self._device
        await request.read()
        if request.path in _OPEN:
            return await handler(request)
        if device.faults.strikes(Fault.BUSY):
            return _status(device, request, answers.BUSY)
        if not device.profile.activated:
            return _status(device, request, answers.NOT_ACTIVATED)
        judgement = self._judge(request)
        if judgement.verdict is not Verdict.ACCEPTED or judgement.user is None:
            return self._challenge(request, judgement.verdict)
        request["user"] = judgement.user.name
        if request.method != "GET" and judgement.user.level is not Level.ADMINISTRATOR:
            return _status(device, request, answers.LOW_PRIVILEGE)
        if device.faults.strikes(Fault.OK_BUT_NOT_SUPPORTED):
            return _status(device, request, answers.NOT_SUPPORT, http=200)
        return await handler(request)

    @web.middleware
    async def refuse(self, request: web.Request, handler: Next) -> web.StreamResponse:
        """Answer what is not there in the device's words."""
        try:
            return await handler(request)
        except web.HTTPMethodNotAllowed:
            return _status(self._device, request, answers.BAD_METHOD)
        except web.HTTPNotFound:
            service = request.path.removeprefix("/ISAPI/").partition("/")[0]
            known = service in _SERVICES and request.path.startswith("/ISAPI/")
            what = answers.NOT_SUPPORT if known else answers.UNKNOWN_URI
            return _status(self._device, request, what)

    def _judge(self, request: web.Request) -> Judgement:
        """Judge the request's login, unless a fault decides."""
        faults = self._device.faults
        header = request.headers.get("Authorization", "")
        if Fault.LOCKED in faults:
            return Judgement(Verdict.LOCKED if header else Verdict.MISSING)
        if faults.strikes(Fault.UNAUTHORIZED_STORM):
            return Judgement(Verdict.MISSING)
        source = request.remote or ""
        return self._device.guard.judge(
            request.method, request.raw_path, header, source
        )

    def _challenge(self, request: web.Request, verdict: Verdict) -> web.Response:
        """Refuse a login; userCheck tells how many attempts are left."""
        guard = self._device.guard
        challenges = guard.challenges(stale=verdict is Verdict.STALE)
        told = verdict in {Verdict.WRONG, Verdict.LOCKED}
        if request.path != _USER_CHECK or not told:
            return answers.unauthorized(challenges, CHALLENGE_PAGE)
        body, kind = answers.user_check(
            self._device.profile.namespace,
            self._refusal(request, verdict),
            as_json=request.query.get("format") == "json",
        )
        return answers.unauthorized(challenges, body, kind)

    def _refusal(self, request: web.Request, verdict: Verdict) -> dict[str, str]:
        """Return what userCheck says about a wrong login (reference 9.2)."""
        guard = self._device.guard
        header = request.headers.get("Authorization", "")
        key = guard.key(header, request.remote or "")
        fields = {"statusValue": "401", "statusString": "Unauthorized"}
        seconds = guard.unlock_time(key)
        if verdict is Verdict.LOCKED or seconds:
            seconds = seconds or int(guard.lock_time.total_seconds())
            return fields | {"lockStatus": "lock", "unlockTime": str(seconds)}
        left = str(guard.attempts_left(key))
        return fields | {"lockStatus": "unlock", "retryLoginTime": left}
