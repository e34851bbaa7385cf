"""Test seeing and changing how cameras detect vehicles."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity_component import async_update_entity
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from simulator.answers import OK
from simulator.camera import SimulatedCamera
from simulator.configuration import Configuration
from simulator.device import VEHICLE_DETECT
from simulator.faults import Fault
from simulator.profiles import ENTRANCE, PLAIN_CAMERA

from .entities import entity_id_of, state_of
from .registry import ask
from .repairing import shown as shown_issues

HALF = [
    {"x": 0.1, "y": 0.5},
    {"x": 0.9, "y": 0.5},
    {"x": 0.9, "y": 1.0},
    {"x": 0.1, "y": 1.0},
]
ODD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- by hand -->
<VehicleDetectCfg xmlns="http://www.hikvision.com/ver20/XMLSchema" version="2.0">
<laneNumber opt="1,2,3,4">2</laneNumber>
<enabled>true</enabled>
<nation>DE</nation>
<Lane><id>1</id><line>5</line></Lane>
<Lane><id>2</id><line>7</line></Lane>
<empty></empty>
</VehicleDetectCfg>"""


@pytest.fixture
def odd(camera: SimulatedCamera) -> Iterator[SimulatedCamera]:
    """Let the camera have a document of which little is known."""
    with patch.dict(camera.device.configuration._stored, {VEHICLE_DETECT: ODD}):  # noqa: SLF001
        yield camera


def stored(camera: SimulatedCamera) -> str:
    """Return the camera's document."""
    return camera.device.configuration.get(VEHICLE_DETECT, lambda: b"").decode()


def switch(hass: HomeAssistant) -> str:
    """Return the switch of vehicle detection."""
    (found,) = (
        one
        for one in hass.states.async_entity_ids("switch")
        if one.endswith("vehicle_detection")
    )
    return found


async def turn(hass: HomeAssistant, action: str) -> None:
    """Turn the switch."""
    await hass.services.async_call(
        "switch", action, {"entity_id": switch(hass)}, blocking=True
    )


def shows(hass: HomeAssistant) -> str:
    """Return what the switch shows."""
    state = hass.states.get(switch(hass))
    assert state is not None
    return state.state


async def configure(hass: HomeAssistant, device_id: str, **data: Any) -> dict[str, Any]:
    """Change how vehicles are detected, and return the answer."""
    return await ask(
        hass, "configure_vehicle_detection", None, device_id=device_id, **data
    )


def puts(camera: SimulatedCamera) -> list[str]:
    """Return which paths were written, or were to be."""
    return [one.path for one in camera.requests if one.method == "PUT"]


async def test_what_is_understood(hass: HomeAssistant, device_id: str) -> None:
    """Answer settings with coordinates from the top left."""
    found = await ask(hass, "get_vehicle_detection", device_id=device_id)
    assert (found["enabled"], found["region"], found["channel"]) == (True, "0", 1)
    (scene,) = found["scenes"]
    assert (scene["id"], scene["name"], scene["enabled"]) == ("1", "Scene 1", True)
    assert scene["regions"] == [
        [
            {"x": 0.0, "y": 1.0},
            {"x": 1.0, "y": 1.0},
            {"x": 1.0, "y": 0.3},
            {"x": 0.0, "y": 0.3},
        ]
    ]


async def test_change(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Change what is asked for, and answer what the camera shows then."""
    before = await ask(hass, "get_vehicle_detection", device_id=device_id)
    after = await ask(
        hass,
        "configure_vehicle_detection",
        device_id=device_id,
        region="7",
        scenes=[{"id": "1", "enabled": False, "regions": [HALF]}],
        fingerprint=before["fingerprint"],
    )
    assert (after["region"], after["enabled"]) == ("7", True)
    assert after["scenes"][0]["enabled"] is False
    assert after["scenes"][0]["regions"] == [HALF]
    assert after["reboot_required"] is False
    assert "<positionX>100</positionX><positionY>500</positionY>" in "".join(
        stored(camera).split()
    )
    with pytest.raises(HomeAssistantError) as error:
        await ask(
            hass,
            "configure_vehicle_detection",
            device_id=device_id,
            enabled=False,
            fingerprint=before["fingerprint"],
        )
    assert error.value.translation_key == "document_changed"
    assert "<enabled>true</enabled>" in stored(camera)


async def test_what_nobody_knows_stays(
    hass: HomeAssistant, odd: SimulatedCamera, device_id: str
) -> None:
    """Answer the rest of a document by its paths, and send all of it back."""
    found = await ask(hass, "get_vehicle_detection", device_id=device_id)
    assert found["not_understood"] == {
        "laneNumber": "2",
        "Lane[1]/id": "1",
        "Lane[1]/line": "5",
        "Lane[2]/id": "2",
        "Lane[2]/line": "7",
        "empty": "",
    }
    await ask(hass, "configure_vehicle_detection", device_id=device_id, region="PL")
    written = stored(odd)
    expected = ODD.decode().replace("<nation>DE", "<nation>PL")
    expected = expected.replace(' opt="1,2,3,4"', "")
    body = expected[expected.index("<VehicleDetectCfg") :]
    assert body in written


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_nothing_is_invented(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Refuse what the camera's document has no place for."""
    for data in ({"region": "DE"}, {"scenes": [{"id": "1", "enabled": True}]}):
        with pytest.raises(ServiceValidationError) as error:
            await ask(
                hass, "configure_vehicle_detection", None, device_id=device_id, **data
            )
        assert error.value.translation_key == "setting_unknown"
    assert not [one for one in camera.requests if one.method == "PUT"]


@pytest.mark.parametrize(
    ("region", "key"),
    [
        (HALF[:2], "shape_too_few_points"),
        ([*HALF[:3], {"x": 2, "y": 0}], "shape_point_outside"),
        ([HALF[0], HALF[2], HALF[1], HALF[3]], "shape_lines_cross"),
    ],
)
async def test_impossible_regions(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    region: list[Any],
    key: str,
) -> None:
    """Send nothing that cannot be."""
    scenes = [{"id": "1", "regions": [region]}]
    with pytest.raises(ServiceValidationError) as error:
        await ask(
            hass, "configure_vehicle_detection", device_id=device_id, scenes=scenes
        )
    assert error.value.translation_key == key
    assert not [one for one in camera.requests if one.method == "PUT"]


async def test_modes(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Show what the analysis is set to and what is detected, and change the latter."""
    found = await ask(hass, "get_vehicle_detection", device_id=device_id)
    assert (found["mode"], found["vca_resource"]) == ("vehicles", "roadDetection")
    after = await configure(hass, device_id, mode="mixed", confirm=True)
    assert (after["mode"], after["enabled"]) == ("mixed", True)
    assert any(
        b"<CurMode>hvtVehicleDetection</CurMode>" in one.body
        for one in camera.requests
        if one.method == "PUT"
    )


@pytest.mark.parametrize(
    ("change", "key", "before", "after"),
    [
        ({"mode": "mixed"}, "confirm_mode", "vehicles", "mixed"),
        ({"vca_resource": "smart"}, "confirm_no_plates", "roadDetection", "smart"),
    ],
)
async def test_consequence_is_said_first(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    change: dict[str, str],
    key: str,
    before: str,
    after: str,
) -> None:
    """Write nothing at all before the user has confirmed."""
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, region="7", **change)
    assert error.value.translation_key == key
    assert error.value.translation_placeholders == {"before": before, "after": after}
    assert not puts(camera)


async def test_resource(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Show what can be analysed, change it when confirmed, and offer the restart."""
    found = await ask(hass, "get_vehicle_detection", device_id=device_id)
    assert found["vca_resources"] == ["roadDetection", "smart", "face"]
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, vca_resource="sart", confirm=True)
    assert error.value.translation_key == "value_not_offered"
    await configure(hass, device_id, vca_resource="roadDetection")
    assert not puts(camera)
    after = await configure(hass, device_id, vca_resource="smart", confirm=True)
    assert after["reboot_required"] is True
    assert "restart_wanted" in shown_issues(hass, init_integration)
    camera.device.configuration.reboot()
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, vca_resource="roadDetection")
    assert error.value.translation_key == "confirm_resource"


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "init_integration")
async def test_resource_is_shown(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Show what the camera analyses, and follow what others change."""
    entity_id = entity_id_of(hass, camera, "sensor", "vca_resource")
    assert state_of(hass, camera, "sensor", "vca_resource").state == "roadDetection"
    path = "/ISAPI/System/Video/inputs/channels/1/VCAResource"
    for body, shown in (
        (b"<VCAResource><type>face</type></VCAResource>", "face"),
        (b"<VCAResource><typ>face</typ></VCAResource>", "unavailable"),
    ):
        camera.device.configuration.put(path, body, "VCAResource")
        await async_update_entity(hass, entity_id)
        assert state_of(hass, camera, "sensor", "vca_resource").state == shown
    camera.faults.on(Fault.BUSY)
    await async_update_entity(hass, entity_id)
    assert state_of(hass, camera, "sensor", "vca_resource").state == "unavailable"


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_nothing_is_half_written(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Write nothing where one of several settings has no place."""
    for change in ({"mode": "mixed"}, {"vca_resource": "roadDetection"}):
        with pytest.raises(HomeAssistantError) as error:
            await configure(hass, device_id, enabled=False, confirm=True, **change)
        assert error.value.translation_key == "not_supported"
    assert not puts(camera)


async def test_set_by_path(
    hass: HomeAssistant, odd: SimulatedCamera, device_id: str
) -> None:
    """Set what nobody knows by the path at which it is told, and nothing else."""
    lanes = {"laneNumber": "3", "Lane[2]/line": "9"}
    after = await configure(hass, device_id, not_understood=lanes)
    assert after["not_understood"] == {
        "laneNumber": "3",
        "Lane[1]/id": "1",
        "Lane[1]/line": "5",
        "Lane[2]/id": "2",
        "Lane[2]/line": "9",
        "empty": "",
    }
    assert "<line>5</line>" in stored(odd)
    for path in ("Lane[3]/line", "enabled", "nothing"):
        with pytest.raises(ServiceValidationError) as error:
            await configure(hass, device_id, not_understood={path: "1"})
        assert error.value.translation_key == "setting_unknown"
        assert error.value.translation_placeholders == {"setting": path}


LINES = b"""<VehicleDetectCfg><laneNumber>2</laneNumber>
<Lane><line>5</line><positionX>10</positionX></Lane>
<Lane><line>7</line><positionX>20</positionX></Lane></VehicleDetectCfg>"""
OFFERED = b"""<VehicleDetectCfg><laneNumber opt="1,2,3,4"/>
<Lane><line min="1" max="9"/></Lane></VehicleDetectCfg>"""


@pytest.mark.parametrize(
    ("path", "value"),
    [("laneNumber", "5"), ("Lane[1]/line", "10"), ("Lane[2]/positionX", "1001")],
)
async def test_only_what_is_offered(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str, path: str, value: str
) -> None:
    """Refuse what the camera does not offer, and a corner outside of the picture."""

    async def answer(_client: IsapiClient, asked: str) -> bytes:
        return OFFERED if asked.endswith("/capabilities") else LINES

    with (
        patch.object(IsapiClient, "get_bytes", answer),
        pytest.raises(ServiceValidationError) as error,
    ):
        await configure(hass, device_id, not_understood={path: value})
    assert error.value.translation_key == "value_not_offered"
    assert error.value.translation_placeholders == {"setting": path, "value": value}
    assert not puts(camera)


DRAWN = b"""<VehicleDetectCfg><enabled>true</enabled><LaneList>
<Lane><id>1</id><LaneLine><P><x>100</x><y>0</y></P><P><x>400</x><y>1000</y></P></LaneLine></Lane>
<Lane><id>2</id><LaneLine><P><x>600</x><y>0</y></P><P><x>600</x><y>1000</y></P></LaneLine></Lane>
</LaneList><TriggerLine><x1>200</x1><y1>300</y1><x2>500</x2><y2>300</y2></TriggerLine>
</VehicleDetectCfg>"""
LINE = "LaneList/Lane[2]/LaneLine"


@pytest.fixture
def drawn(camera: SimulatedCamera) -> Iterator[SimulatedCamera]:
    """Let the camera have lanes and a trigger line in a document of its own form."""
    with patch.dict(camera.device.configuration._stored, {VEHICLE_DETECT: DRAWN}):  # noqa: SLF001
        yield camera


def line(*points: tuple[float, float]) -> list[dict[str, float]]:
    """Return points as the action takes them."""
    return [{"x": x, "y": y} for x, y in points]


async def test_shapes(
    hass: HomeAssistant, drawn: SimulatedCamera, device_id: str
) -> None:
    """Answer what is drawn, and draw it anew by its id."""
    found = await ask(hass, "get_vehicle_detection", device_id=device_id)
    shapes = {one["id"]: one for one in found["shapes"]}
    assert shapes["TriggerLine"] == {
        "id": "TriggerLine",
        "purpose": "trigger_line",
        "kind": "line",
        "points": line((0.2, 0.7), (0.5, 0.7)),
        "grid": [1000, 1000],
        "origin": "bottom_left",
        "problem": None,
    }
    assert found["not_understood"] == {
        "LaneList/Lane[1]/id": "1",
        "LaneList/Lane[2]/id": "2",
    }
    await configure(hass, device_id, shapes=found["shapes"])
    assert not puts(drawn)
    change = {"id": LINE, "points": line((0.7, 1), (0.6, 0))}
    after = await configure(hass, device_id, shapes=[change])
    shapes[LINE]["points"] = change["points"]
    assert after["shapes"] == list(shapes.values())
    assert "<P><x>700</x><y>0</y></P>" in stored(drawn)


@pytest.mark.parametrize(
    ("shape", "points", "key"),
    [
        (LINE, line((0.1, 0), (0.4, 1)), "shape_lane_lines_cross"),
        (LINE, line((0.12, 1), (0.42, 0)), "shape_lane_too_narrow"),
        (LINE, line((0.7, 1), (1.6, 0)), "shape_point_outside"),
        (LINE, line((0.7, 1), (0.7, 1)), "shape_no_length"),
        (LINE, line((0.7, 1), (0.7, 0), (0, 0)), "point_count"),
        (LINE, [], "point_count"),
        ("TriggerLine", line((0.8, 0.2), (0.9, 0.2)), "shape_trigger_outside"),
        ("StopLine", line((0.8, 0.2), (0.9, 0.2)), "setting_unknown"),
    ],
)
async def test_impossible_shapes(
    hass: HomeAssistant,
    drawn: SimulatedCamera,
    device_id: str,
    shape: str,
    points: list[Any],
    key: str,
) -> None:
    """Draw nothing that cannot be, and say which it is."""
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, shapes=[{"id": shape, "points": points}])
    assert error.value.translation_key == key
    assert shape in (error.value.translation_placeholders or {}).values()
    assert not puts(drawn)


async def test_device_draws_something_else(
    hass: HomeAssistant, drawn: SimulatedCamera, device_id: str
) -> None:
    """Say so where a camera takes a line and keeps its own."""
    change = {"id": LINE, "points": line((0.7, 1), (0.6, 0))}
    with (
        patch.object(Configuration, "put", return_value=OK),
        pytest.raises(HomeAssistantError) as error,
    ):
        await configure(hass, device_id, shapes=[change])
    assert error.value.translation_key == "not_taken"


async def test_another_number_of_regions(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Say how many regions a scene has, and which scene is not there."""
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, scenes=[{"id": "1", "regions": [HALF, HALF]}])
    assert error.value.translation_key == "region_count"
    assert error.value.translation_placeholders == {"scene": "1", "count": "1"}
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, scenes=[{"id": "9", "regions": [HALF]}])
    assert error.value.translation_placeholders == {"setting": "scene 9"}
    assert not puts(camera)


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_camera_without_modes(hass: HomeAssistant, device_id: str) -> None:
    """Show none, and refuse to change it."""
    found = await ask(hass, "get_vehicle_detection", device_id=device_id)
    assert (found["mode"], found["vca_resource"]) == (None, None)
    with pytest.raises(HomeAssistantError) as error:
        await ask(
            hass, "configure_vehicle_detection", device_id=device_id, mode="mixed"
        )
    assert error.value.translation_key == "not_supported"


async def test_nothing_to_change(hass: HomeAssistant, device_id: str) -> None:
    """Refuse a change of nothing."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "configure_vehicle_detection", device_id=device_id)


async def test_switch(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Switch detection, and follow what was changed at the camera."""
    assert shows(hass) == "on"
    await turn(hass, "turn_off")
    assert shows(hass) == "off"
    assert not camera.device.reads_plates
    await turn(hass, "turn_on")
    assert shows(hass) == "on"
    assert camera.device.reads_plates
    camera.faults.on(Fault.BUSY, times=1)
    await async_update_entity(hass, switch(hass))
    assert shows(hass) == "unavailable"
    await async_update_entity(hass, switch(hass))
    camera.faults.on(Fault.BUSY, times=1)
    with pytest.raises(HomeAssistantError):
        await turn(hass, "turn_off")
    await async_update_entity(hass, switch(hass))
    assert shows(hass) == "on"


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA])
async def test_camera_without_detection(hass: HomeAssistant, device_id: str) -> None:
    """Show no switch, and say that the camera does not support it."""
    assert not [
        one
        for one in hass.states.async_entity_ids("switch")
        if one.endswith("vehicle_detection")
    ]
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_vehicle_detection", device_id=device_id)
    assert error.value.translation_key == "not_supported"
