"""Test reading messages that real devices sent, where they are at hand.

They are no part of the repository: without them the module is skipped.
"""

from datetime import UTC
from pathlib import Path
from typing import Final

import pytest

from custom_components.hikvision_anpr.isapi.document import is_complete, parse_documents
from custom_components.hikvision_anpr.isapi.events import DeviceEvent, parse_messages
from custom_components.hikvision_anpr.isapi.multipart import MultipartReader
from custom_components.hikvision_anpr.isapi.part import Part
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from custom_components.hikvision_anpr.isapi.sadp import parse_answer

SAMPLES: Final = Path(__file__).parents[3] / "shared" / "isapi" / "samples"

if not SAMPLES.is_dir():
    pytest.skip("No messages of real devices at hand", allow_module_level=True)

type Census = tuple[
    str | None,
    int | None,
    str,
    int | None,
    str | None,
    str | None,
    tuple[str, ...],
    int,
]

PLATE: Final = "licensePlatePicture"
SCENE: Final = "detectionPicture"
VEHICLE: Final = "vehiclePicture"

# Country, lane, direction, confidence, vehicle type, list, pictures, length of the UUID
# (reference 1.11; the files that it does not list, as they are).
CENSUS: Final[dict[str, Census]] = {
    "anpr_china_multipart_form_dstcg_raw.txt": (
        ("CN", 1, "reverse", 78, "buggy", "temporary", (PLATE, SCENE), 36)
    ),
    "anpr_deepinview_v58_poland_anonymised.xml": (
        ("PL", 1, "reverse", 92, "suv_mpv", "other", (), 1)
    ),
    "anpr_dstcg406e_forward_ctry12.xml": (
        ("UA", 1, "forward", 100, None, None, (PLATE, SCENE), 36)
    ),
    "anpr_dstcg406e_reverse_same_car_0s6_later.xml": (
        ("BG", 1, "reverse", 98, None, None, (PLATE, SCENE), 36)
    ),
    "anpr_hik20_china_reverse_2pictures_bgres.xml": (
        (None, 1, "reverse", 97, "van", None, (PLATE, SCENE), 63)
    ),
    "anpr_hik20_turkey_3pictures_otherList.xml": (
        ("TR", 1, "forward", 98, "bus", "other", (PLATE, VEHICLE, SCENE), 63)
    ),
    "anpr_ids2cd7a46g0_plate_unknown_1picture.xml": (
        (None, 1, "forward", None, "suv_mpv", "other", (VEHICLE,), 63)
    ),
    "anpr_prefixed_namespace_nvr_forward_synthetic.xml": (
        (None, None, "forward", 90, None, None, (), 0)
    ),
    "anpr_stdcgi_ver10_old_firmware_synthetic.xml": (
        (None, 1, "forward", 85, None, None, (), 0)
    ),
    "ftp_anpr_xml_rootFTP_indonesia.xml": (
        ("ID", 2, "unknown", 0, "two_wheel_vehicle", None, (PLATE, SCENE), 36)
    ),
}

# Kind, event type, active, channel.
EVENTS: Final[dict[str, tuple[str, str, bool, int]]] = {
    "alertstream_nvr_heartbeat_channel0_no_first_boundary.txt": (
        ("heartbeat", "videoloss", False, 1)
    ),
    "alertstream_part_heartbeat_stdcgi20_ver1_channel0.txt": (
        ("heartbeat", "videoloss", False, 1)
    ),
    "alertstream_parts_ver10_heartbeat_then_event_truncated.txt": (
        ("heartbeat", "videoloss", False, 1)
    ),
    "alertstream_stdcgi20_vmd_inactive_emptylist.txt": ("other", "VMD", False, 1),
    "event_duration_relation_fielddetection.xml": (
        ("other", "fielddetection", True, 1)
    ),
    "event_io_alarm_input.xml": ("input", "IO", True, 1),
    "event_nvr_psia_ch34_fielddetection.xml": ("other", "fielddetection", True, 2),
    "event_pir_psia.xml": ("other", "PIR", True, 1),
    "event_stream_heartbeat_ptz.xml": ("heartbeat", "videoloss", False, 1),
    "event_stream_heartbeat_with_psia_extensions_ds2cd2185.xml": (
        ("heartbeat", "videoloss", False, 1)
    ),
    "event_stream_linedetection_active_ds2cd2185.xml": (
        ("other", "linedetection", True, 1)
    ),
    "event_stream_nvr_fielddetection_dynchannel_only.xml": (
        ("other", "fielddetection", True, 7)
    ),
    "event_thermal_no_namespace.xml": ("other", "VMD", True, 2),
    "heartbeat_videoloss_inactive_hik20.xml": ("heartbeat", "videoloss", False, 1),
    "vendor_heartbeat_subscribe_heartBeat.xml": ("heartbeat", "heartBeat", True, 1),
    "vendor_heartbeat_videoloss_isapi_com.xml": ("heartbeat", "videoloss", False, 1),
}
SILENT: Final = {
    "alertstream_bogus_double_boundary.txt",
    "alertstream_part_nvr_fielddetection_bkgurl_truncated.txt",
    "alertstream_part_nvr_isapi20_dyn_and_channel_truncated.txt",
}
SPEAKING: Final = ("alertstream_", "event_", "heartbeat_", "vendor_heartbeat_")


def sample(name: str) -> bytes:
    """Return a message as it was sent."""
    return (SAMPLES / name).read_bytes()


def parts_of(body: bytes) -> list[Part]:
    """Return the parts of a sample, which may be a document or a piece of a stream."""
    reader = MultipartReader("boundary")
    return reader.feed(body) + reader.finish()


def census(read: PlateRead) -> Census:
    """Return what the census counts of a read."""
    return (
        read.country,
        read.lane,
        read.direction,
        read.confidence,
        read.vehicle_type,
        read.list_name,
        tuple(picture.kind for picture in read.pictures),
        len(read.uuid or ""),
    )


@pytest.mark.parametrize("name", CENSUS)
def test_read(name: str) -> None:
    """Read exactly what the census of the captures says."""
    (message,) = [
        message
        for part in parts_of(sample(name))
        for message in parse_messages(part.body, UTC)
    ]
    assert isinstance(message, PlateRead)
    assert census(message) == CENSUS[name]
    assert message.is_unreadable is ("unknown" in name)
    assert not message.retransmitted
    assert not message.has_more_data


@pytest.mark.parametrize("name", EVENTS)
def test_event(name: str) -> None:
    """Classify every event, and read no plate from it."""
    messages = [
        message
        for part in parts_of(sample(name))
        for message in parse_messages(part.body, UTC)
    ]
    (event,) = messages
    assert isinstance(event, DeviceEvent)
    assert (event.kind, event.event_type, event.active, event.channel) == EVENTS[name]
    assert event.sent_at


def test_every_sample_is_known() -> None:
    """Miss no message: every file is a read, an event, or gives nothing at all."""
    for path in SAMPLES.iterdir():
        if path.name in CENSUS or path.name in EVENTS:
            continue
        assert not path.name.startswith(("anpr_", "ftp_"))
        assert path.name in SILENT or not (
            path.name.startswith(SPEAKING) and "triggers" not in path.name
        )
        if path.name != "vendor_schema_example_anpr_isapi20.xml":
            messages = [
                message
                for part in parts_of(path.read_bytes())
                for message in parse_messages(part.body, UTC)
            ]
            assert (path.name, messages) == (path.name, [])


def test_schema_example() -> None:
    """Read the vendor's own example, which has every field of the schema."""
    (message,) = parse_messages(sample("vendor_schema_example_anpr_isapi20.xml"), UTC)
    assert isinstance(message, PlateRead)
    assert message.pictures


@pytest.mark.parametrize("name", [*CENSUS, *EVENTS, *sorted(SILENT)])
def test_truncated(name: str) -> None:
    """Make nothing of a document that was cut off, wherever it was."""
    body = sample(name)
    whole = len(parse_documents(body))
    for end in range(0, len(body), 3):
        assert len(parse_documents(body[:end])) <= whole
        is_complete(body[:end])
    for part in parts_of(body[: len(body) // 2]):
        for message in parse_messages(part.body, UTC):
            assert not isinstance(message, PlateRead)


def test_sadp_answer() -> None:
    """Find a device in factory state by its answer to the vendor's search."""
    name = "sadp_probematch_factory_state_dstcg406e_adapted.xml"
    device = parse_answer(sample(name), "192.168.1.64")
    assert device is not None
    assert device.model == "DS-TCG406-E"
    assert device.mac_address == "c4:2f:90:a7:b5:d1"
    assert (device.host, device.http_port) == ("192.168.1.64", 80)
    assert (device.ipv6, device.activated, device.dhcp) == (None, False, True)
