"""Test adding a device: what is typed, what comes of it, what may go wrong."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Final
from unittest.mock import AsyncMock, patch

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.hikvision_anpr import device_check
from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.exceptions import error_key
from custom_components.hikvision_anpr.isapi.device import DeviceInfo
from custom_components.hikvision_anpr.isapi.errors import (
    AccountLockedError,
    DocumentChangedError,
    ForbiddenError,
    IsapiError,
    ListFullError,
    ListNotChangedError,
    NoFreeSlotError,
    NotTakenError,
    SlotChangedError,
)
from custom_components.hikvision_anpr.isapi.written_documents import PartlyWrittenError
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, NOT_ACTIVATED, PLAIN_CAMERA

from .flows import DEVICE, any_address_answers, form_for, start, submit

ACTIVATION = "/SDK/activateStatus"
SMART = replace(DEEPINVIEW, vca_resource="smart")

pytestmark = pytest.mark.usefixtures("mock_setup_entry")


@pytest.fixture
async def other_server(socket_enabled: None) -> AsyncIterator[TestServer]:
    """Start a web server that is no Hikvision device."""
    server = TestServer(web.Application())
    async with server:
        yield server


async def test_device_is_added(
    hass: HomeAssistant, camera: SimulatedCamera, mock_setup_entry: AsyncMock
) -> None:
    """Make an entry of host, port and login; the rest is sensible by default."""
    flow = await start(hass)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "user"
    assert flow["errors"] == {}
    result = await submit(hass, flow, form_for(camera))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == camera.profile.device_name
    assert result["result"].unique_id == camera.profile.serial_number
    assert result["options"] == {}
    assert result["data"] == {
        CONF_HOST: "127.0.0.1",
        CONF_PORT: camera.port,
        CONF_SSL: False,
        CONF_VERIFY_SSL: True,
        CONF_USERNAME: camera.username,
        CONF_PASSWORD: camera.password,
    }
    assert len(mock_setup_entry.mock_calls) == 1


async def test_device_is_added_once(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Recognise a device by its serial number, whatever its address."""
    config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        config_entry, data={**config_entry.data, CONF_HOST: "192.0.2.99"}
    )
    result = await submit(hass, await start(hass), form_for(camera))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert config_entry.data[CONF_HOST] == "192.0.2.99"


@pytest.mark.parametrize(
    ("device", "title"),
    [
        (DEVICE, "Yard"),
        (replace(DEVICE, name=None), "DS-2CD7A26G0/P-IZS"),
        (replace(DEVICE, name=None, model=None), DEVICE.serial_number),
    ],
)
async def test_title(hass: HomeAssistant, device: DeviceInfo, title: str) -> None:
    """Call the entry what the device calls itself."""
    form = {CONF_HOST: "192.0.2.1", CONF_USERNAME: "a", CONF_PASSWORD: "b"}
    with any_address_answers(device):
        result = await submit(hass, await start(hass), form)
    assert result["title"] == title


@pytest.mark.parametrize(
    ("typed", "connection"),
    [
        ({CONF_HOST: "192.0.2.1"}, ("192.0.2.1", 80, False)),
        ({CONF_HOST: "  192.0.2.1\t"}, ("192.0.2.1", 80, False)),
        ({CONF_HOST: "192.0.2.1", CONF_SSL: True}, ("192.0.2.1", 443, True)),
        (
            {CONF_HOST: "192.0.2.1", CONF_SSL: True, CONF_PORT: 8443},
            ("192.0.2.1", 8443, True),
        ),
        ({CONF_HOST: "192.0.2.1:8080"}, ("192.0.2.1", 8080, False)),
        ({CONF_HOST: "Gate.example"}, ("gate.example", 80, False)),
        (
            {CONF_HOST: "http://192.0.2.1/doc/page/login.asp?_1"},
            ("192.0.2.1", 80, False),
        ),
        ({CONF_HOST: "http://192.0.2.1", CONF_SSL: True}, ("192.0.2.1", 80, False)),
        ({CONF_HOST: "http://192.0.2.1", CONF_PORT: 8080}, ("192.0.2.1", 8080, False)),
        ({CONF_HOST: "https://gate.example/"}, ("gate.example", 443, True)),
        ({CONF_HOST: "HTTPS://192.0.2.1:8443/doc"}, ("192.0.2.1", 8443, True)),
        ({CONF_HOST: "https://192.0.2.1:80"}, ("192.0.2.1", 80, True)),
        ({CONF_HOST: "2001:db8::7"}, ("2001:db8::7", 80, False)),
        ({CONF_HOST: "[2001:db8::7]"}, ("2001:db8::7", 80, False)),
        ({CONF_HOST: "[2001:db8::7]:8080"}, ("2001:db8::7", 8080, False)),
        ({CONF_HOST: "https://[2001:db8::7]/"}, ("2001:db8::7", 443, True)),
    ],
)
async def test_address(
    hass: HomeAssistant, typed: dict[str, Any], connection: tuple[str, int, bool]
) -> None:
    """Understand addresses as people paste them."""
    form = {CONF_USERNAME: " admin ", CONF_PASSWORD: " secret ", **typed}
    with any_address_answers():
        result = await submit(hass, await start(hass), form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    data = result["data"]
    assert (data[CONF_HOST], data[CONF_PORT], data[CONF_SSL]) == connection
    assert (data[CONF_USERNAME], data[CONF_PASSWORD]) == ("admin", " secret ")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "   ",
        "gate camera",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.1:99999",
        "http://",
        "rtsp://192.0.2.1",
        "[2001:db8::7",
        "-gate-",
    ],
)
async def test_nonsense_is_no_address(hass: HomeAssistant, host: str) -> None:
    """Say at the field what is no address, and take the next one."""
    form = {CONF_HOST: host, CONF_USERNAME: "admin", CONF_PASSWORD: "secret"}
    with any_address_answers():
        result = await submit(hass, await start(hass), form)
        assert result["errors"] == {CONF_HOST: "invalid_host"}
        result = await submit(hass, result, {**form, CONF_HOST: "192.0.2.1"})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_form_keeps_what_was_typed(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Show a form again as it was left, but without the password."""
    form = form_for(camera, **{CONF_USERNAME: "gatekeeper", CONF_VERIFY_SSL: False})
    result = await submit(hass, await start(hass), form)
    assert result["errors"] == {"base": "invalid_auth_attempts_left"}
    schema = result["data_schema"]
    assert schema is not None
    shown = {
        key: get_schema_suggested_value(schema.schema, key)
        for key in (CONF_HOST, CONF_PORT, CONF_SSL, CONF_VERIFY_SSL, CONF_USERNAME)
    }
    assert shown == {
        CONF_HOST: "127.0.0.1",
        CONF_PORT: camera.port,
        CONF_SSL: False,
        CONF_VERIFY_SSL: False,
        CONF_USERNAME: "gatekeeper",
    }
    assert get_schema_suggested_value(schema.schema, CONF_PASSWORD) is None


async def test_wrong_password(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Make one login for each time that the user tries, and count down."""
    wrong = form_for(camera, **{CONF_PASSWORD: "not it"})
    flow = await start(hass)
    for tries in (1, 2):
        result = await submit(hass, flow, wrong)
        assert result["errors"] == {"base": "invalid_auth_attempts_left"}
        placeholders = result["description_placeholders"]
        assert placeholders == {"host": "127.0.0.1", "attempts": str(5 - tries)}
        assert camera.failed_logins == tries
    result = await submit(hass, result, form_for(camera))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert camera.failed_logins == 2


async def test_locked_account(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Say for how long the account is locked, to the right password too."""
    camera.guard.max_failures = 1
    wrong = form_for(camera, **{CONF_PASSWORD: "not it"})
    flow = await start(hass)
    for form in (wrong, form_for(camera)):
        result = await submit(hass, flow, form)
        assert result["errors"] == {"base": "account_locked"}
        placeholders = result["description_placeholders"]
        assert placeholders == {"host": "127.0.0.1", "minutes": "30"}
    assert camera.failed_logins == 1
    camera.guard.unlock()
    result = await submit(hass, flow, form_for(camera))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("camera_profile", "error", "placeholders"),
    [
        (NOT_ACTIVATED, "not_activated", {"host": "127.0.0.1"}),
        (PLAIN_CAMERA, "no_anpr", {"model": "DS-2CD2386G2-IU"}),
        (SMART, "vca_mode_wrong", {"mode": "smart"}),
    ],
)
async def test_unfit_device(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    error: str,
    placeholders: dict[str, str],
) -> None:
    """Say what keeps a device from reading plates, and take it once that is mended."""
    result = await submit(hass, await start(hass), form_for(camera))
    assert result["errors"] == {"base": error}
    assert result["description_placeholders"] == placeholders
    camera.device.profile = DEEPINVIEW
    result = await submit(hass, result, form_for(camera))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("camera_profile", [NOT_ACTIVATED])
async def test_no_login_before_activation(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Ask a device that has no password yet for nothing more."""
    result = await submit(hass, await start(hass), form_for(camera))
    assert result["type"] is FlowResultType.FORM
    assert [request.path for request in camera.requests] == [ACTIVATION]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.BUSY, "device_busy"),
        (Fault.UNAUTHORIZED_STORM, "invalid_auth"),
        (Fault.OK_BUT_NOT_SUPPORTED, "not_hikvision"),
    ],
)
async def test_troubled_device(
    hass: HomeAssistant, camera: SimulatedCamera, fault: Fault, error: str
) -> None:
    """Say what is wrong at the device, and take it once that is over."""
    camera.faults.on(fault)
    result = await submit(hass, await start(hass), form_for(camera))
    assert result["errors"] == {"base": error}
    camera.faults.clear()
    result = await submit(hass, result, form_for(camera))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_device_is_away(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Say that nobody answers, and take the device once it is back."""
    form = form_for(camera)
    await camera.stop()
    result = await submit(hass, await start(hass), form)
    assert result["errors"] == {"base": "cannot_connect"}
    await camera.start(port=form[CONF_PORT])
    result = await submit(hass, result, form)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_other_web_server(
    hass: HomeAssistant, camera: SimulatedCamera, other_server: TestServer
) -> None:
    """Recognise what is no Hikvision device."""
    wrong = form_for(camera, **{CONF_PORT: other_server.port})
    result = await submit(hass, await start(hass), wrong)
    assert result["errors"] == {"base": "not_hikvision"}
    result = await submit(hass, result, form_for(camera))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_own_certificate(
    hass: HomeAssistant, secure_camera: SimulatedCamera
) -> None:
    """Refuse a certificate nobody knows until the user allows it."""
    form = form_for(secure_camera, **{CONF_SSL: True})
    result = await submit(hass, await start(hass), form)
    assert result["errors"] == {"base": "certificate_not_trusted"}
    assert secure_camera.requests == []
    result = await submit(hass, result, {**form, CONF_VERIFY_SSL: False})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"][CONF_VERIFY_SSL] is False


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (AccountLockedError("Locked"), "account_locked_for_a_while"),
        (ForbiddenError("No right"), "forbidden"),
        (ZeroDivisionError(), "unknown"),
    ],
)
async def test_other_errors(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    raised: Exception,
    error: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Have a text for what the simulated camera does not do; log what is a bug."""
    path = "custom_components.hikvision_anpr.isapi.user_check.async_get_device_info"
    with patch(path, side_effect=raised):
        result = await submit(hass, await start(hass), form_for(camera))
    assert result["errors"] == {"base": error}
    assert ("Traceback" in caplog.text) is (error == "unknown")
    result = await submit(hass, result, form_for(camera))
    assert result["type"] is FlowResultType.CREATE_ENTRY


def _errors(kind: type[IsapiError] = IsapiError) -> Iterator[type[IsapiError]]:
    """Yield every kind of error that a device can cause."""
    for inner in kind.__subclasses__():
        yield inner
        yield from _errors(inner)


async def test_device_that_only_answers_over_https(
    hass: HomeAssistant, secure_camera: SimulatedCamera, unused_tcp_port: int
) -> None:
    """Say so, and add it once HTTPS is on."""
    form = form_for(secure_camera) | {CONF_SSL: False, CONF_PORT: unused_tcp_port}
    with patch.object(device_check, "HTTPS_PORT", secure_camera.port):
        flow = await submit(hass, await start(hass), form)
    assert flow["errors"] == {"base": "https_only"}
    assert secure_camera.failed_logins == 0
    secure = {CONF_SSL: True, CONF_VERIFY_SSL: False, CONF_PORT: secure_camera.port}
    result = await submit(hass, flow, form | secure)
    assert result["type"] is FlowResultType.CREATE_ENTRY


OF_ACTIONS_ALONE: Final = {
    DocumentChangedError,
    ListFullError,
    ListNotChangedError,
    NotTakenError,
    PartlyWrittenError,
}


@pytest.mark.parametrize("kind", sorted(_errors(), key=str))
async def test_errors_have_texts(hass: HomeAssistant, kind: type[IsapiError]) -> None:
    """Have a text for each error, as one of the forms and as one of the entry.

    Only the options ask for the places that a device posts to, and no form changes
    its lists, its detection or its settings.
    """
    key = error_key(kind("Trouble"))
    form = "options" if kind in {NoFreeSlotError, SlotChangedError} else "config"
    paths = [("exceptions", f"{key}.message")]
    if kind not in OF_ACTIONS_ALONE:
        paths += [(form, f"error.{key}"), ("options", f"error.{key}")]
    for category, path in paths:
        texts = await async_get_translations(hass, "en", category, [DOMAIN])
        assert f"component.{DOMAIN}.{category}.{path}" in texts
