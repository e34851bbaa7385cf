"""Test searching the network, picking what was found, and adding many devices."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import SOURCE_IGNORE, ConfigFlowResult
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import (
    EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE,
    FlowResultType,
)
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    get_schema_suggested_value,
)

from custom_components.hikvision_anpr import device_check, enrolment, several_flow
from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.device_check import title_of
from custom_components.hikvision_anpr.isapi.sadp import SadpDevice, Search, parse_answer
from simulator.camera import PASSWORD, USERNAME, SimulatedCamera
from simulator.pictures import SMALL
from simulator.profiles import (
    DEEPINVIEW,
    ENTRANCE,
    NOT_ACTIVATED,
    PLAIN_CAMERA,
    Profile,
    numbered,
)
from simulator.sadp import answer

from .flows import start, submit

LOGIN = {CONF_USERNAME: USERNAME, CONF_PASSWORD: PASSWORD}

pytestmark = pytest.mark.usefixtures("mock_setup_entry")


@pytest.fixture
def profiles() -> list[Profile]:
    """Return the models of the cameras; parametrize it for others."""
    return [DEEPINVIEW, ENTRANCE, numbered(DEEPINVIEW, 2)]


@pytest.fixture
async def cameras(
    socket_enabled: None, profiles: list[Profile]
) -> AsyncIterator[list[SimulatedCamera]]:
    """Start several cameras on loopback."""
    cameras = [SimulatedCamera(profile, pictures=SMALL) for profile in profiles]
    for camera in cameras:
        await camera.start()
    yield cameras
    for camera in cameras:
        await camera.stop()


def heard(camera: SimulatedCamera) -> SadpDevice:
    """Return what the vendor's search hears of a camera."""
    device = parse_answer(answer(camera, "1"), camera.host)
    assert device is not None
    return device


def found(*cameras: SimulatedCamera) -> Search:
    """Return a search that heard of cameras."""
    return Search(
        devices=tuple(map(heard, cameras)), networks=("192.0.2.1",), hears_all=True
    )


async def choose(hass: HomeAssistant, way: str) -> ConfigFlowResult:
    """Leave the first form for another way to add devices."""
    flow = await start(hass)
    return await submit(hass, flow, {"way": way})


async def finish(hass: HomeAssistant, flow: ConfigFlowResult) -> ConfigFlowResult:
    """Wait until a flow no longer shows how far it is."""
    async with asyncio.timeout(20):
        while flow["type"] in (
            FlowResultType.SHOW_PROGRESS,
            FlowResultType.SHOW_PROGRESS_DONE,
        ):
            await hass.async_block_till_done()
            flow = await hass.config_entries.flow.async_configure(flow["flow_id"])
    return flow


async def search(hass: HomeAssistant) -> ConfigFlowResult:
    """Search the network, and return the form that follows."""
    flow = await choose(hass, "search")
    assert flow["type"] is FlowResultType.SHOW_PROGRESS
    assert flow["progress_action"] == "searching"
    return await finish(hass, flow)


def place(camera: SimulatedCamera) -> str:
    """Return the address of a camera as a user knows it."""
    return f"{camera.host}:{camera.port}"


def several(*cameras: SimulatedCamera, **changes: Any) -> dict[str, Any]:
    """Return what a user types to add cameras."""
    return {"addresses": "\n".join(map(place, cameras)), **LOGIN, **changes}


def serial_numbers(hass: HomeAssistant) -> set[str | None]:
    """Return which devices have entries."""
    return {entry.unique_id for entry in hass.config_entries.async_entries(DOMAIN)}


def told(result: ConfigFlowResult) -> dict[str, str]:
    """Return the facts that a form shows."""
    return dict(result["description_placeholders"] or {})


async def test_pick_one(
    hass: HomeAssistant, cameras: list[SimulatedCamera], network_search: AsyncMock
) -> None:
    """Add one of the devices that were found, after a wrong password."""
    network_search.return_value = found(*cameras)
    form = await search(hass)
    assert form["step_id"] == "pick"
    assert told(form) == {"added": "–", "not_activated": "–", "others": "–"}
    wanted = cameras[1].profile.serial_number
    result = await submit(hass, form, {"devices": [], **LOGIN})
    assert result["errors"] == {"devices": "no_device_picked"}
    wrong = {"devices": [wanted], **LOGIN, CONF_PASSWORD: "wrong"}
    result = await submit(hass, result, wrong)
    assert result["errors"] == {"base": "invalid_auth_attempts_left"}
    result = await submit(hass, result, {"devices": [wanted], **LOGIN})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == wanted
    assert result["data"] == {
        CONF_HOST: "127.0.0.1",
        CONF_PORT: cameras[1].port,
        CONF_SSL: False,
        CONF_VERIFY_SSL: True,
        **LOGIN,
    }
    assert cameras[0].requests == []


async def test_pick_several(
    hass: HomeAssistant, cameras: list[SimulatedCamera], network_search: AsyncMock
) -> None:
    """Add several of the devices that were found with one login."""
    network_search.return_value = found(*cameras)
    form = await search(hass)
    wanted = {camera.profile.serial_number for camera in cameras}
    flow = await submit(hass, form, {"devices": list(wanted), **LOGIN})
    result = await finish(hass, flow)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "devices_added"
    assert serial_numbers(hass) == wanted


@pytest.mark.parametrize(
    "profiles",
    [[replace(numbered(DEEPINVIEW, n), device_name="IP CAMERA") for n in (1, 2)]],
)
async def test_devices_that_are_called_the_same(
    hass: HomeAssistant, cameras: list[SimulatedCamera], network_search: AsyncMock
) -> None:
    """Tell devices apart that have kept the name of the factory."""
    network_search.return_value = found(*cameras)
    form = await search(hass)
    wanted = [camera.profile.serial_number for camera in cameras]
    await finish(hass, await submit(hass, form, {"devices": wanted, **LOGIN}))
    titles = [entry.title for entry in hass.config_entries.async_entries(DOMAIN)]
    assert titles == ["IP CAMERA", "IP CAMERA 127.0.0.1"]


@pytest.mark.parametrize(
    "profiles", [[DEEPINVIEW, NOT_ACTIVATED, PLAIN_CAMERA, ENTRANCE]]
)
async def test_what_is_not_to_be_picked(
    hass: HomeAssistant, cameras: list[SimulatedCamera], network_search: AsyncMock
) -> None:
    """Say which devices are set up, lack a password, or read no plates."""
    entry = MockConfigEntry(
        domain=DOMAIN, title="Yard", unique_id=DEEPINVIEW.serial_number
    )
    entry.add_to_hass(hass)
    search_result = found(*cameras)
    inactive = replace(search_result.devices[1], serial_number="AAWR00000001")
    devices = (search_result.devices[0], inactive, *search_result.devices[2:])
    network_search.return_value = replace(search_result, devices=devices)
    form = await search(hass)
    assert form["step_id"] == "pick"
    assert told(form) == {
        "added": "Yard (127.0.0.1)",
        "not_activated": f"{NOT_ACTIVATED.model} (127.0.0.1)",
        "others": f"{PLAIN_CAMERA.model} (127.0.0.1)",
    }
    assert form["data_schema"] is not None
    picker = form["data_schema"].schema["devices"]
    assert [option["value"] for option in picker.config["options"]] == [
        ENTRANCE.serial_number
    ]


async def test_ignored_device_may_be_picked(
    hass: HomeAssistant, cameras: list[SimulatedCamera], network_search: AsyncMock
) -> None:
    """Let the user add what was ignored before."""
    entry = MockConfigEntry(
        domain=DOMAIN, source=SOURCE_IGNORE, unique_id=DEEPINVIEW.serial_number
    )
    entry.add_to_hass(hass)
    network_search.return_value = found(cameras[0])
    form = await search(hass)
    picked = {"devices": [DEEPINVIEW.serial_number], **LOGIN}
    result = await submit(hass, form, picked)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_nothing_found(hass: HomeAssistant, network_search: AsyncMock) -> None:
    """Say from where was searched, and lead back to the address."""
    form = await search(hass)
    assert form["step_id"] == "nothing_found"
    assert told(form)["networks"] == "192.0.2.1"
    assert (await submit(hass, form, {}))["step_id"] == "user"
    network_search.return_value = Search(devices=(), networks=(), hears_all=True)
    assert told(await search(hass))["networks"] == "–"


async def test_answers_cannot_be_heard(
    hass: HomeAssistant, cameras: list[SimulatedCamera], network_search: AsyncMock
) -> None:
    """Say that the port is taken, unless something was found all the same."""
    network_search.return_value = Search(devices=(), networks=(), hears_all=False)
    form = await search(hass)
    assert form["step_id"] == "port_taken"
    assert told(form) == {"port": "37020"}
    assert (await submit(hass, form, {}))["step_id"] == "user"
    network_search.return_value = replace(found(*cameras), hears_all=False)
    assert (await search(hass))["step_id"] == "pick"


async def test_search_fails(
    hass: HomeAssistant, network_search: AsyncMock, caplog: pytest.LogCaptureFixture
) -> None:
    """Lead back to the address also where searching is impossible."""
    network_search.side_effect = OSError("No sockets")
    form = await search(hass)
    assert form["step_id"] == "nothing_found"
    assert "The search for devices failed" in caplog.text


async def test_form_for_one_needs_address_and_password(hass: HomeAssistant) -> None:
    """Say what is missing for a device at an address."""
    result = await submit(hass, await start(hass), {"way": "address"})
    assert result["errors"] == {
        CONF_HOST: "invalid_host",
        CONF_PASSWORD: "password_missing",
    }


async def test_several_are_added(
    hass: HomeAssistant, cameras: list[SimulatedCamera]
) -> None:
    """Make an entry of each device, and show how far it is."""
    progress = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE)
    form = await choose(hass, "several")
    assert form["step_id"] == "several"
    flow = await submit(hass, form, several(*cameras))
    assert flow["type"] is FlowResultType.SHOW_PROGRESS
    assert told(flow) == {"count": "3"}
    result = await finish(hass, flow)
    assert result["reason"] == "devices_added"
    assert told(result) == {"added": ", ".join(map(place, cameras)), "there": "–"}
    assert serial_numbers(hass) == {c.profile.serial_number for c in cameras}
    shares = [event.data["progress"] for event in progress]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    assert entry.title == cameras[0].profile.device_name
    assert entry.data == {
        CONF_HOST: "127.0.0.1",
        CONF_PORT: cameras[0].port,
        CONF_SSL: False,
        CONF_VERIFY_SSL: True,
        **LOGIN,
    }


@pytest.mark.parametrize(
    ("addresses", "error", "placeholders"),
    [
        ("192.0.2.1 nonsense!", "invalid_address", {"address": "nonsense!"}),
        ("192.0.2.1-10.0.0.1", "invalid_address", {"address": "192.0.2.1-10.0.0.1"}),
        ("10.0.0.0-10.9.0.0", "too_many_addresses", {}),
        (" ", "no_address", {}),
    ],
)
async def test_addresses_that_cannot_be_meant(
    hass: HomeAssistant, addresses: str, error: str, placeholders: dict[str, str]
) -> None:
    """Say at the field what is wrong with it, and keep what was typed."""
    form = await choose(hass, "several")
    result = await submit(hass, form, {"addresses": addresses, **LOGIN})
    assert result["errors"] == {"addresses": error}
    assert told(result) == {"limit": "256"} | placeholders
    assert result["data_schema"] is not None
    schema = result["data_schema"].schema
    assert get_schema_suggested_value(schema, "addresses") == addresses


@pytest.mark.parametrize(
    "profiles",
    [[DEEPINVIEW, NOT_ACTIVATED, PLAIN_CAMERA, ENTRANCE, numbered(DEEPINVIEW, 2)]],
)
async def test_each_failure_is_told_and_tried_again(
    hass: HomeAssistant, cameras: list[SimulatedCamera]
) -> None:
    """Say of each device what became of it, and try only the others again."""
    known, inactive, plain, away, other = cameras
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=known.profile.serial_number,
        data={CONF_HOST: "127.0.0.1", CONF_PORT: known.port},
    )
    entry.add_to_hass(hass)
    other.guard.users[USERNAME] = replace(other.guard.users[USERNAME], password="else")
    port = away.port
    await away.stop()
    form = await choose(hass, "several")
    flow = await submit(hass, form, several(*cameras))
    form = await finish(hass, flow)
    assert form["step_id"] == "results"
    assert told(form)["added"] == "–"
    assert told(form)["there"] == place(known)
    lines = told(form)["failed"].splitlines()
    assert lines == [
        f"- {place(inactive)} is not activated: it has no password yet. Open its web page, set"
        " a password, then try again.",
        f"- {place(plain)}: DS-2CD2386G2-IU does not read number plates. Only cameras with"
        " number-plate recognition (ANPR) can be added.",
        f"- {place(away)} cannot be reached. Check that it is switched on, that the address"
        " and port are correct, and that no firewall is in the way.",
        f"- {place(other)} did not accept the username or password. Attempts left before it"
        " locks the account: 4.",
    ]
    assert known.requests == []
    assert [request.path for request in inactive.requests] == ["/SDK/activateStatus"]
    assert other.failed_logins == 1
    asked = len(plain.requests)
    await away.start(port=port)
    retry = {"retry": [f"127.0.0.1 {port}", f"127.0.0.1 {other.port}"]}
    result = await submit(hass, form, {**retry, CONF_USERNAME: USERNAME})
    assert result["errors"] == {CONF_PASSWORD: "password_missing"}
    flow = await submit(hass, result, {**retry, **LOGIN})
    form = await finish(hass, flow)
    assert form["step_id"] == "results"
    assert told(form)["added"] == place(away)
    assert other.failed_logins == 2
    assert len(plain.requests) == asked
    result = await submit(hass, form, {CONF_USERNAME: USERNAME})
    assert result["reason"] == "devices_added"
    expected = {known.profile.serial_number, away.profile.serial_number}
    assert serial_numbers(hass) == expected


@pytest.mark.parametrize("profiles", [[numbered(DEEPINVIEW, 2)]])
async def test_devices_that_only_answer_over_https(
    hass: HomeAssistant,
    cameras: list[SimulatedCamera],
    secure_camera: SimulatedCamera,
    unused_tcp_port: int,
) -> None:
    """Add the rest of a list over HTTPS, without a trusted certificate."""
    (plain,) = cameras
    form = await choose(hass, "several")
    typed = several(plain)
    typed["addresses"] += f"\n127.0.0.1:{unused_tcp_port}"
    retry = [f"127.0.0.1 {unused_tcp_port}"]
    with (
        patch.object(device_check, "HTTPS_PORT", secure_camera.port),
        patch.object(several_flow, "HTTPS_PORT", secure_camera.port),
    ):
        form = await finish(hass, await submit(hass, form, typed))
        assert "does not answer over HTTP, but does over HTTPS" in told(form)["failed"]
        flow = await submit(hass, form, {"retry": retry, **LOGIN})
        form = await finish(hass, flow)
    assert "is not trusted" in told(form)["failed"]
    assert told(form)["failed"].count("- ") == 1
    retry = [f"127.0.0.1 {secure_camera.port}"]
    again = {"retry": retry, CONF_VERIFY_SSL: False, **LOGIN}
    result = await finish(hass, await submit(hass, form, again))
    assert result["reason"] == "devices_added"
    assert serial_numbers(hass) == {
        plain.profile.serial_number,
        secure_camera.profile.serial_number,
    }


@pytest.mark.parametrize(
    "profiles", [[numbered(DEEPINVIEW, number) for number in range(1, 6)]]
)
async def test_wrong_password_is_not_tried_everywhere(
    hass: HomeAssistant, cameras: list[SimulatedCamera]
) -> None:
    """Stop after three devices that refuse the login, one attempt each."""
    form = await choose(hass, "several")
    wrong = several(*cameras, **{CONF_PASSWORD: "wrong"})
    form = await finish(hass, await submit(hass, form, wrong))
    assert [camera.failed_logins for camera in cameras] == [1, 1, 1, 0, 0]
    assert "Not tried: none of the first 3 devices accepted" in told(form)["failed"]
    retry = [f"127.0.0.1 {camera.port}" for camera in cameras]
    flow = await submit(hass, form, {"retry": retry, **LOGIN})
    result = await finish(hass, flow)
    assert result["reason"] == "devices_added"
    assert [camera.failed_logins for camera in cameras] == [1, 1, 1, 0, 0]
    assert len(serial_numbers(hass)) == 5


@pytest.mark.parametrize(
    "profiles", [[numbered(DEEPINVIEW, number) for number in range(1, 7)]]
)
async def test_login_that_some_take_is_tried_everywhere(
    hass: HomeAssistant, cameras: list[SimulatedCamera]
) -> None:
    """Go on when a device took the login: the others merely have another one."""
    for camera in cameras[1:5]:
        users = camera.guard.users
        users[USERNAME] = replace(users[USERNAME], password="else")
    form = await choose(hass, "several")
    form = await finish(hass, await submit(hass, form, several(*cameras)))
    assert [camera.failed_logins for camera in cameras] == [0, 1, 1, 1, 1, 0]
    assert serial_numbers(hass) == {
        cameras[0].profile.serial_number,
        cameras[5].profile.serial_number,
    }


@pytest.mark.parametrize("profiles", [[DEEPINVIEW, DEEPINVIEW]])
async def test_one_device_at_two_addresses(
    hass: HomeAssistant, cameras: list[SimulatedCamera]
) -> None:
    """Add a device once that answers in two places."""
    form = await choose(hass, "several")
    result = await finish(hass, await submit(hass, form, several(*cameras)))
    assert result["reason"] == "devices_added"
    assert told(result) == {
        "added": place(cameras[0]),
        "there": place(cameras[1]),
    }
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_bug_with_one_device_spares_the_others(
    hass: HomeAssistant,
    cameras: list[SimulatedCamera],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Tell of what nobody foresaw as of any other failure, and log it."""

    @callback
    def title(hass: HomeAssistant, device: Any, host: str) -> str:
        if device.model == ENTRANCE.model:
            raise ZeroDivisionError
        return title_of(hass, device, host)

    form = await choose(hass, "several")
    with patch.object(enrolment, "title_of", title):
        form = await finish(hass, await submit(hass, form, several(*cameras)))
    assert "Unexpected error." in told(form)["failed"]
    assert "Creating the entry of a device failed" in caplog.text
    assert len(serial_numbers(hass)) == 2
