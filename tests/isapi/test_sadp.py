"""Test the vendor's search: its question, its answers, and what else is heard."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
import socket

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi import sadp
from custom_components.hikvision_anpr.isapi.sadp import (
    SadpDevice,
    SadpProtocol,
    async_search,
    parse_answer,
    probe,
)
from simulator import DEEPINVIEW, NOT_ACTIVATED, SMALL, Fault, SimulatedCamera
from simulator.profiles import numbered
from simulator.sadp import SadpResponder, answer
from tests.multicast import free_port

HERE = "192.168.1.64"
ANSWER = f"""<?xml version="1.0" encoding="UTF-8"?>
<ProbeMatch>
<Uuid>4C2D1F3A</Uuid>
<DeviceDescription>DS-TCG406-E</DeviceDescription>
<DeviceSN>DS-TCG406-E20240512AAWRFA1234567</DeviceSN>
<HttpPort>8080</HttpPort>
<MAC>c4-2f-90-a7-b5-d1</MAC>
<IPv4Address>{HERE}</IPv4Address>
<IPv6Address>fd00::1</IPv6Address>
<DHCP>false</DHCP>
<AnalogChannelNum>0</AnalogChannelNum>
<DigitalChannelNum>1</DigitalChannelNum>
<SoftwareVersion>V5.6.10build 230721</SoftwareVersion>
<Activated>true</Activated>
</ProbeMatch>
""".encode()
DEVICE = SadpDevice(
    serial_number="DS-TCG406-E20240512AAWRFA1234567",
    model="DS-TCG406-E",
    mac_address="c4:2f:90:a7:b5:d1",
    source=HERE,
    ipv4=HERE,
    ipv6="fd00::1",
    http_port=8080,
    https_port=None,
    firmware="V5.6.10 build 230721",
    activated=True,
    dhcp=False,
    analog_channels=0,
    digital_channels=1,
)


def test_answer_is_read() -> None:
    """Read everything that a device tells."""
    assert parse_answer(ANSWER, HERE) == DEVICE
    assert DEVICE.host == HERE
    assert DEVICE.answered_from_its_address


@pytest.mark.parametrize(
    ("old", "new", "field", "value"),
    [
        (HERE, "0.0.0.0", "ipv4", None),
        (HERE, "here", "ipv4", None),
        (HERE, "239.255.255.250", "ipv4", None),
        ("fd00::1", "::", "ipv6", None),
        ("8080", "", "http_port", 80),
        ("8080", "99999", "http_port", 80),
        ("8080", "-1", "http_port", 80),
        ("<DHCP>", "<HttpsPort>443</HttpsPort><DHCP>", "https_port", 443),
        ("c4-2f-90-a7-b5-d1", "N/A", "mac_address", None),
        ("V5.6.10build 230721", "", "firmware", None),
        ("V5.6.10build 230721", "V4.1.0", "firmware", "V4.1.0"),
        ("<Activated>true", "<Activated>maybe", "activated", None),
        ("DS-TCG406-E</DeviceD", "</DeviceD", "model", None),
        ("DS-TCG406-E</DeviceD", "[a](//b)&lt;</DeviceD", "model", "a(//b)"),
        ("DS-TCG406-E</DeviceD", f"{'A' * 999}</DeviceD", "model", "A" * 64),
    ],
)
def test_odd_answers(old: str, new: str, field: str, value: object) -> None:
    """Take what a device does not tell, or tells badly, as not told."""
    device = parse_answer(ANSWER.replace(old.encode(), new.encode()), HERE)
    assert device is not None
    assert getattr(device, field) == value


def test_address_of_a_device_without_one() -> None:
    """Talk to a device that tells no address where its answer came from."""
    device = parse_answer(ANSWER.replace(HERE.encode(), b"0.0.0.0"), "192.168.1.9")
    assert device is not None
    assert device.host == "192.168.1.9"
    other = parse_answer(ANSWER, "192.168.1.9")
    assert other is not None
    assert (other.host, other.answered_from_its_address) == (HERE, False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        pytest.param(probe(), id="our own probe"),
        b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n",
        b"<ProbeMatch></ProbeMatch>",
        b"<ProbeMatch><DeviceSN> </DeviceSN></ProbeMatch>",
        ANSWER[:300],
        ANSWER + b" " * 20000,
        b'<!DOCTYPE p [<!ENTITY a "b">]>' + ANSWER[39:],
        b'{"ProbeMatch": []}',
    ],
)
def test_what_is_no_answer(data: bytes) -> None:
    """Pass over echoes, other protocols, and what is cut or much too long."""
    protocol = SadpProtocol()
    protocol.datagram_received(data, (HERE, 37020))
    assert protocol.devices == ()


@given(st.binary(max_size=300), st.integers(0, len(ANSWER)))
def test_nothing_disturbs_a_search(noise: bytes, at: int) -> None:
    """Survive any datagram, and still hear the next one."""
    protocol = SadpProtocol()
    protocol.datagram_received(ANSWER[:at] + noise, (HERE, 37020))
    protocol.datagram_received(noise, (HERE, 1))
    protocol.datagram_received(ANSWER, (HERE, 37020))
    assert DEVICE.serial_number in {device.serial_number for device in protocol.devices}


def test_each_device_is_found_once() -> None:
    """Prefer the answer that came from the address it tells, whichever is first."""
    protocol = SadpProtocol()
    for source in ("192.168.1.9", HERE, "192.168.1.8"):
        protocol.datagram_received(ANSWER, (source, 37020))
    assert protocol.devices == (DEVICE,)


def test_flood_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember only so many devices."""
    monkeypatch.setattr(sadp, "_MAX_DEVICES", 2)
    protocol = SadpProtocol()
    for number in range(4):
        serial = f"A123456{number}".encode()
        protocol.datagram_received(ANSWER.replace(b"A1234567", serial), (HERE, 37020))
    assert len(protocol.devices) == 2


def test_questions_differ() -> None:
    """Give each question an identity of its own."""
    assert all(one != other for one, other in pairwise(probe() for _ in range(3)))
    assert b"<Types>inquiry</Types>" in probe()


@pytest.mark.parametrize(
    "fault", [None, Fault.SADP_ECHO, Fault.SADP_TWICE, Fault.SADP_GARBAGE]
)
async def test_simulated_answers(fault: Fault | None) -> None:
    """Find each simulated camera once, whatever else is sent."""
    cameras = [SimulatedCamera(DEEPINVIEW, pictures=SMALL) for _ in range(1)]
    if fault:
        cameras[0].faults.on(fault)
    protocol = SadpProtocol()
    for datagram in SadpResponder(cameras).answers(probe(), "1"):
        protocol.datagram_received(datagram, ("127.0.0.1", 37020))
    (device,) = protocol.devices
    assert device.serial_number == DEEPINVIEW.serial_number
    assert device.mac_address == DEEPINVIEW.mac_address
    assert device.model == DEEPINVIEW.model
    assert device.firmware == "V5.8.3 build 240612"
    assert device.activated


async def test_simulated_factory_state() -> None:
    """Hear that a device has no password yet, and that its address is another one."""
    camera = SimulatedCamera(NOT_ACTIVATED, pictures=SMALL)
    camera.faults.on(Fault.SADP_WRONG_ADDRESS)
    device = parse_answer(answer(camera, "1"), "127.0.0.1")
    assert device is not None
    assert device.activated is False
    assert not device.answered_from_its_address


@pytest.fixture
def port(socket_enabled: None) -> int:
    """Return a port that is free for searches on loopback."""
    return free_port()


@pytest.fixture
async def responder(port: int) -> AsyncIterator[SadpResponder]:
    """Answer searches for three cameras."""
    cameras = [
        SimulatedCamera(numbered(DEEPINVIEW, number), pictures=SMALL)
        for number in (1, 2, 3)
    ]
    cameras[0].faults.on(Fault.SADP_ECHO, Fault.SADP_TWICE, Fault.SADP_GARBAGE)
    responder = SadpResponder(cameras)
    await responder.start(port=port)
    yield responder
    await responder.stop()


async def test_search_on_loopback(port: int, responder: SadpResponder) -> None:
    """Find every camera by multicast, both sides sharing the port."""
    search = await async_search(["127.0.0.1"], seconds=0.6, port=port)
    assert {device.serial_number for device in search.devices} == {
        camera.profile.serial_number for camera in responder.cameras
    }
    assert search.networks == ("127.0.0.1",)
    assert search.hears_all
    assert responder.searches == 3


async def test_search_beside_a_selfish_program(port: int) -> None:
    """Search on although the port is taken, and say what that means."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", port))
        search = await async_search(["127.0.0.1"], seconds=0.01, port=port)
    assert not search.hears_all
    assert search.devices == ()


async def test_search_without_network(socket_enabled: None) -> None:
    """Leave out addresses that are not this machine's, without waiting for them."""
    async with asyncio.timeout(2):
        search = await async_search(["192.0.2.1", "nonsense"], seconds=60, port=0)
    assert search.networks == ()


def test_errors_of_the_network_are_passed_over() -> None:
    """Go on where the network refuses a probe."""
    SadpProtocol().error_received(OSError("Network is unreachable"))
