"""Test the list of older entrance terminals, shown and not shown (reference 5.3)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date

import pytest

from custom_components.hikvision_anpr.isapi.device_list import DeviceList
from custom_components.hikvision_anpr.isapi.errors import (
    ListNotChangedError,
    RejectedError,
    UnreadableListError,
)
from custom_components.hikvision_anpr.isapi.login import Credentials
from custom_components.hikvision_anpr.isapi.plate_list_entry import ListEntry
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.pictures import SMALL
from simulator.plate_list import ListDialect
from simulator.profiles import ENTRANCE

from .conftest import MakeClient

GUEST = ListEntry(
    plate="AB123CD",
    list="allow",
    valid_from=date(2026, 1, 2),
    valid_to=date(2026, 12, 31),
    card_id="77",
)
OTHER = ListEntry(plate="XY9", list="block")


@pytest.fixture(params=[ListDialect.VCL])
async def camera(
    socket_enabled: None, request: pytest.FixtureRequest
) -> AsyncIterator[SimulatedCamera]:
    """Start a terminal."""
    profile = replace(ENTRANCE, list_dialect=request.param)
    camera = SimulatedCamera(profile, pictures=SMALL, seed=1)
    await camera.start()
    yield camera
    await camera.stop()


@pytest.fixture
def plates(make_client: MakeClient, camera: SimulatedCamera) -> DeviceList:
    """Return the terminal's list."""
    credentials = Credentials(username=camera.username, password=camera.password)
    client = make_client(camera.port, credentials=credentials)
    return DeviceList(client, 1, camera.profile.model, UTC)


def kept(camera: SimulatedCamera) -> dict[str, str]:
    """Return what is on the list."""
    records = camera.device.plate_list.records.values()
    return {record.plate: record.kind for record in records}


async def test_put_change_and_remove(
    camera: SimulatedCamera, plates: DeviceList
) -> None:
    """See each change on the list, and touch no other plate."""
    assert await plates.async_entries() == []
    await plates.async_put(OTHER)
    stored = await plates.async_put(GUEST)
    assert replace(stored, entry_id="") == GUEST
    moved = replace(GUEST, list="block", valid_from=None, valid_to=None)
    assert (await plates.async_put(moved)).list == "block"
    assert kept(camera) == {"XY9": "blackList", "AB123CD": "blackList"}
    assert await plates.async_remove("AB123CD")
    assert not await plates.async_remove("AB123CD")
    assert kept(camera) == {"XY9": "blackList"}


async def test_what_is_so_already_is_not_written(
    camera: SimulatedCamera, plates: DeviceList
) -> None:
    """Send nothing twice."""
    for _ in range(2):
        await plates.async_put(GUEST)
    writes = [one for one in camera.requests if one.method == "PUT" and one.user]
    assert len(writes) == 1


async def test_ok_is_not_believed(camera: SimulatedCamera, plates: DeviceList) -> None:
    """Tell of a terminal that says OK and does nothing."""
    await plates.async_put(GUEST)
    camera.faults.on(Fault.LIST_KEEPS_NOTHING)
    with pytest.raises(ListNotChangedError):
        await plates.async_put(OTHER)
    with pytest.raises(ListNotChangedError):
        await plates.async_remove("AB123CD")


async def test_refused_plate(plates: DeviceList) -> None:
    """Pass on that a plate is refused."""
    await plates.async_entries()
    with pytest.raises(RejectedError):
        await plates.async_put(replace(GUEST, plate="กข1234"))


@pytest.mark.parametrize("camera", [ListDialect.VCL_UNSHOWN], indirect=True)
async def test_list_that_is_not_shown(
    camera: SimulatedCamera, plates: DeviceList
) -> None:
    """Believe the OK where there is nothing else, and say that one cannot look."""
    with pytest.raises(UnreadableListError):
        await plates.async_entries()
    await plates.async_put(GUEST)
    await plates.async_add([OTHER])
    assert kept(camera) == {"AB123CD": "whiteList", "XY9": "blackList"}
    assert await plates.async_remove("AB123CD")
    assert kept(camera) == {"XY9": "blackList"}
