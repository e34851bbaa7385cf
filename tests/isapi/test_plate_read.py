"""Test reading plates out of ANPR documents."""

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from custom_components.hikvision_anpr.isapi.document import parse_document
from custom_components.hikvision_anpr.isapi.plate_read import (
    MAX_PLATE_CHARACTERS,
    PictureInfo,
    PlateRead,
    Rectangle,
    parse_plate_read,
    picture_kind,
)

from .fixtures import alert, at, document, read_of

READS: dict[str, PlateRead] = {
    "deepinview.xml": PlateRead(
        plate="MAB4711",
        uuid="2026040708153049800abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR",
        captured_at=at("2026-04-07T08:15:30+02:00"),
        original_plate="MAB4711",
        lane=2,
        direction="forward",
        confidence=96,
        character_confidences=(99, 98, 97, 96, 95, 94, 93),
        country="DE",
        plate_color="white",
        vehicle_type="suv_mpv",
        vehicle_color="deep_blue",
        vehicle_brand="BMW",
        vehicle_index=812,
        list_name="allow",
        pictures=(
            PictureInfo(
                kind="licensePlatePicture",
                file_name="licensePlatePicture.jpg",
                picture_id="2026040708153049900AAAAAAAAAAAAA",
            ),
            PictureInfo(
                kind="vehiclePicture",
                file_name="vehiclePicture.jpg",
                picture_id="2026040708153049900BBBBBBBBBBBBB",
            ),
            PictureInfo(
                kind="detectionPicture",
                file_name="detectionPicture.jpg",
                picture_id="2026040708153050000CCCCCCCCCCCCC",
                plate_rectangle=Rectangle(
                    left=0.413, top=0.241, width=0.026, height=0.01
                ),
                vehicle_rectangle=Rectangle(left=0.3, top=0.1, width=0.25, height=0.4),
            ),
        ),
        picture_count=3,
        scene_size=(2560, 1568),
        mac_address="02:00:5e:10:00:01",
        channel_name="North gate",
    ),
    "entrance.xml": PlateRead(
        plate="XA4207BB",
        uuid="0a1b2c3d-1dd2-11b2-a9df-000000000001",
        captured_at=at("2026-04-07T08:15:30.120+01:00"),
        original_plate="XA4207BB",
        lane=1,
        direction="forward",
        confidence=97,
        character_confidences=(99,) * 8,
        country="UA",
        vehicle_index=153,
        pictures=(
            PictureInfo(
                kind="licensePlatePicture",
                file_name="licensePlatePicture.jpg",
                picture_id="AB123456700000000000001",
            ),
            PictureInfo(
                kind="detectionPicture",
                file_name="detectionPicture.jpg",
                picture_id="AB123456700000000000002",
                plate_rectangle=Rectangle(
                    left=0.34, top=0.492, width=0.24, height=0.234
                ),
                vehicle_rectangle=Rectangle(
                    left=0.0, top=0.0, width=0.958, height=0.137
                ),
            ),
        ),
        picture_count=2,
        mac_address="02:00:5e:10:00:02",
        device_uuid="DS-TCG000-E 20260101AIAB1234567",
        channel_name="IP CAPTURE CAMERA",
    ),
    "chinese.xml": PlateRead(
        plate="蓝苏B3QX88",
        uuid="0a1b2c3d-1dd2-11b2-821f-000000000003",
        captured_at=at("2034-01-04T15:57:03+08:00"),
        lane=1,
        direction="reverse",
        confidence=78,
        character_confidences=(99,) * 7,
        country="CN",
        plate_color="blue",
        plate_type="92_type_civil",
        vehicle_type="buggy",
        vehicle_brand="Wuling",
        vehicle_index=563,
        speed=36,
        list_name="temporary",
        pictures=(
            PictureInfo(
                kind="licensePlatePicture", file_name="licensePlatePicture.jpg"
            ),
            PictureInfo(
                kind="detectionPicture",
                file_name="detectionPicture.jpg",
                plate_rectangle=Rectangle(
                    left=0.375, top=0.645, width=0.227, height=0.118
                ),
            ),
        ),
        picture_count=2,
        mac_address="02:00:5e:10:00:03",
        channel_name="西门",
    ),
    "emirates.xml": PlateRead(
        plate="55501",
        uuid="2026040709000000000abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR",
        captured_at=at("2026-04-07T09:00:00+00:00"),
        lane=1,
        direction="forward",
        confidence=96,
        character_confidences=(99,) * 5,
        country="AE",
        region="DXB",
        plate_color="white",
        plate_type="private",
        plate_category="M",
        vehicle_type="truck",
        list_name="other",
        picture_count=0,
        mac_address="02:00:5e:10:00:04",
    ),
    "unreadable.xml": PlateRead(
        plate=None,
        uuid="2026040708200015800zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQR",
        captured_at=at("2026-04-07T08:20:00+02:00"),
        lane=1,
        direction="forward",
        vehicle_type="van",
        vehicle_color="white",
        vehicle_brand="Mercedes-Benz",
        vehicle_index=93,
        list_name="other",
        pictures=(
            PictureInfo(
                kind="vehiclePicture",
                file_name="vehiclePicture.jpg",
                picture_id="2026040708200016000DDDDDDDDDDDDD",
            ),
        ),
        picture_count=1,
        mac_address="02:00:5e:10:00:01",
        channel_name="North gate",
    ),
    "old_namespace.xml": PlateRead(
        plate="EL321BA",
        captured_at=at("2026-04-07T09:12:00+01:00"),
        lane=1,
        direction="forward",
        confidence=85,
        plate_color="white",
        plate_type="other",
    ),
    "prefixed.xml": PlateRead(
        plate="WA77777", channel=6, direction="reverse", confidence=90
    ),
    "no_namespace.xml": PlateRead(
        plate="KZ 90 ABC",
        channel=2,
        captured_at=at("2026-04-07T09:12:00+00:00"),
        lane=3,
        confidence=89,
        retransmitted=True,
        channel_name="Lane & ramp",
    ),
    "ftp.xml": PlateRead(
        plate="W7001QC",
        uuid="0a1b2c3d-1dd1-11b2-a09a-000000000004",
        captured_at=at("2026-04-07T11:10:21.710+00:00"),
        lane=2,
        confidence=0,
        country="ID",
        vehicle_type="two_wheel_vehicle",
        vehicle_index=8682,
        pictures=(
            PictureInfo(
                kind="licensePlatePicture", file_name="licensePlatePicture.jpg"
            ),
            PictureInfo(kind="detectionPicture", file_name="detectionPicture.jpg"),
        ),
        picture_count=2,
    ),
    "wrapped.json": PlateRead(
        plate="MAB4711",
        uuid="0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        captured_at=at("2026-04-07T08:15:30+02:00"),
        lane=2,
        direction="forward",
        confidence=96,
        character_confidences=(99, 98, 97, 96, 95, 94, 93),
        country="DE",
        list_name="block",
        pictures=(
            PictureInfo(
                kind="licensePlatePicture", file_name="licensePlatePicture.jpg"
            ),
            PictureInfo(
                kind="detectionPicture",
                file_name="detectionPicture.jpg",
                url="http://192.0.2.60/picture?1&2",
            ),
        ),
        picture_count=2,
    ),
    "bare.json": PlateRead(
        plate="HK4711",
        captured_at=at("2026-04-07T08:15:30+02:00"),
        lane=1,
        confidence=91,
        country="HK",
        list_name="block",
        pictures=(
            PictureInfo(
                kind="detectionPicture",
                file_name="detectionPicture_1.jpg",
                picture_id="12345678901234567890123",
            ),
        ),
        retransmitted=True,
    ),
    "access.json": PlateRead(
        plate="TR1CK5",
        captured_at=at("2026-04-07T08:15:30+02:00"),
        mac_address="02:00:5e:10:00:07",
    ),
}


@pytest.mark.parametrize("name", READS)
def test_read(name: str) -> None:
    """Read every field of every dialect."""
    read = read_of(document(name))
    assert read == READS[name]
    assert read.is_unreadable is (name == "unreadable.xml")


def test_same_vehicle_read_again() -> None:
    """Read the second capture of a vehicle as it is: another direction and country."""
    first, second = map(read_of, map(document, ("entrance.xml", "entrance_again.xml")))
    assert first.plate == second.plate
    assert (second.direction, second.country) == ("reverse", "BG")
    assert second.uuid != first.uuid
    assert first.captured_at
    assert second.captured_at
    assert second.captured_at - first.captured_at == timedelta(seconds=0.64)


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("AB 12-CD", "AB 12-CD"),
        (" AB12CD\r\n", "AB12CD"),
        ("กข1234", "กข1234"),
        ("unknown", None),
        ("Unknown", None),
        ("noPlate", None),
        ("NOPLATE", None),
        ("no plate", None),
        ("", None),
        ("---", None),
        ("x" * MAX_PLATE_CHARACTERS, "x" * MAX_PLATE_CHARACTERS),
    ],
)
def test_plate(text: str, plate: str | None) -> None:
    """Keep the plate as it was sent, and tell the sentinels (trap 3)."""
    body = alert(
        f"<licensePlate>{text}</licensePlate><confidenceLevel>7</confidenceLevel>"
        f"<originalLicensePlate>{text}</originalLicensePlate>"
    )
    read = read_of(body)
    assert read.plate == plate
    assert read.original_plate == plate
    assert read.confidence == (None if plate is None else 7)
    assert read.is_unreadable is (plate is None)


@pytest.mark.parametrize(
    "anpr",
    [
        "",
        "<licensePlate>" + "x" * (MAX_PLATE_CHARACTERS + 1) + "</licensePlate>",
        "<licensePlate><b>AB12</b></licensePlate>",
        "<plateNumber>AB12</plateNumber>",
    ],
)
def test_no_plate_element(anpr: str) -> None:
    """Read nothing where there is no plate, or what cannot be one."""
    assert parse_plate_read(parse_document(alert(anpr)), UTC) is None


@pytest.mark.parametrize(
    ("name", "sent", "field", "value"),
    [
        ("confidenceLevel", "0", "confidence", 0),
        ("confidenceLevel", "100", "confidence", 100),
        ("confidenceLevel", "101", "confidence", 10),
        ("confidenceLevel", "1000", "confidence", 100),
        ("confidenceLevel", "99999", "confidence", 100),
        ("confidenceLevel", "-1", "confidence", None),
        ("confidenceLevel", "high", "confidence", None),
        ("confidenceLevel", "97.6", "confidence", 98),
        ("plateCharBelieve", "99, 98 ,7", "character_confidences", (99, 98, 7)),
        ("plateCharBelieve", "99,,98", "character_confidences", ()),
        ("plateCharBelieve", "99,x", "character_confidences", ()),
        ("plateCharBelieve", "-1", "character_confidences", ()),
        ("plateCharBelieve", "1000", "character_confidences", ()),
        ("direction", "Forward", "direction", "forward"),
        ("direction", "reverse", "direction", "reverse"),
        ("direction", "unknown", "direction", "unknown"),
        ("direction", "sideways", "direction", "unknown"),
        ("line", "4", "lane", 4),
        ("lane", "2", "lane", 2),
        ("laneNo", "3", "lane", 3),
        ("line", "x", "lane", None),
        ("country", "3", "country", "DE"),
        ("country", "GBR", "country", "GB"),
        ("country", "de", "country", "DE"),
        ("country", "DXB", "country", "AE"),
        ("country", "0", "country", None),
        ("country", "253", "country", None),
        ("country", "254", "country", None),
        ("country", "999", "country", None),
        ("CRIndex", "256", "country", "TW"),
        ("ISO-CR", "FI", "country", "FI"),
        ("area", "DXB", "region", "DXB"),
        ("area", "unknown", "region", None),
        ("province", "12", "region", "12"),
        ("province", "0", "region", None),
        ("plateColor", "newEnergyGreen", "plate_color", "new_energy_green"),
        ("plateColor", "striped", "plate_color", "other"),
        ("plateType", "unknown", "plate_type", None),
        ("plateCategory", "T", "plate_category", "T"),
        ("category", "M", "plate_category", "M"),
        ("vehicleType", "SUVMPV", "vehicle_type", "suv_mpv"),
        ("vehicleType", "unknown", "vehicle_type", None),
        ("vehicleListName", "whiteList", "list_name", "allow"),
        ("vehicleListName", "allowList", "list_name", "allow"),
        ("vehicleListName", "blackList", "list_name", "block"),
        ("vehicleListName", "blockList", "list_name", "block"),
        ("vehicleListName", "otherList", "list_name", "other"),
        ("vehicleListName", "Staff", "list_name", "Staff"),
        ("vehicleListName", "", "list_name", None),
        ("listType", "white", "list_name", "allow"),
        ("listType", "allowList", "list_name", "allow"),
        ("listType", "black", "list_name", "block"),
        ("listType", "1", "list_name", "block"),
        ("listType", "temporary", "list_name", "temporary"),
        ("listType", "", "list_name", None),
        ("barrierGateCtrlType", "0", "list_name", None),
        ("hasMoreData", "true", "has_more_data", True),
        ("hasMoreData", "false", "has_more_data", False),
        ("picNum", "2", "picture_count", 2),
        ("alarmDataType", "0", "retransmitted", False),
        ("alarmDataType", "1", "retransmitted", True),
        ("isDataRetransmission", "true", "retransmitted", True),
    ],
)
def test_field(name: str, sent: str, field: str, value: object) -> None:
    """Read a field of the ANPR block in its variants (reference 1.4)."""
    read = read_of(alert(f"<licensePlate>AB12</licensePlate><{name}>{sent}</{name}>"))
    assert getattr(read, field) == value


@pytest.mark.parametrize(
    ("elements", "country"),
    [
        ("<country>253</country><CRIndex>257</CRIndex>", "HK"),
        ("<country>0</country><CRIndex>14</CRIndex>", "BG"),
        ("<country>12</country><CRIndex>14</CRIndex>", "UA"),
        ("<country>12</country><ISO-CR>BG</ISO-CR>", "BG"),
    ],
)
def test_country_in_several_fields(elements: str, country: str) -> None:
    """Read CRIndex where the country is no answer (trap 6)."""
    body = alert(f"<licensePlate>AB12</licensePlate>{elements}")
    assert read_of(body).country == country


@pytest.mark.parametrize(
    ("elements", "list_name"),
    [
        ("<vehicleListName/><listType>black</listType>", "block"),
        (
            "<vehicleListName>whiteList</vehicleListName><listType>black</listType>",
            "allow",
        ),
        ("", None),
    ],
)
def test_both_dialects_of_the_list(elements: str, list_name: str | None) -> None:
    """Take the first list field that holds anything (trap 13)."""
    body = alert(f"<licensePlate>AB12</licensePlate>{elements}")
    assert read_of(body).list_name == list_name


def test_confidences_without_end() -> None:
    """Take no number for a confidence that no integer could hold."""
    body = alert(
        "<licensePlate>AB12</licensePlate>"
        f"<plateCharBelieve>{'9' * 5000}</plateCharBelieve>"
        f"<confidenceLevel>{'9' * 5000}</confidenceLevel>"
    )
    read = read_of(body)
    assert (read.character_confidences, read.confidence) == ((), None)


def test_vehicle_type_is_not_the_number_inside() -> None:
    """Tell apart two elements of one name (trap 2)."""
    body = alert(
        "<licensePlate>AB12</licensePlate><vehicleInfo><vehicleType>4</vehicleType>"
        "<speed>0</speed><index>0</index><color>deepGray</color>"
        "<vehicleLogoRecog>99999</vehicleLogoRecog></vehicleInfo>"
    )
    read = read_of(body)
    assert read.vehicle_type is None
    assert (read.speed, read.vehicle_index) == (None, None)
    assert (read.vehicle_color, read.vehicle_brand) == ("deep_gray", "99999")


@pytest.mark.parametrize(
    ("envelope", "channel"),
    [
        ("", 1),
        ("<channelID>1</channelID>", 1),
        ("<channelID>0</channelID>", 1),
        ("<channelID>32</channelID>", 32),
        ("<channelID>33</channelID>", 1),
        ("<channelID>34</channelID>", 2),
        ("<dynChannelID>6</dynChannelID>", 6),
        ("<dynChannelID>6</dynChannelID><channelID>38</channelID>", 6),
        ("<dynChannelID>0</dynChannelID><channelID>34</channelID>", 2),
        ("<dynChannelID>36</dynChannelID>", 36),
        ("<channelID>north</channelID>", 1),
    ],
)
def test_channel(envelope: str, channel: int) -> None:
    """Number the channels of a recorder from 1 (trap 38)."""
    body = alert("<licensePlate>AB12</licensePlate>", envelope)
    assert read_of(body).channel == channel


@pytest.mark.parametrize(
    ("envelope", "retransmitted"),
    [
        ("", False),
        ("<isDataRetransmission>false</isDataRetransmission>", False),
        ("<isDataRetransmission>true</isDataRetransmission>", True),
        ("<isDataRetransmission>1</isDataRetransmission>", True),
    ],
)
def test_retransmission(envelope: str, retransmitted: bool) -> None:
    """Tell a read that the device kept back (trap 35)."""
    read = read_of(alert("<licensePlate>AB12</licensePlate>", envelope))
    assert read.retransmitted is retransmitted


def test_picture_count_at_the_root_counts_first() -> None:
    """Read picNum beside the ANPR block or in it."""
    body = alert(
        "<licensePlate>AB12</licensePlate><picNum>1</picNum>", "<picNum>0</picNum>"
    )
    assert read_of(body).picture_count == 0


@pytest.mark.parametrize(
    ("text", "captured_at"),
    [
        ("2026-04-07T08:15:30", "2026-04-07T08:15:30+02:00"),
        ("2026-04-07T08:15:30Z", "2026-04-07T08:15:30+00:00"),
        ("2026-04-07T08:15:3002:00", "2026-04-07T08:15:30+02:00"),
        ("never", None),
        ("", None),
    ],
)
def test_capture_time(text: str, captured_at: str | None) -> None:
    """Read the device's time, in the given zone where it names none (trap 17)."""
    body = alert("<licensePlate>AB12</licensePlate>", f"<dateTime>{text}</dateTime>")
    read = parse_plate_read(parse_document(body), ZoneInfo("Europe/Berlin"))
    assert read
    assert read.captured_at == (at(captured_at) if captured_at else None)
    assert read.captured_at is None or read.captured_at.tzinfo is not None


@pytest.mark.parametrize(
    ("sides", "rectangle"),
    [
        (
            "<X>413</X><Y>241</Y><width>26</width><height>10</height>",
            Rectangle(left=0.413, top=0.241, width=0.026, height=0.01),
        ),
        (
            "<x>0</x><y>0</y><width>1000</width><height>1000</height>",
            Rectangle(left=0, top=0, width=1, height=1),
        ),
        (
            "<width>10</width><height>20</height>",
            Rectangle(left=0, top=0, width=0.01, height=0.02),
        ),
        ("<X>0</X><Y>0</Y><width>0</width><height>0</height>", None),
        (
            "<x>0.413</x><y>0.6</y><width>0.026</width><height>1.000</height>",
            Rectangle(left=0.413, top=0.6, width=0.026, height=1),
        ),
        (
            "<x>1</x><y>0</y><width>1</width><height>1</height>",
            Rectangle(left=0.001, top=0, width=0.001, height=0.001),
        ),
        ("<x>0.000</x><y>0.000</y><width>0.000</width><height>0.000</height>", None),
        ("<X>1001</X><Y>0</Y><width>1</width><height>1</height>", None),
        ("<X>-1</X><Y>0</Y><width>1</width><height>1</height>", None),
        ("", None),
    ],
)
def test_rectangle(sides: str, rectangle: Rectangle | None) -> None:
    """Read per-mille, and fractions as they are; zeros mean none (trap 19)."""
    body = alert(
        "<licensePlate>AB12</licensePlate><pictureInfoList><pictureInfo>"
        f"<plateRect>{sides}</plateRect></pictureInfo></pictureInfoList>"
    )
    (picture,) = read_of(body).pictures
    assert picture == PictureInfo(kind="", file_name="", plate_rectangle=rectangle)


def test_picture_by_content_id_and_by_address() -> None:
    """Read where a picture is, an address only where the device says so."""
    body = alert(
        "<licensePlate>AB12</licensePlate><pictureInfoList>"
        "<pictureInfo><type>vehiclePicture</type><contentID>c1</contentID>"
        "<dataType>0</dataType><pictureURL>http://192.0.2.1/0</pictureURL>"
        "</pictureInfo><pictureInfo><fileName>detectionPicture.jpg</fileName>"
        "<dataType>1</dataType><pictureURL>http://192.0.2.1/1?a=b&amp;c</pictureURL>"
        "</pictureInfo></pictureInfoList>"
    )
    assert read_of(body).pictures == (
        PictureInfo(kind="vehiclePicture", file_name="vehiclePicture", content_id="c1"),
        PictureInfo(
            kind="detectionPicture",
            file_name="detectionPicture.jpg",
            url="http://192.0.2.1/1?a=b&c",
        ),
    )


@pytest.mark.parametrize(
    "listed",
    [
        '{"pictureInfo": [%s, %s]}',
        '{"PictureInfo": [%s, %s]}',
        '[{"pictureInfo": %s}, {"pictureInfo": %s}]',
        "[%s, %s]",
    ],
)
def test_pictures_listed_in_json(listed: str) -> None:
    """Find every picture, however JSON lists what XML repeats (trap 22)."""
    infos = listed % ('{"fileName": "a.jpg", "pId": 1}', '{"fileName": "b.jpg"}')
    body = (
        '{"eventType": "ANPR", "ANPR": {"licensePlate": "AB12",'
        f' "pictureInfoList": {infos}}}}}'
    )
    assert read_of(body.encode()).pictures == (
        PictureInfo(kind="a", file_name="a.jpg", picture_id="1"),
        PictureInfo(kind="b", file_name="b.jpg"),
    )


@pytest.mark.parametrize("listed", ["", "<pictureInfoList/>"])
def test_no_pictures(listed: str) -> None:
    """Expect no picture where none is listed (trap 21)."""
    assert not read_of(alert(f"<licensePlate>AB12</licensePlate>{listed}")).pictures


@pytest.mark.parametrize(
    ("file_name", "kind"),
    [
        ("licensePlatePicture.jpg", "licensePlatePicture"),
        ("detectionPicture_2.jpg", "detectionPicture"),
        (" vehiclePicture ", "vehiclePicture"),
        ("", ""),
    ],
)
def test_picture_kind(file_name: str, kind: str) -> None:
    """Name a picture's kind without number and extension."""
    assert picture_kind(file_name) == kind


def test_offset_of_the_device_is_kept() -> None:
    """Keep the offset that the device sent."""
    captured_at = read_of(document("chinese.xml")).captured_at
    assert captured_at
    assert captured_at.tzinfo == timezone(timedelta(hours=8))
