"""Test the list of older entrance terminals, shown and not shown (reference 5.3)."""

from dataclasses import replace
from datetime import UTC, date

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.device_list import DeviceList
from custom_components.hikvision_anpr.isapi.errors import (
    ListNotChangedError,
    RejectedError,
    UnreadableListError,
)
from custom_components.hikvision_anpr.isapi.plate_list_entry import ListEntry
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.plate_list import ListDialect
from simulator.profiles import ENTRANCE, Profile

from .listed import kept

GUEST = ListEntry(
    plate="AB123CD",
    list="allow",
    valid_from=date(2026, 1, 2),
    valid_to=date(2026, 12, 31),
    card_id="77",
)
OTHER = ListEntry(plate="XY9", list="block")


@pytest.fixture(params=[ListDialect.VCL])
def camera_profile(request: pytest.FixtureRequest) -> Profile:
    """Return a terminal."""
    return replace(ENTRANCE, list_dialect=request.param)


@pytest.fixture
def plates(camera_client: IsapiClient, camera_profile: Profile) -> DeviceList:
    """Return the list of the device."""
    return DeviceList(camera_client, 1, camera_profile.model, UTC)


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


@pytest.mark.parametrize("camera_profile", [ListDialect.VCL_UNSHOWN], indirect=True)
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
