"""Test what the driver of a camera can do: passages, identities, other units."""

from datetime import UTC, datetime
import re

import aiohttp
import pytest

from simulator import (
    DEEPINVIEW,
    ENTRANCE,
    PLAIN_CAMERA,
    PROFILES,
    Profile,
    SimulatedCamera,
)
from simulator.certificate import self_signed_context
from simulator.profiles import numbered

from .armed import armed
from .conftest import Connect, StartCamera
from .xml_reading import names, text


@pytest.mark.parametrize(
    ("profile", "uuid", "picture_id"),
    [
        (DEEPINVIEW, r"\d{17}00[A-Za-z0-9]{44}", r"\d{17}00[A-Za-z0-9]{13}"),
        (ENTRANCE, r"[\da-f]{8}-1dd2-11b2-[\da-f]{4}-[\da-f]{12}", r"FC4418206\d{14}"),
    ],
)
async def test_identities_have_the_models_form(
    profile: Profile, uuid: str, picture_id: str, start_camera: StartCamera
) -> None:
    """Make UUIDs and pIds of the model's length and alphabet, all different."""
    camera = await start_camera(profile)
    passed = [await camera.vehicle_passes() for _ in range(3)]
    assert all(re.fullmatch(uuid, passage.uuid) for passage in passed)
    identities = [one for passage in passed for one in passage.picture_ids.values()]
    assert all(re.fullmatch(picture_id, one) for one in identities)
    assert len({*identities}) == len(identities)
    assert len({passage.uuid for passage in passed}) == 3


async def test_passage_says_what_was_sent(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Return the facts of the event, and remember them."""
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    async with armed(session) as client:
        passage = await camera.vehicle_passes(
            "WX1234A", captured_at=moment, uuid="my-own", lane=2, brand=1036
        )
        body = (await client.part()).body
    assert camera.passages == [passage]
    assert passage.captured_at == moment
    assert text(body, "UUID") == "my-own"
    assert text(body, "dateTime") == "2026-03-04T06:06:07+01:00"
    assert text(body, "ANPR/licensePlate") == "WX1234A"
    assert text(body, "ANPR/line") == "2"
    assert text(body, "ANPR/vehicleInfo/vehicleLogoRecog") == "1036"


async def test_unreadable_vehicle(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Send "unknown" for a plate that cannot be read."""
    async with armed(session) as client:
        passage = await camera.vehicle_passes(None, pictures=("vehicle",))
        body = (await client.part()).body
    assert passage.plate == "unknown"
    assert not passage.readable
    assert text(body, "ANPR/licensePlate") == "unknown"


async def test_passage_in_two_messages(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Send the plate first, and the pictures later with the same UUID."""
    async with armed(session) as client:
        passage = await camera.vehicle_passes(has_more_data=True)
        await camera.passage_completes(passage)
        first, second, *pictures = [await client.part() for _ in range(5)]
    assert text(first.body, "ANPR/hasMoreData") == "true"
    assert "ANPR/hasMoreData" not in names(second.body)
    assert text(first.body, "UUID") == text(second.body, "UUID") == passage.uuid
    assert [part.body for part in pictures] == list(passage.jpegs.values())


async def test_plain_camera_reads_no_plates(start_camera: StartCamera) -> None:
    """Refuse to let a vehicle pass a camera that reads no plates."""
    camera = await start_camera(PLAIN_CAMERA)
    with pytest.raises(ValueError, match="reads no plates"):
        await camera.vehicle_passes()


async def test_seed_repeats_identities(start_camera: StartCamera) -> None:
    """Make the same identities from the same seed."""
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    one, two = [await start_camera(seed=1), await start_camera(seed=1)]
    first = await one.vehicle_passes(captured_at=moment)
    second = await two.vehicle_passes(captured_at=moment)
    assert first.uuid == second.uuid


async def test_tls_with_its_own_certificate(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Serve HTTPS that a client trusts only when told to."""
    camera = await start_camera(ssl_context=self_signed_context())
    session = await connect(camera)
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        await session.get("/ISAPI/System/deviceInfo")
    async with session.get("/ISAPI/System/deviceInfo", ssl=False) as response:
        assert response.status == 200
    assert camera.url.startswith("https://")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
def test_units_of_a_model_differ(profile: Profile) -> None:
    """Give every unit its own serial number, MAC and id, of the same length."""
    units = [numbered(profile, number) for number in range(1, 31)]
    assert units[0] is profile
    for attribute in ("serial_number", "mac_address", "device_id"):
        values = {getattr(unit, attribute) for unit in units}
        assert len(values) == 30
        assert {len(value) for value in values} == {len(getattr(profile, attribute))}
