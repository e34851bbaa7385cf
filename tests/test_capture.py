"""Test recording what a device sends, for a bug report."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
import json
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import voluptuous as vol

from custom_components.hikvision_anpr.intake import capture
from custom_components.hikvision_anpr.isapi.multipart import MultipartReader
from custom_components.hikvision_anpr.isapi.part import boundary_of
from simulator.camera import SimulatedCamera

from .listening import Dialog
from .registry import ask
from .waiting import PATIENCE

PLATE = "AB123CD"


def begin(
    hass: HomeAssistant, device_id: str, seconds: float = 60
) -> asyncio.Task[dict[str, Any]]:
    """Begin a capture."""
    return asyncio.create_task(
        ask(hass, "capture_messages", None, device_id=device_id, minutes=seconds / 60)
    )


async def poll(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, while a capture goes on."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


async def passes(
    entry: MockConfigEntry, camera: SimulatedCamera, plate: str = PLATE
) -> None:
    """Let a vehicle pass, and its pictures arrive."""
    coordinator = entry.runtime_data
    ways = coordinator.arming.counts, coordinator.listening.counts
    before = sum(counts.pictures for counts in ways)
    await camera.vehicle_passes(plate)
    await poll(lambda: sum(counts.pictures for counts in ways) == before + 3)


async def contents(
    hass: HomeAssistant, answer: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what is said of a capture, and its files."""

    def read() -> dict[str, bytes]:
        with ZipFile(answer["file"]) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    files = await hass.async_add_executor_job(read)
    return json.loads(files.pop("about.json")), files


async def test_of_a_stream(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    init_integration: MockConfigEntry,
) -> None:
    """Record the open stream and the next, and tell nobody whose they are."""
    coordinator = init_integration.runtime_data
    capturing = begin(hass, device_id)
    await asyncio.sleep(0)
    await passes(init_integration, camera)
    camera.drop_streams()
    await poll(lambda: coordinator.arming.counts.streams == 2)
    await camera.wait_for_stream()
    await passes(init_integration, camera, "SECOND22")
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    answer = await capturing
    about, files = await contents(hass, answer)
    assert sorted(files) == [
        "stream-001.bin",
        "stream-001.txt",
        "stream-002.bin",
        "stream-002.txt",
    ]
    assert answer["complete"]
    assert answer["received_bytes"] == sum(
        len(files[name]) for name in files if name.endswith("bin")
    )
    assert about["model"] == camera.profile.model
    arrivals = about["arrivals"]["stream-001"]
    assert sum(size for _, size in arrivals) == len(files["stream-001.bin"])

    head = files["stream-001.txt"].decode()
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    parts = MultipartReader(boundary_of(head)).feed(files["stream-001.bin"])
    read = next(part for part in parts if b"ANPR" in part.body)
    assert b"<licensePlate>" in read.body
    everything = b"".join(files.values()).lower()
    mac = camera.profile.mac_address
    for private in (
        PLATE,
        "SECOND22",
        mac,
        mac.replace(":", ""),
        camera.profile.serial_number,
    ):
        assert private.lower().encode() not in everything
    pictures = [part.body for part in parts if part.is_picture]
    assert len(pictures) == 3
    assert {picture.replace(b"0", b"") for picture in pictures} == {b"\xff\xd8\xff\xd9"}


async def test_of_posts(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    camera: SimulatedCamera,
    device_id: str,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Record what is posted, and lead there by a link that needs no login."""
    await dialog.set_up_device("listening")
    capturing = begin(hass, device_id, 1)
    await asyncio.sleep(0)
    await passes(init_integration, camera)
    answer = await capturing
    _, files = await contents(hass, answer)
    assert b"multipart/form-data" in files["post-001.txt"]
    assert b"<licensePlate>" in files["post-001.bin"]
    assert PLATE.encode() not in b"".join(files.values())
    client = await hass_client_no_auth()
    async with client.get(answer["url"]) as response:
        assert response.status == HTTPStatus.OK
        assert ZipFile(BytesIO(await response.read())).testzip() is None


async def test_ends_when_it_is_full(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    init_integration: MockConfigEntry,
) -> None:
    """Hold no more than there is room for, and say so."""
    with patch.object(capture, "MOST_BYTES", 1000):
        capturing = begin(hass, device_id)
        await asyncio.sleep(0)
        await passes(init_integration, camera)
        answer = await capturing
    assert not answer["complete"]
    assert answer["received_bytes"] == 1000


async def test_ends_with_the_entry(
    hass: HomeAssistant, device_id: str, init_integration: MockConfigEntry
) -> None:
    """Keep what was recorded when the entry is unloaded."""
    capturing = begin(hass, device_id)
    await asyncio.sleep(0)
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    assert (await capturing)["complete"]


async def test_nothing_is_recorded_unasked(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    init_integration: MockConfigEntry,
) -> None:
    """Record one at a time, and nothing before or after."""
    with patch.object(capture.Capture, "_record", autospec=True) as record:
        await passes(init_integration, camera)
        assert not record.called
        capturing = begin(hass, device_id, 0.2)
        await asyncio.sleep(0)
        with pytest.raises(ServiceValidationError) as error:
            await begin(hass, device_id)
        assert error.value.translation_key == "capture_going_on"
        await capturing
        before = record.call_count
        await passes(init_integration, camera, "SECOND22")
        assert record.call_count == before


async def test_who_may_and_of_what(
    hass: HomeAssistant, device_id: str, hass_read_only_user: MockUser
) -> None:
    """Refuse whoever is no administrator, other devices and long times."""
    with pytest.raises(Unauthorized):
        await ask(
            hass,
            "capture_messages",
            Context(user_id=hass_read_only_user.id),
            device_id=device_id,
        )
    with pytest.raises(ServiceValidationError) as error:
        await begin(hass, "another")
    assert error.value.translation_key == "device_not_found"
    with pytest.raises(vol.Invalid):
        await begin(hass, device_id, 3600)
