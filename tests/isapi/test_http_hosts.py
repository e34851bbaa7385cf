"""Test telling a device whom to deliver to, and taking it back."""

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    AuthenticationError,
    BadAnswerError,
    BusyError,
    ForbiddenError,
    NotSupportedError,
    RejectedError,
    SlotChangedError,
)
from custom_components.hikvision_anpr.isapi.http_hosts import (
    HTTP_HOSTS,
    HostCapabilities,
    HostPlan,
    HostTestResult,
    HttpHost,
    WantedHost,
    async_apply,
    async_get_host_capabilities,
    async_get_hosts,
    async_restore,
    async_set_baseline_protocol,
    async_test,
    plan_host,
)
from custom_components.hikvision_anpr.isapi.writable_document import parse, writable

from .http_host_fixtures import (
    BAD_CONTENT,
    CAMERA,
    CAPABILITIES,
    HIKVISION,
    NOT_SUPPORTED,
    OK,
    OURS,
    PATH,
    RECORDER,
    SINGLE_SLOT,
    TERMINAL,
    USED,
    VERSION,
    WITH_LIMITS,
    HostsDevice,
    listed,
    slot,
)
from .web_server import WebServer

WANTED = WantedHost(url=OURS, address="192.0.2.5", port=8123)
LONE_SLOT = slot(attributes=f' version="2.0" xmlns="{HIKVISION}"').encode()
BASELINE_PATH = "/ISAPI/Traffic/ANPR/alarmHttpPushProtocol"
LOW_PRIVILEGE = NOT_SUPPORTED.replace(b"notSupport", b"lowPrivilege")
BUSY = b"<ResponseStatus><statusCode>2</statusCode></ResponseStatus>"
REBOOT = b"<ResponseStatus><statusCode>7</statusCode></ResponseStatus>"


def device_with(document: bytes, web_server: WebServer) -> HostsDevice:
    """Start a device that has these slots."""
    device = HostsDevice(document=document)
    device.serve(web_server)
    return device


async def planned_for(client: IsapiClient, wanted: WantedHost = WANTED) -> HostPlan:
    """Plan for what a device tells now."""
    return plan_host(await async_get_hosts(client), HostCapabilities(), wanted)


def as_written(host: HttpHost) -> bytes:
    """Return a slot as a device takes it."""
    return writable(parse(host.document))


async def test_path() -> None:
    """Ask where the devices have their hosts."""
    assert HTTP_HOSTS == PATH


async def test_hosts(client: IsapiClient, web_server: WebServer) -> None:
    """Ask for every slot."""
    device_with(CAMERA, web_server)
    hosts = await async_get_hosts(client)
    assert [host.id for host in hosts] == ["1", "2", "3"]


async def test_hosts_without_xml(client: IsapiClient, web_server: WebServer) -> None:
    """Report a list that cannot be read."""
    web_server.answer(PATH, b'{"a": 1}', content_type="application/json")
    with pytest.raises(BadAnswerError):
        await async_get_hosts(client)


async def test_capabilities(client: IsapiClient, web_server: WebServer) -> None:
    """Ask what the slots can take."""
    web_server.answer(f"{PATH}/capabilities", CAPABILITIES)
    assert await async_get_host_capabilities(client) == HostCapabilities(
        slots=3,
        url_length=128,
        protocols=("HTTP", "HTTPS", "EHome"),
        formats=("XML", "JSON", "querystring"),
        addressing=("ipaddress", "hostname"),
        authentication=("MD5digest", "none"),
        pictures=("all", "licensePlatePicture", "detectionPicture"),
        push_protocols=("baseline", "custom"),
    )


@pytest.mark.parametrize(
    "answer", [NOT_SUPPORTED, LOW_PRIVILEGE, CAPABILITIES[:200], b"<other></other>"]
)
async def test_no_capabilities(
    client: IsapiClient, web_server: WebServer, answer: bytes
) -> None:
    """Do without what a device does not tell."""
    web_server.answer(f"{PATH}/capabilities", answer)
    assert await async_get_host_capabilities(client) == HostCapabilities()


async def test_capabilities_of_a_busy_device(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Do not take a busy device for one that can do nothing."""
    web_server.answer(f"{PATH}/capabilities", BUSY)
    with pytest.raises(BusyError):
        await async_get_host_capabilities(client)


@pytest.mark.parametrize(
    "document", [CAMERA, RECORDER, TERMINAL, WITH_LIMITS, LONE_SLOT]
)
@pytest.mark.parametrize("writes_slots", [True, False])
async def test_apply_and_restore(
    client: IsapiClient, web_server: WebServer, document: bytes, writes_slots: bool
) -> None:
    """Write one slot, alone or within its list, and put it back as it was."""
    device = device_with(document, web_server)
    device.writes_slots = writes_slots and document != LONE_SLOT
    before = await async_get_hosts(client)
    plan = await planned_for(client)
    written = await async_apply(client, plan)
    assert (written.id, written.target) == (plan.after.id, plan.after.target)
    others = [host for host in await async_get_hosts(client) if host.id != written.id]
    assert [host.target for host in others] == [
        host.target for host in before if host.id != written.id
    ]
    assert plan.saved
    assert await async_restore(client, plan.saved)
    after = await async_get_hosts(client)
    assert list(map(as_written, after)) == list(map(as_written, before))
    paths = {path for path, _ in device.written}
    assert paths == {f"{PATH}/{written.id}" if device.writes_slots else PATH}


async def test_one_slot_is_written(client: IsapiClient, web_server: WebServer) -> None:
    """Write the planned document, as XML, under the number of its slot."""
    device = device_with(CAMERA, web_server)
    plan = await planned_for(client)
    await async_apply(client, plan)
    changed = slot(
        2,
        OURS,
        "192.0.2.5",
        8123,
        rest="<httpBroken>true</httpBroken>",
        attributes=f' xmlns="{HIKVISION}" version="2.0"',
    )
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{changed}'
    assert device.written == [(f"{PATH}/2", body.encode())]
    assert web_server.logins[-2].method == "PUT"
    assert web_server.logins[-2].content_type == "application/xml"


@pytest.mark.parametrize("attributes", ["", VERSION])
async def test_list_is_written_as_it_was(
    client: IsapiClient, web_server: WebServer, attributes: str
) -> None:
    """Keep the other slots, byte by byte, where the list is written as a whole."""
    device = device_with(listed(USED, slot(2, attributes=attributes)), web_server)
    device.writes_slots = False
    await async_apply(client, await planned_for(client))
    changed = slot(
        2,
        OURS,
        "192.0.2.5",
        8123,
        rest="<httpBroken>true</httpBroken>",
        attributes=attributes,
    )
    assert device.written == [(PATH, listed(USED, changed).rstrip())]


@pytest.mark.parametrize(
    "changed",
    [
        listed(USED, slot(2, "/taken", "192.0.2.40"), slot(3)),
        listed(USED, slot(2, port=81), slot(3)),
        SINGLE_SLOT,
    ],
)
async def test_slot_changed_since_the_plan(
    client: IsapiClient, web_server: WebServer, changed: bytes
) -> None:
    """Write nothing over what somebody else wrote meanwhile."""
    device = device_with(CAMERA, web_server)
    plan = await planned_for(client)
    device.document = changed
    with pytest.raises(SlotChangedError):
        await async_apply(client, plan)
    assert device.written == []


async def test_slot_gone_before_the_list_is_written(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Write no list that lacks the slot."""
    device = device_with(CAMERA, web_server)
    plan = await planned_for(client)

    def lose_slots() -> None:
        """Lose all slots but the used one."""
        device.document = SINGLE_SLOT

    device.writes_slots = False
    device.before_write = lose_slots
    with pytest.raises(SlotChangedError):
        await async_apply(client, plan)
    assert device.written == []


async def test_changes_of_other_slots_are_kept(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Write the list as it is now, not as it was when it was planned for."""
    device = device_with(CAMERA, web_server)
    device.writes_slots = False
    plan = await planned_for(client)
    device.document = listed(slot(1, "/b", "192.0.2.31"), slot(2), slot(3))
    await async_apply(client, plan)
    hosts = await async_get_hosts(client)
    assert [host.url for host in hosts] == ["/b", OURS, "/"]


async def test_nothing_to_write(client: IsapiClient, web_server: WebServer) -> None:
    """Write nothing where all is as planned."""
    document = slot(1, OURS, "192.0.2.5", 8123, rest="")
    device = device_with(listed(document), web_server)
    host = await async_apply(client, await planned_for(client))
    assert host.is_at(OURS)
    assert device.written == []


async def test_device_that_keeps_nothing(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Do not believe a device that says OK and does nothing."""
    device = device_with(CAMERA, web_server)
    device.forgets = True
    with pytest.raises(RejectedError, match="keep"):
        await async_apply(client, await planned_for(client))


@pytest.mark.parametrize(
    ("answer", "error"),
    [(BAD_CONTENT, RejectedError), (LOW_PRIVILEGE, ForbiddenError), (BUSY, BusyError)],
)
async def test_refused(
    client: IsapiClient, web_server: WebServer, answer: bytes, error: type[Exception]
) -> None:
    """Report a refusal, and do not try the whole list after it."""
    device = device_with(CAMERA, web_server)
    web_server.answer(f"{PATH}/2", answer)
    with pytest.raises(error):
        await async_apply(client, await planned_for(client))
    assert device.written == []


@pytest.mark.parametrize("url", ["/other", "/"])
async def test_slot_no_longer_ours_is_left_alone(
    client: IsapiClient, web_server: WebServer, url: str
) -> None:
    """Restore nothing over what is another's by now, or is gone."""
    device = device_with(CAMERA, web_server)
    plan = await planned_for(client)
    assert plan.saved
    device.document = listed(USED, slot(2, url, "192.0.2.5", 8123))
    assert not await async_restore(client, plan.saved)
    device.document = SINGLE_SLOT
    assert not await async_restore(client, plan.saved)
    assert device.written == []


@pytest.mark.parametrize(
    ("inside", "result"),
    [
        ("<errorDescription>ok</errorDescription>", HostTestResult(ok=True, text="ok")),
        ("<errorDescription>OK</errorDescription>", HostTestResult(ok=True, text="OK")),
        ("<errorCode>0</errorCode>", HostTestResult(ok=True, text="")),
        ("<errorCode>1</errorCode>", HostTestResult(ok=True, text="")),
        (
            "<errorCode>0</errorCode><errorDescription>fine</errorDescription>",
            HostTestResult(ok=True, text="fine"),
        ),
        ("<errorCode>7</errorCode>", HostTestResult(ok=False, text="")),
        (
            "<errorDescription>Connection refused</errorDescription>",
            HostTestResult(ok=False, text="Connection refused"),
        ),
    ],
)
async def test_test(
    client: IsapiClient, web_server: WebServer, inside: str, result: HostTestResult
) -> None:
    """Let the device try, and judge what it says."""
    device_with(WITH_LIMITS, web_server)
    document = f"<HttpHostTestResult>{inside}</HttpHostTestResult>"
    web_server.answer(f"{PATH}/1/test", document.encode())
    assert await async_test(client, "1") == result
    asked = web_server.logins[-1]
    assert asked.method == "POST"
    assert b"<HttpHostNotification" in asked.body
    assert b"opt=" not in asked.body


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (b"", HostTestResult(ok=True, text="")),
        (OK, HostTestResult(ok=True, text="")),
        (
            OK.replace(b"</R", b"<statusString>OK</statusString></R"),
            HostTestResult(ok=True, text="OK"),
        ),
        (
            BAD_CONTENT,
            HostTestResult(
                ok=False, text="The device rejected the request (badXmlContent)"
            ),
        ),
    ],
)
async def test_test_with_a_general_answer(
    client: IsapiClient, web_server: WebServer, answer: bytes, result: HostTestResult
) -> None:
    """Judge a device that answers a test as it answers everything."""
    device_with(CAMERA, web_server)
    web_server.answer(f"{PATH}/1/test", answer)
    assert await async_test(client, "1") == result


async def test_device_that_cannot_test(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Report that there is no test, or no such slot."""
    device_with(SINGLE_SLOT, web_server)
    web_server.answer(f"{PATH}/1/test", NOT_SUPPORTED, status=403)
    with pytest.raises(NotSupportedError):
        await async_test(client, "1")
    with pytest.raises(SlotChangedError):
        await async_test(client, "2")


@pytest.mark.parametrize(
    ("answer", "is_set"),
    [
        (OK, True),
        (NOT_SUPPORTED, False),
        (LOW_PRIVILEGE, False),
        (BAD_CONTENT, False),
        (BUSY, False),
        (REBOOT, False),
        (b"<html></html>", False),
    ],
)
async def test_baseline_protocol(
    client: IsapiClient, web_server: WebServer, answer: bytes, is_set: bool
) -> None:
    """Ask for ISAPI, and do without where that is nothing to choose."""
    web_server.answer(BASELINE_PATH, answer)
    assert await async_set_baseline_protocol(client) is is_set
    (asked,) = web_server.logins
    assert asked.method == "PUT"
    assert b"<baseLineProtocolEnabled>true</baseLineProtocolEnabled>" in asked.body


async def test_baseline_protocol_without_login(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Report a refused login, as always."""
    web_server.answer(BASELINE_PATH, b"", status=401)
    with pytest.raises(AuthenticationError):
        await async_set_baseline_protocol(client)
