"""Test keeping the lists on devices, as users and automations see it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import device_lists, list_writing
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import UnreachableError
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.list_file_forms import FileForm
from simulator.plate_list import ListDialect
from simulator.profiles import DEEPINVIEW, ENTRANCE, PLAIN_CAMERA, Profile

from .lists import at_once, keep_lists, kept, shown, state, sync_buttons, writes
from .registry import add, ask
from .waiting import until

NO_RECORDS = [
    replace(ENTRANCE, list_dialect=ListDialect.VCL),
    replace(ENTRANCE, list_dialect=ListDialect.VCL_UNSHOWN),
    replace(DEEPINVIEW, list_dialect=ListDialect.FILE),
    replace(DEEPINVIEW, list_dialect=ListDialect.FILE, list_file=FileForm.XLS),
]
THAI = "กข1234"
TCG_PLATES = replace(ENTRANCE, list_dialect=ListDialect.TCG_PLATES)


@pytest.fixture(params=[DEEPINVIEW, ENTRANCE, TCG_PLATES])
def camera_profile(request: pytest.FixtureRequest) -> Profile:
    """Return a model with a list."""
    profile: Profile = request.param
    return profile


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """Wait for nothing."""
    with at_once():
        yield


@pytest.fixture
def device_id(hass: HomeAssistant, init_integration: MockConfigEntry) -> str:
    """Return the camera's device."""
    followed = init_integration.runtime_data.channels.followed
    device_id: str = followed[1].device_id
    return device_id


async def test_one_plate_on_one_device(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Add, answer and remove a plate on the device itself."""
    answer = await add(
        hass, "ab-123 cd", device_id=device_id, list="block", valid_to="2030-12-31"
    )
    (plate,) = answer["plates"]
    assert (plate["plate"], plate["list"], plate["valid_to"]) == (
        *("AB123CD", "block", "2030-12-31"),
    )
    assert kept(camera) == {"AB123CD": "block"}
    got = await ask(hass, "get_plates", device_id=device_id, plate="b12")
    assert got["count"] == 1
    assert (await ask(hass, "get_plates", device_id=device_id, list="allow"))[
        "count"
    ] == 0
    removed = await ask(hass, "remove_plate", device_id=device_id, plate="AB 123 CD")
    assert removed == {"removed": 1}
    assert kept(camera) == {}
    assert (await ask(hass, "get_plates"))["count"] == 0
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "remove_plate", device_id=device_id, plate="AB123CD")
    assert error.value.translation_key == "vehicle_not_found"


async def test_one_plate_on_every_device(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Bring what the user adds and removes to the device, and leave the rest alone."""
    await add(hass, "OLD1", device_id=device_id, list="block")
    answer = await add(hass, "AB-123 CD", vehicle_name="Van", valid_to="2030-12-31")
    (device,) = answer["devices"]
    assert (device["device_id"], device["error"], device["put"]) == (
        *(device_id, None, ["AB123CD"]),
    )
    assert kept(camera) == {"OLD1": "block", "AB123CD": "allow"}
    assert (await ask(hass, "get_plates"))["count"] == 1
    await add(hass, "AB123CD", list="block")
    assert kept(camera)["AB123CD"] == "block"
    await add(
        hass, "AB123CD", week={"monday": [{"from": "08:00:00", "to": "09:00:00"}]}
    )
    assert kept(camera) == {"OLD1": "block"}
    await add(hass, "AB123CD", week={})
    answer = await ask(hass, "remove_plate", plate="AB123CD")
    assert answer["devices"][0]["removed"] == ["AB123CD"]
    assert kept(camera) == {"OLD1": "block"}
    assert state(hass) == "in_sync"


async def test_plate_that_only_the_device_knows(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Remove it there, and say so where nobody knows it."""
    await add(hass, "OLD1", device_id=device_id)
    answer = await ask(hass, "remove_plate", plate="OLD-1")
    assert answer["removed"] is None
    assert answer["devices"][0]["removed"] == ["OLD1"]
    assert kept(camera) == {}
    for plate in ("OLD1", "--"):
        with pytest.raises(ServiceValidationError) as error:
            await ask(hass, "remove_plate", plate=plate)
        assert error.value.translation_key == "vehicle_not_found"


async def test_what_the_device_lost_is_brought_again(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Add a plate anew that the centre knows already and the device no longer has."""
    await add(hass, "AB123CD")
    camera.device.plate_list.records.clear()
    await add(hass, "AB123CD")
    assert kept(camera) == {"AB123CD": "allow"}


async def test_changes_while_a_device_is_away(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Tell that a device did not answer, and carry the changes to it later."""
    await add(hass, "XY1")
    camera.faults.on(Fault.BUSY)
    answer = await add(hass, "AB123CD")
    assert "busy" in answer["devices"][0]["error"]
    assert state(hass) == "away"
    camera.faults.clear()
    await until(lambda: state(hass) == "in_sync")
    assert kept(camera) == {"XY1": "allow", "AB123CD": "allow"}
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    await ask(hass, "remove_plate", plate="XY1")
    await add(hass, "NEW1")
    assert await hass.config_entries.async_setup(init_integration.entry_id)
    await until(lambda: kept(camera) == {"AB123CD": "allow", "NEW1": "allow"})


async def test_many_changes_at_once(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Carry a whole file of vehicles to the device, without asking for each."""
    rows = "\n".join(f"PLATE{number};allow" for number in range(30))
    await ask(hass, "import_plates", content=f"plate;list\n{rows}\n")
    await until(lambda: len(kept(camera)) == 30)
    assert state(hass) in {"pending", "in_sync"}


async def test_lists_are_kept(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Take over what is there first, then follow every change of the centre."""
    camera.device.plate_list.page = 3
    await add(hass, "OLD1", device_id=device_id, list="block")
    await add(hass, "AB-123 CD", vehicle_name="Van")
    await add(hass, "GUEST1", uses=1)
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "in_sync")
    assert kept(camera) == {"OLD1": "block", "AB123CD": "allow"}
    (old,) = (await ask(hass, "get_plates", plate="OLD1"))["plates"]
    assert old["list"] == "block"
    await add(hass, "OLD1", list="allow")
    await until(lambda: kept(camera).get("OLD1") == "allow")
    await ask(hass, "remove_plate", plate="AB123CD")
    await until(lambda: "AB123CD" not in kept(camera))
    await until(lambda: state(hass) == "in_sync")


async def test_away(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Catch up when a device is there again."""
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "in_sync")
    camera.faults.on(Fault.BUSY)
    await add(hass, "AB123CD")
    await until(lambda: state(hass) == "away")
    assert kept(camera) == {}
    camera.faults.clear()
    await until(lambda: state(hass) == "in_sync")
    assert kept(camera) == {"AB123CD": "allow"}


@pytest.mark.parametrize("mode", ["in_step", "changes"])
async def test_answer_that_is_lost(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    mode: str,
) -> None:
    """Know again what was sent before the line broke, also after a restart."""
    send = IsapiClient.put

    async def lost(client: IsapiClient, *request: Any) -> None:
        await send(client, *request)
        raise UnreachableError("lost")

    with patch.object(device_lists, "RETRY_SECONDS", 3600):
        await keep_lists(hass, init_integration, mode)
        await until(lambda: state(hass) == "in_sync")
        with patch.object(IsapiClient, "put", lost):
            await add(hass, "AB123CD")
            await until(lambda: state(hass) == "away")
        assert kept(camera) == {"AB123CD": "allow"}
        await hass.config_entries.async_unload(init_integration.entry_id)
        await add(hass, "AB123CD", list="block")
        await hass.config_entries.async_setup(init_integration.entry_id)
        await until(lambda: kept(camera) == {"AB123CD": "block"})
        await until(lambda: state(hass) == "in_sync")


@pytest.mark.parametrize("mode", ["in_step", "changes"])
@pytest.mark.parametrize("camera_profile", NO_RECORDS, indirect=True)
async def test_list_of_another_kind(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    mode: str,
) -> None:
    """Keep a terminal's list or a file as any other, also one that is not shown."""
    await keep_lists(hass, init_integration, mode)
    await until(lambda: state(hass) == "in_sync")
    names = [f"AB{number:03}CD" for number in range(15)]
    for name in names:
        await add(hass, name)
    await until(lambda: kept(camera) == dict.fromkeys(names, "allow"))
    await add(hass, names[0], list="block")
    await ask(hass, "remove_plate", plate=names[1])
    wanted = {names[0]: "block"} | dict.fromkeys(names[2:], "allow")
    await until(lambda: kept(camera) == wanted)
    await until(lambda: state(hass) == "in_sync")
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    await ask(hass, "remove_plate", plate=names[2])
    assert await hass.config_entries.async_setup(init_integration.entry_id)
    del wanted[names[2]]
    await until(lambda: kept(camera) == wanted)


async def test_same_on_both_sides(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Agree on what both had by chance: who is removed does not come back."""
    await keep_lists(hass, init_integration, "off")
    for target in ({}, {"device_id": device_id}):
        await add(hass, "AB123CD", **target)
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "in_sync")
    await ask(hass, "remove_plate", plate="AB123CD")
    await until(lambda: kept(camera) == {})
    assert (await ask(hass, "get_plates"))["count"] == 0


@pytest.mark.parametrize(
    ("fault", "requests"),
    [(None, 4), (Fault.LIST_KEEPS_FIRST, 21), (Fault.LIST_TAKES_ONE, 21)],
)
async def test_many_at_once(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    fault: Fault | None,
    requests: int,
) -> None:
    """Send many plates in few requests; what came to nothing goes one by one."""
    await keep_lists(hass, init_integration, "off")
    for number in range(21):
        await add(hass, f"AB{number:03}CD")
    if fault:
        camera.faults.on(fault)
    with patch.object(list_writing, "BATCH", 7):
        await keep_lists(hass, init_integration)
        await until(lambda: state(hass) == "in_sync")
    assert len(kept(camera)) == 21
    assert len(writes(camera)) == requests


@pytest.mark.parametrize("others", [("A1", "ZZ9"), tuple(f"A{n}" for n in range(12))])
async def test_plate_that_is_refused(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    others: tuple[str, ...],
) -> None:
    """Put the other plates on the list all the same, and tell of the one."""
    await keep_lists(hass, init_integration, "off")
    for plate in (*others, THAI):
        await add(hass, plate)
    with patch.object(list_writing, "BATCH", 4):
        await keep_lists(hass, init_integration)
        await until(lambda: state(hass) == "refused")
    assert kept(camera) == dict.fromkeys(others, "allow")
    answer = await ask(hass, "sync_plates")
    assert "rejected" in answer["devices"][0]["error"]
    await ask(hass, "remove_plate", plate=THAI)
    await until(lambda: state(hass) == "in_sync")


async def test_conflict(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Overwrite nothing that was changed at the device, until somebody decides."""
    await add(hass, "AB123CD", vehicle_name="Van")
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "in_sync")
    camera.device.plate_list.records.clear()
    answer = await ask(hass, "sync_plates")
    (device,) = answer["devices"]
    assert device["error"] is None
    assert device["conflicts"] == [
        {
            "plate": "AB123CD",
            "ours": {"list": "allow", "valid_to": None},
            "theirs": None,
        }
    ]
    assert state(hass) == "conflict"
    look = await ask(hass, "sync_plates", resolve="ours", dry_run=True)
    assert (look["devices"][0]["put"], look["devices"][0]["changed"]) == (
        ["AB123CD"],
        False,
    )
    assert kept(camera) == {}
    await ask(hass, "sync_plates", device_id=device_id, resolve="ours")
    assert kept(camera) == {"AB123CD": "allow"}
    assert state(hass) == "in_sync"
    await add(hass, "AB123CD", device_id=device_id, list="block")
    await ask(hass, "sync_plates", resolve="theirs")
    (van,) = (await ask(hass, "get_plates"))["plates"]
    assert (van["list"], van["vehicle_name"]) == ("block", "Van")


@pytest.mark.parametrize(
    "camera_profile", [replace(DEEPINVIEW, list_dialect=ListDialect.FILE)]
)
async def test_plate_whose_first_day_is_yet_to_come(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Take over a plate of the device no sooner than it counts there."""
    day = (dt_util.now() + timedelta(days=2)).date().isoformat()
    await add(hass, "AB123CD", device_id=device_id, valid_from=day)
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "in_sync")
    assert (await ask(hass, "get_plates"))["count"] == 0
    assert kept(camera) == {"AB123CD": "allow"}


async def test_device_that_lies(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Say that a device kept its list although it said OK."""
    camera.faults.on(Fault.LIST_KEEPS_NOTHING)
    with pytest.raises(HomeAssistantError) as error:
        await add(hass, "AB123CD", device_id=device_id)
    assert error.value.translation_key == "list_not_changed"


async def test_full(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show that no more fits in, and keep what does."""
    camera.device.plate_list.capacity = 1
    await add(hass, "A1")
    answer = await add(hass, "A2")
    assert "has no room for more plates" in answer["devices"][0]["error"]
    assert state(hass) == "full"
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "full")
    assert kept(camera) == {"A1": "allow"}


SMALL_LIST = replace(DEEPINVIEW, plate_list_capacity=2)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize("camera_profile", [SMALL_LIST], indirect=True)
async def test_no_more_is_sent_than_fits_in(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Fill the list as far as the device says, blocked plates first, and say the rest."""
    await keep_lists(hass, init_integration, "off")
    for plate in ("A1", "A2", "A3"):
        await add(hass, plate)
    await add(hass, "Z9", list="block")
    assert shown(hass, "plates_the_device_can_hold") == "2"
    assert shown(hass, "plates_that_can_be_added") == "unknown"
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "full")
    assert kept(camera) == {"Z9": "block", "A1": "allow"}
    assert shown(hass, "plates_that_can_be_added") == "0"
    (device,) = (await ask(hass, "sync_plates"))["devices"]
    assert (device["error"], device["no_room"]) == (None, ["A2", "A3"])
    assert len(writes(camera)) == 2
    await add(hass, "A1", list="block")
    await until(lambda: kept(camera)["A1"] == "block")
    await ask(hass, "remove_plate", plate="Z9")
    await until(lambda: kept(camera) == {"A1": "block", "A2": "allow"})


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_device_that_is_full_too_early(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Believe a device that it is full, and do not try again before there is room."""
    camera.device.plate_list.capacity = 1
    await add(hass, "A1")
    await add(hass, "A2")
    await keep_lists(hass, init_integration)
    await until(lambda: shown(hass, "plates_the_device_can_hold") == "1")
    (device,) = (await ask(hass, "sync_plates"))["devices"]
    assert (device["error"], device["no_room"]) == (None, ["A2"])
    sent = len(writes(camera))
    await ask(hass, "sync_plates")
    assert len(writes(camera)) == sent
    assert state(hass) == "full"


async def test_nonsense(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Say what is wrong, and send nothing."""
    for data, key in (
        ({"plate": "--", "device_id": device_id}, "plate_without_characters"),
        (
            {"plate": "A1", "device_id": device_id, "list": "none"},
            "no_list_of_a_device",
        ),
        ({"plate": "A1", "device_id": [device_id, "gone"]}, "device_not_found"),
    ):
        with pytest.raises(ServiceValidationError) as error:
            await ask(hass, "add_plate", **data)
        assert error.value.translation_key == key
    assert kept(camera) == {}


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA], indirect=True)
async def test_device_without_a_list(
    hass: HomeAssistant, init_integration: MockConfigEntry, device_id: str
) -> None:
    """Say that a device has no list, and show none."""
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_plates", device_id=device_id)
    assert error.value.translation_key == "not_supported"
    assert sync_buttons(hass) == []
    answer = await ask(hass, "sync_plates", device_id=device_id)
    assert "does not support this" in answer["devices"][0]["error"]


async def test_camera_reads_with_its_list(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """See in a read which list of the device a plate is on."""
    await add(hass, "AB123CD", device_id=device_id, list="block")
    passage = await camera.vehicle_passes("AB123CD")
    assert passage.list_name == "block"
