"""/ISAPI/Event/notification/httpHosts: where the device posts to (reference 3.1)."""

from typing import Final

from aiohttp import web

from simulator.answers import BAD_CONTENT, NOT_SUPPORT, OK
from simulator.device import Device
from simulator.document import Tree
from simulator.events import state_event
from simulator.listening.host import ListeningHost
from simulator.listening.rules import ADDRESSINGS, PROTOCOLS
from simulator.listening.settings import ListeningSettings
from simulator.listening.slots import RefusedError
from simulator.message import Alert

from .route import Handler, Route, document, status, xml

_HOSTS: Final = "/ISAPI/Event/notification/httpHosts"
_HOST: Final = rf"{_HOSTS}/{{number:\d+}}"


def _refusing(handler: Handler) -> Handler:
    """Return a handler that answers what the slots refuse as the model does."""

    async def answer(device: Device, request: web.Request) -> web.StreamResponse:
        """Answer, or refuse with HTTP 200 where the model does (reference 10.4)."""
        try:
            return await handler(device, request)
        except RefusedError as refused:
            ok = device.profile.listening.refuses_with_200
            return status(device, request, refused.status, http=200 if ok else None)

    return answer


def _by_slot(handler: Handler) -> Handler:
    """Return a handler for models that know each slot by itself."""

    async def answer(device: Device, request: web.Request) -> web.StreamResponse:
        """Answer, unless the model only knows the whole list."""
        refusal = device.profile.listening.slot_refusal
        if refusal is not None:
            return status(device, request, refusal)
        return await handler(device, request)

    return _refusing(answer)


async def read_all(device: Device, _request: web.Request) -> web.Response:
    """Answer every slot."""
    return xml(device.listening.slots.list_document().encode())


async def replace_all(device: Device, request: web.Request) -> web.Response:
    """Take a whole list."""
    device.listening.slots.replace_all(await request.read())
    return status(device, request, OK)


async def add(device: Device, request: web.Request) -> web.Response:
    """Take one more host."""
    device.listening.slots.add(await request.read())
    return status(device, request, OK)


async def remove_all(device: Device, request: web.Request) -> web.Response:
    """Empty every slot."""
    device.listening.slots.clear()
    return status(device, request, OK)


async def read_one(device: Device, request: web.Request) -> web.Response:
    """Answer one slot."""
    return xml(device.listening.slots.document(_number(request)).encode())


async def replace_one(device: Device, request: web.Request) -> web.Response:
    """Take one slot."""
    device.listening.slots.put(_number(request), await request.read())
    return status(device, request, OK)


async def remove_one(device: Device, request: web.Request) -> web.Response:
    """Empty one slot."""
    device.listening.slots.empty(_number(request))
    return status(device, request, OK)


async def test(device: Device, request: web.Request) -> web.Response:
    """Post something to a host, and answer how that went.

    What devices post is not public; here it is an event of type "test".
    """
    if not device.profile.listening.tests:
        return status(device, request, NOT_SUPPORT)
    host = await _tested(device, request)
    event = state_event(device.profile, device.clock, "test")
    told = await device.listening.test(host, Alert(document=event))
    return document(device, "HttpHostTestResult", {"errorDescription": told})


async def capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer what a listening host may be."""
    settings = device.profile.listening
    tree: Tree = {
        "hostNumber": str(settings.slots),
        "urlLen": {"@max": str(settings.url_length)},
        "protocolType": _options(PROTOCOLS),
        "parameterFormatType": _options(settings.formats),
        "addressingFormatType": _options(ADDRESSINGS),
        "hostName": "",
        "ipAddress": {"@opt": "ipv4,ipv6"},
        "portNo": {"@min": "1", "@max": "65535"},
        "httpAuthenticationMethod": _options(settings.authentications),
        **_further_capabilities(settings),
    }
    return document(device, "HttpHostNotificationCap", tree)


def _further_capabilities(settings: ListeningSettings) -> Tree:
    """Return what not every model has."""
    tree: Tree = {
        name: {"@opt": "true,false", "#text": text}
        for name, text in settings.extras.items()
    }
    if settings.picture_types:
        kinds = _options(settings.picture_types)
        tree["ANPR"] = {"detectionUpLoadPicturesType": kinds}
    if settings.longest_heartbeat is not None:
        longest = str(settings.longest_heartbeat)
        heartbeat: Tree = {"@min": "0", "@max": longest}
        tree["SubscribeEventCap"] = {"heartbeat": heartbeat}
    return tree


def _options(values: tuple[str, ...]) -> Tree:
    """Return an element that lists what may be chosen."""
    return {"@opt": ",".join(values)}


def _number(request: web.Request) -> int:
    """Return the slot that the path names."""
    return int(request.match_info["number"])


async def _tested(device: Device, request: web.Request) -> ListeningHost:
    """Return the host that the body describes, else the slot's.

    Raises:
        RefusedError: There is no such slot, or it names nobody.
    """
    slots, body = device.listening.slots, await request.read()
    kept = slots.host(_number(request))
    host = slots.read(body) if body.strip() else kept
    if not host.is_somebody:
        raise RefusedError(BAD_CONTENT)
    return host


ROUTES = (
    Route("GET", _HOSTS, read_all),
    Route("PUT", _HOSTS, _refusing(replace_all)),
    Route("POST", _HOSTS, _refusing(add)),
    Route("DELETE", _HOSTS, remove_all),
    Route("GET", f"{_HOSTS}/capabilities", capabilities),
    Route("GET", _HOST, _by_slot(read_one)),
    Route("PUT", _HOST, _by_slot(replace_one)),
    Route("DELETE", _HOST, _by_slot(remove_one)),
    Route("POST", f"{_HOST}/test", _refusing(test)),
)
