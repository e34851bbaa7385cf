"""Tell a device whom to deliver its events to: its HTTP hosts (reference 3.1)."""

from dataclasses import dataclass
from typing import Final

from .client import IsapiClient
from .errors import (
    BadAnswerError,
    BusyError,
    ForbiddenError,
    NotSupportedError,
    RebootRequiredError,
    RejectedError,
    SlotChangedError,
)
from .http_host import PICTURES, HostCapabilities, HttpHost, host_of, number
from .http_host_document import detached, replaced, slots
from .http_host_plan import (
    HostChange,
    HostPlan,
    PictureChoice,
    SavedHost,
    WantedHost,
    plan_host,
)
from .node import Node
from .writable_document import Element, options, parse, text, writable

__all__ = [
    "HTTP_HOSTS",
    "HostCapabilities",
    "HostChange",
    "HostPlan",
    "HostTestResult",
    "HttpHost",
    "PictureChoice",
    "SavedHost",
    "WantedHost",
    "async_apply",
    "async_get_host_capabilities",
    "async_get_hosts",
    "async_restore",
    "async_set_baseline_protocol",
    "async_test",
    "plan_host",
]

HTTP_HOSTS: Final = "/ISAPI/Event/notification/httpHosts"

_BASELINE_PATH: Final = "/ISAPI/Traffic/ANPR/alarmHttpPushProtocol"
_BASELINE: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<AlarmHttpPushProtocol version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
<baseLineProtocolEnabled>true</baseLineProtocolEnabled>
</AlarmHttpPushProtocol>
"""
_HAS_NO_ANSWER: Final = (
    BadAnswerError,
    ForbiddenError,
    NotSupportedError,
    RejectedError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTestResult:
    """Hold what a device says of a delivery that it tried; `text` is its own word."""

    ok: bool
    text: str


async def async_get_hosts(client: IsapiClient) -> list[HttpHost]:
    """Ask for every slot. Raises the errors of the client."""
    return [host_of(detached(slot)) for slot in slots(await _list(client))]


async def async_get_host_capabilities(client: IsapiClient) -> HostCapabilities:
    """Ask what the slots can take; a device that does not know says nothing.

    Raises the errors of the client about login and connection, and BusyError.
    """
    try:
        cap = parse(await client.get_bytes(f"{HTTP_HOSTS}/capabilities"))
    except _HAS_NO_ANSWER:
        return HostCapabilities()
    return HostCapabilities(
        slots=number(text(cap, "hostNumber")),
        url_length=number(",".join(options(cap, "urlLen", attribute="max"))),
        protocols=options(cap, "protocolType"),
        formats=options(cap, "parameterFormatType"),
        addressing=options(cap, "addressingFormatType"),
        authentication=options(cap, "httpAuthenticationMethod"),
        pictures=options(cap, *PICTURES),
        push_protocols=options(cap, "ANPR", "alarmHttpPushProtocol"),
    )


async def async_apply(client: IsapiClient, plan: HostPlan) -> HttpHost:
    """Write a plan and return the slot as the device has it afterwards.

    Raises SlotChangedError where the slot is no longer as it was planned for,
    RejectedError where the device did not keep what was written, and the errors
    of the client.
    """
    found = await _find(client, plan.before.id)
    if found is None or found.document != plan.before.document:
        raise SlotChangedError("The slot was changed meanwhile", path=HTTP_HOSTS)
    if plan.changes:
        await _write(client, plan.after)
        found = await _find(client, plan.after.id)
    if found is None or found.target != plan.after.target:
        raise RejectedError("The device did not keep the setting", path=HTTP_HOSTS)
    return found


async def async_restore(client: IsapiClient, saved: SavedHost) -> bool:
    """Put a slot back as it was; False, and nothing written, if no longer ours.

    Raises the errors of the client.
    """
    found = await _find(client, saved.id)
    if found is None or not found.is_at(saved.url):
        return False
    await _write(client, host_of(parse(saved.document.encode())))
    return True


async def async_test(client: IsapiClient, host_id: str) -> HostTestResult:
    """Let the device try a delivery to a slot.

    Raises the errors of the client; NotSupportedError where it cannot try.
    """
    found = await _find(client, host_id)
    if found is None:
        raise SlotChangedError("The slot is no longer there", path=HTTP_HOSTS)
    try:
        answer = await client.post(f"{_path(host_id)}/test", _body(found))
    except RejectedError as error:
        return HostTestResult(ok=False, text=str(error))
    return _test_result(answer)


async def async_set_baseline_protocol(client: IsapiClient) -> bool:
    """Make old firmware deliver ISAPI; False where it has no such setting.

    Raises the errors of the client about login and connection alone.
    """
    try:
        await client.put(_BASELINE_PATH, _BASELINE)
    except (*_HAS_NO_ANSWER, BusyError, RebootRequiredError):
        return False
    return True


async def _list(client: IsapiClient) -> Element:
    """Ask for the list of slots, as it can be written back."""
    return parse(await client.get_bytes(HTTP_HOSTS))


async def _find(client: IsapiClient, host_id: str) -> HttpHost | None:
    """Ask for one slot; from the list, which every device has."""
    hosts = await async_get_hosts(client)
    return next((host for host in hosts if host.id == host_id), None)


async def _write(client: IsapiClient, host: HttpHost) -> None:
    """Write one slot; as part of the list where it cannot be written alone."""
    try:
        await client.put(_path(host.id), _body(host))
    except NotSupportedError:
        await client.put(HTTP_HOSTS, await _list_with(client, host))


async def _list_with(client: IsapiClient, host: HttpHost) -> bytes:
    """Return the device's list with one slot replaced.

    Raises SlotChangedError where the slot is no longer there.
    """
    whole = await _list(client)
    slot = next((each for each in slots(whole) if text(each, "id") == host.id), None)
    if slot is None:
        raise SlotChangedError("The slot is no longer there", path=HTTP_HOSTS)
    return writable(replaced(slot, parse(host.document)))


def _path(host_id: str) -> str:
    """Return where a slot is."""
    return f"{HTTP_HOSTS}/{host_id}"


def _body(host: HttpHost) -> bytes:
    """Return a slot as the device takes it."""
    return writable(parse(host.document))


def _test_result(answer: Node) -> HostTestResult:
    """Judge what a device says of its test (reference 3.2).

    Some give a description, some a code, some but a general answer.
    """
    description = answer.find("errorDescription")
    code = answer.find("errorCode")
    said = description.text if description else answer.value("statusString") or ""
    if code and code.text == "0":
        return HostTestResult(ok=True, text=said)
    ok = said.lower() in {"", "ok"} and (code is None or code.text == "1")
    return HostTestResult(ok=ok, text=said)
