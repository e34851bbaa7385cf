"""Test finding devices: by the vendor's search, mDNS, UPnP and DHCP."""

from dataclasses import asdict, replace
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_SSDP,
    SOURCE_ZEROCONF,
    ConfigEntryState,
    ConfigFlowResult,
)
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
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hikvision_anpr import discovery
from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.discovery import (
    Sighting,
    async_offer,
    async_search_network,
    async_start_discovery,
    sighting,
)
from custom_components.hikvision_anpr.isapi.errors import UnreachableError
from custom_components.hikvision_anpr.isapi.sadp import SadpDevice, Search, parse_answer
from custom_components.hikvision_anpr.isapi.tables import models
from simulator.camera import SimulatedCamera
from simulator.profiles import DEEPINVIEW, NOT_ACTIVATED, NVR, PLAIN_CAMERA, PROFILES
from simulator.sadp import answer

from .flows import submit

MAC = DEEPINVIEW.mac_address
ACTIVATION = "custom_components.hikvision_anpr.isapi.client.IsapiClient.activation"

pytestmark = pytest.mark.usefixtures("mock_setup_entry")


def seen(camera: SimulatedCamera) -> SadpDevice:
    """Return what the vendor's search hears of a camera."""
    device = parse_answer(answer(camera, "1"), "127.0.0.1")
    assert device is not None
    return device


async def discover(
    hass: HomeAssistant, found: Sighting, source: str = SOURCE_INTEGRATION_DISCOVERY
) -> ConfigFlowResult:
    """Let a device be heard of."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": source}, data=asdict(found)
    )


def announced(name: str, camera: SimulatedCamera) -> ZeroconfServiceInfo:
    """Return what mDNS tells of a camera that calls itself so."""
    address = ip_address("127.0.0.1")
    return ZeroconfServiceInfo(
        ip_address=address,
        ip_addresses=[address],
        port=camera.port,
        hostname="camera.local.",
        type="_http._tcp.local.",
        name=f"{name}._http._tcp.local.",
        properties={},
    )


async def announce(
    hass: HomeAssistant, name: str, camera: SimulatedCamera
) -> ConfigFlowResult:
    """Let a camera announce itself by mDNS."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_ZEROCONF}, data=announced(name, camera)
    )


async def describe(
    hass: HomeAssistant, location: str | None, **upnp: Any
) -> ConfigFlowResult:
    """Let a device describe itself by UPnP."""
    info = SsdpServiceInfo(
        ssdp_usn="1", ssdp_st="upnp:rootdevice", ssdp_location=location, upnp=upnp
    )
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_SSDP}, data=info
    )


def add(hass: HomeAssistant, host: str, **changes: Any) -> MockConfigEntry:
    """Add the entry of a camera, as if it were set up."""
    options = {"unique_id": DEEPINVIEW.serial_number, **changes}
    entry = MockConfigEntry(domain=DOMAIN, data={CONF_HOST: host}, **options)
    entry.add_to_hass(hass)
    entry.mock_state(hass, ConfigEntryState.LOADED)
    return entry


def logins(camera: SimulatedCamera) -> list[str]:
    """Return what was asked of a camera with a login."""
    return [request.path for request in camera.requests if request.user]


async def test_found_device_is_added(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Ask for user name and password alone, and log in only then."""
    flow = await discover(hass, sighting(seen(camera)))
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "login"
    assert flow["errors"] == {}
    assert flow["description_placeholders"] == {
        "host": "127.0.0.1",
        "name": camera.profile.model,
    }
    (progress,) = hass.config_entries.flow.async_progress()
    name = progress["context"]["title_placeholders"]
    assert name == {"name": f"{camera.profile.model} (127.0.0.1)"}
    assert logins(camera) == []
    login = {CONF_USERNAME: " admin ", CONF_PASSWORD: "wrong"}
    result = await submit(hass, flow, login)
    assert result["errors"] == {"base": "invalid_auth_attempts_left"}
    assert camera.failed_logins == 1
    login[CONF_PASSWORD] = camera.password
    result = await submit(hass, result, login)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == camera.profile.device_name
    assert result["result"].unique_id == camera.profile.serial_number
    assert result["data"] == {
        CONF_HOST: "127.0.0.1",
        CONF_PORT: camera.port,
        CONF_SSL: False,
        CONF_VERIFY_SSL: True,
        CONF_USERNAME: "admin",
        CONF_PASSWORD: camera.password,
    }


@pytest.mark.parametrize("camera_profile", [NOT_ACTIVATED])
async def test_device_without_password(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Say at once that a device needs a password first."""
    flow = await discover(hass, sighting(seen(camera)))
    assert flow["errors"] == {"base": "not_activated"}
    login = {CONF_USERNAME: camera.username, CONF_PASSWORD: camera.password}
    result = await submit(hass, flow, login)
    assert result["errors"] == {"base": "not_activated"}
    camera.device.profile = DEEPINVIEW
    result = await submit(hass, flow, login)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA])
async def test_other_cameras_are_not_offered(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Leave alone what reads no plates, without asking it anything."""
    result = await discover(hass, sighting(seen(camera)))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_anpr"
    assert camera.requests == []


async def test_device_out_of_reach(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Offer nothing that nobody could add."""
    found = sighting(seen(camera))
    await camera.stop()
    result = await discover(hass, found)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "cannot_connect"


@pytest.mark.parametrize(
    ("host", "found", "after"),
    [
        ("192.0.2.1", "192.0.2.20", "192.0.2.20"),
        ("gate.example", "192.0.2.20", "gate.example"),
        ("192.0.2.1", "fd00::20", "192.0.2.1"),
    ],
)
@pytest.mark.parametrize("knows_serial", [True, False])
async def test_address_is_followed(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    host: str,
    found: str,
    after: str,
    knows_serial: bool,
) -> None:
    """Follow a device that is set up, known by its number or network address."""
    entry = add(hass, host)
    device_registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, DEEPINVIEW.serial_number)},
        connections={(dr.CONNECTION_NETWORK_MAC, MAC)},
    )
    number = DEEPINVIEW.serial_number if knows_serial else "another"
    moved = Sighting(host=found, port=80, serial_number=number, mac_address=MAC)
    with patch.object(hass.config_entries, "async_schedule_reload"):
        result = await discover(hass, moved)
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_HOST] == after


async def test_stranger_cannot_lead_away(hass: HomeAssistant) -> None:
    """Follow nobody who answers from another address than the one he tells."""
    entry = add(hass, "192.0.2.1")
    moved = Sighting(
        host="192.0.2.66",
        port=80,
        serial_number=DEEPINVIEW.serial_number,
        is_at_home=False,
    )
    result = await discover(hass, moved)
    assert result["reason"] == "already_configured"
    assert entry.data[CONF_HOST] == "192.0.2.1"


async def test_ignored_device(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Offer no device again that the user chose to ignore, whoever tells of it."""
    entry = MockConfigEntry(
        domain=DOMAIN, source=SOURCE_IGNORE, unique_id=camera.profile.serial_number
    )
    entry.add_to_hass(hass)
    result = await discover(hass, sighting(seen(camera)))
    assert result["reason"] == "already_configured"
    name = f"HIKVISION {camera.profile.model} - {camera.profile.serial_number[-9:]}"
    result = await announce(hass, name, camera)
    assert result["reason"] == "already_configured"


async def test_one_flow_for_one_device(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Show a device once that several ways tell of."""
    model, serial_number = camera.profile.model, camera.profile.serial_number
    flow = await announce(hass, f"HIKVISION {model} - {serial_number[-9:]}", camera)
    assert flow["step_id"] == "login"
    for result in (
        await discover(hass, sighting(seen(camera))),
        await discover(hass, replace(sighting(seen(camera)), host="127.0.0.2")),
        await announce(hass, model, camera),
        await describe(
            hass,
            f"http://127.0.0.1:{camera.port}/description.xml",
            modelName=model,
            serialNumber=serial_number,
        ),
    ):
        assert result["type"] is FlowResultType.ABORT
        assert result["reason"] == "already_in_progress"


async def test_another_unit_is_another_flow(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Offer two devices side by side."""
    flow = await discover(hass, sighting(seen(camera)))
    other = replace(
        sighting(seen(camera)), host="192.0.2.3", serial_number="AAWR99999999"
    )
    with patch(ACTIVATION, return_value=True):
        assert (await discover(hass, other))["step_id"] == "login"
    login = {CONF_USERNAME: camera.username, CONF_PASSWORD: camera.password}
    await submit(hass, flow, login)
    (left,) = hass.config_entries.flow.async_progress()
    assert left["context"]["unique_id"] == other.serial_number


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("HIKVISION iDS-2CD7A46G0/P-IZHS - 41827365", "login"),
        ("iDS-TCM403-GI", "login"),
        ("HIKVISION DS-2CD2386G2-IU - 55510092", "not_anpr"),
        ("A printer", "not_anpr"),
    ],
)
async def test_zeroconf(
    hass: HomeAssistant, camera: SimulatedCamera, name: str, outcome: str
) -> None:
    """Judge a device by the name that it announces."""
    result = await announce(hass, name, camera)
    assert outcome in {result.get("step_id"), result.get("reason")}


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"modelName": "iDS-2CD7A46G0/P-IZHS"}, "cannot_connect"),
        (
            {"modelName": "Hikvision camera", "modelNumber": "DS-TCG406-E"},
            "cannot_connect",
        ),
        ({"modelName": "DS-2CD2386G2-IU"}, "not_anpr"),
        ({}, "not_anpr"),
    ],
)
async def test_ssdp(hass: HomeAssistant, told: dict[str, str], outcome: str) -> None:
    """Judge a device by the model that it describes itself as."""
    with patch(ACTIVATION, side_effect=UnreachableError("Away")):
        result = await describe(hass, "http://192.0.2.9:49152/upnp.xml", **told)
    assert result["reason"] == outcome


async def test_ssdp_without_address(hass: HomeAssistant) -> None:
    """Offer nothing that tells no address."""
    result = await describe(hass, None, modelName="DS-TCG406-E")
    assert result["reason"] == "not_anpr"


async def test_search_offers_what_it_finds(
    hass: HomeAssistant, camera: SimulatedCamera, network_search: AsyncMock
) -> None:
    """Search at the start and every hour, and show a device once."""
    plain = SimulatedCamera(PLAIN_CAMERA)
    network_search.return_value = Search(
        devices=(seen(camera), seen(plain)), networks=("192.0.2.1",), hears_all=True
    )
    async_start_discovery(hass)
    async_start_discovery(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert network_search.call_count == 1
    (flow,) = hass.config_entries.flow.async_progress()
    context = flow["context"]
    assert context["unique_id"] == camera.profile.serial_number
    assert context["discovery_key"] == DiscoveryKey(
        domain=DOMAIN, key=camera.profile.serial_number, version=1
    )
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1, seconds=1))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert network_search.call_count == 2
    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_component_searches(
    hass: HomeAssistant, config_entry: MockConfigEntry, network_search: AsyncMock
) -> None:
    """Begin to search with the first entry."""
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    network_search.assert_called_once()


async def test_failed_search_is_logged(
    hass: HomeAssistant, network_search: AsyncMock, caplog: pytest.LogCaptureFixture
) -> None:
    """Search again in an hour, whatever went wrong."""
    network_search.side_effect = ZeroDivisionError
    async_start_discovery(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "The search for devices failed" in caplog.text


async def test_networks_that_are_searched(
    hass: HomeAssistant, network_search: AsyncMock
) -> None:
    """Use the addresses that the user lets Home Assistant use, IPv4 alone."""
    addresses = [
        IPv4Address("192.0.2.7"),
        IPv6Address("fe80::1"),
        IPv4Address("127.0.0.1"),
        IPv4Address("198.51.100.7"),
    ]
    path = "homeassistant.components.network.async_get_enabled_source_ips"
    with patch(path, return_value=addresses):
        await async_search_network(hass)
    network_search.assert_called_once_with(["192.0.2.7", "198.51.100.7"])


async def test_nameless_is_not_offered(hass: HomeAssistant) -> None:
    """Begin no flow for what cannot be told apart."""
    async_offer(hass, [Sighting(host="192.0.2.1", port=80, model="DS-TCG406-E")])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.config_entries.flow.async_progress() == []


async def test_flood_is_bounded(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offer only so many new devices, but follow every one that is set up."""
    monkeypatch.setattr(discovery, "MAX_OFFERS", 2)
    entry = add(hass, "192.0.2.1")
    claims = [
        Sighting(
            host=f"192.0.2.{number}",
            port=80,
            model="DS-TCG406-E",
            serial_number=f"AAWR0000000{number}",
        )
        for number in range(2, 7)
    ]
    moved = replace(
        claims[0],
        host="192.0.2.99",
        model="Another brand",
        serial_number=DEEPINVIEW.serial_number,
    )
    with (
        patch(ACTIVATION, return_value=True),
        patch.object(hass.config_entries, "async_schedule_reload"),
    ):
        async_offer(hass, [*claims, moved])
        await hass.async_block_till_done(wait_background_tasks=True)
    assert len(hass.config_entries.flow.async_progress()) == 2
    assert entry.data[CONF_HOST] == "192.0.2.99"


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA])
async def test_form_keeps_saying_where(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Name the device also beside an error that is about something else."""
    claimed = replace(sighting(seen(camera)), model="DS-TCG406-E")
    flow = await discover(hass, claimed)
    login = {CONF_USERNAME: camera.username, CONF_PASSWORD: camera.password}
    result = await submit(hass, flow, login)
    assert result["errors"] == {"base": "no_anpr"}
    assert result["description_placeholders"] == {
        "name": "DS-TCG406-E",
        "host": "127.0.0.1",
        "model": PLAIN_CAMERA.model,
    }


@pytest.mark.parametrize(
    ("model", "family"),
    [
        *(
            (profile.model, None if profile is PLAIN_CAMERA else name)
            for profile, name in (
                (PROFILES["deepinview"], "deepinview"),
                (PROFILES["entrance"], "traffic"),
                (PROFILES["ds_2cd4a26"], "ds_2cd4a26"),
                (PLAIN_CAMERA, ""),
            )
        ),
        ("DS-2CD7026G0/P", "deepinview"),
        ("DS-2CD7A26G0/P-IZS", "deepinview"),
        ("ids-2cd9396-bis", "deepinview"),
        ("DS-2CD7A26G0-IZS", None),
        ("DS-2CD4A26FWD-IZS", None),
        ("iDS-TCM403-GI", "traffic"),
        ("DS-7732NI-M4", "recorder"),
        (NVR.model, "recorder"),
        ("DS-7104NI-Q1", None),
        ("DS-K1T671M", None),
        ("X DS-TCG406-E", None),
        ("", None),
        (None, None),
    ],
)
def test_models(model: str | None, family: str | None) -> None:
    """Know the families that read plates, and those /P that do not."""
    assert models.family(model) == family
