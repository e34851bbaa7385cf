"""Test a passage, and what the better of two reads is."""

from dataclasses import replace
import json

import pytest

from custom_components.hikvision_anpr.intake.passage import (
    PASSAGE_TYPES,
    Passage,
    better_read,
    normalize_plate,
)
from custom_components.hikvision_anpr.isapi.plate_read import PictureInfo, PlateRead
from tests.isapi.fixtures import at, document, read_of

CAPTURED_AT = at("2026-04-07T08:15:30.120+01:00")
RECEIVED_AT = at("2026-04-07T07:15:30.500+00:00")
PICTURE = PictureInfo(kind="vehiclePicture", file_name="vehiclePicture.jpg")


def passage(read: PlateRead) -> Passage:
    """Return a live passage of a read."""
    return Passage(
        passage_id="p1",
        device_id="d1",
        read=read,
        captured_at=CAPTURED_AT,
        received_at=RECEIVED_AT,
        source="arming",
        live=True,
        reads=2,
    )


@pytest.mark.parametrize(
    ("plate", "normalized"),
    [
        ("AB-12 cd", "AB12CD"),
        ("a.b·1/2_3", "AB123"),
        ("蓝苏B3QX88", "苏B3QX88"),
        ("黑A12345", "黑A12345"),
        ("กข 1234", "กข1234"),
        ("ÄÖ 12", "ÄÖ12"),
        ("A\N{COMBINING DIAERESIS}ö 12", "ÄÖ12"),
        ("ＡＢ－１２", "AB12"),
        ("ب ح ٢٣٤", "بح٢٣٤"),
        ("---", ""),
    ],
)
def test_normalized_plate(plate: str, normalized: str) -> None:
    """Drop separators, case and the Chinese colour sign; write one letter one way."""
    assert normalize_plate(plate) == normalized
    assert normalize_plate(normalized) == normalized


@pytest.mark.parametrize(
    ("plate", "list_name", "passage_type", "verdict"),
    [
        ("AB12", "allow", "allowed", "allow"),
        ("AB12", "block", "blocked", "block"),
        ("AB12", "temporary", "unlisted", "none"),
        ("AB12", "other", "unlisted", "none"),
        ("AB12", "Staff", "unlisted", "none"),
        ("AB12", None, "unlisted", "none"),
        (None, None, "unreadable", "none"),
        (None, "allow", "unreadable", "allow"),
    ],
)
def test_type(
    plate: str | None, list_name: str | None, passage_type: str, verdict: str
) -> None:
    """Name the event type by the device's list, but never of an unread plate."""
    found = passage(PlateRead(plate=plate, list_name=list_name))
    assert (found.type, found.list) == (passage_type, verdict)
    assert found.type in PASSAGE_TYPES


def test_public_names() -> None:
    """Give every value under its public name, ready for JSON."""
    read = read_of(document("deepinview.xml"))
    values = passage(read).as_dict()
    assert json.loads(json.dumps(values)) == values
    assert values == {
        "passage_id": "p1",
        "device_id": "d1",
        "channel": 1,
        "lane": 2,
        "plate": "MAB4711",
        "plate_normalized": "MAB4711",
        "list": "allow",
        "device_list": "allow",
        "vehicle_name": None,
        "match": None,
        "confidence": 96,
        "direction": "forward",
        "country": "DE",
        "region": None,
        "plate_color": "white",
        "plate_type": None,
        "vehicle_type": "suv_mpv",
        "vehicle_color": "deep_blue",
        "vehicle_brand": "BMW",
        "captured_at": "2026-04-07T08:15:30.120000+01:00",
        "received_at": "2026-04-07T07:15:30.500000+00:00",
        "source": "arming",
        "live": True,
        "reads": 2,
        "area": None,
        "decision": "none",
        "reasons": [],
    }


def test_unreadable_has_no_plate() -> None:
    """Call no plate by the sentinel of an unread one."""
    values = passage(read_of(document("unreadable.xml"))).as_dict()
    assert (values["plate"], values["plate_normalized"]) == (None, None)


@pytest.mark.parametrize(
    ("first", "second", "is_second"),
    [
        (("AB12", 90), ("AB12", 91), True),
        (("AB12", 90), ("AB12", 90), False),
        (("AB12", 90), ("AB12", 89), False),
        (("AB12", 90), ("AB12", None), False),
        (("AB12", None), ("AB12", 1), True),
        (("AB12", None), ("AB12", None), False),
        (("AB12", 5), (None, None), False),
        ((None, None), ("AB12", None), True),
        ((None, None), (None, None), False),
    ],
)
def test_better_read(
    first: tuple[str | None, int | None],
    second: tuple[str | None, int | None],
    is_second: bool,
) -> None:
    """Prefer a plate to none, then the higher confidence, then the earlier."""
    one, two = (
        PlateRead(plate=plate, confidence=confidence, speed=speed)
        for (plate, confidence), speed in ((first, 1), (second, 2))
    )
    assert better_read(one, two) is (two if is_second else one)


def test_gaps_are_filled() -> None:
    """Fill what the better read does not know from the other."""
    best = PlateRead(plate="AB12", confidence=99, uuid="u1", lane=1)
    other = PlateRead(
        plate="AB1",
        confidence=50,
        uuid="u2",
        lane=2,
        direction="forward",
        country="DE",
        vehicle_brand="BMW",
        original_plate="ÄB1",
        character_confidences=(50, 50, 50),
        pictures=(PICTURE,),
    )
    expected = replace(
        best,
        direction="forward",
        country="DE",
        vehicle_brand="BMW",
        pictures=(PICTURE,),
    )
    assert better_read(best, other) == expected
    assert better_read(other, best) == expected


def test_list_belongs_to_the_plate() -> None:
    """Put no plate on the list on which the device found another one."""
    listed = PlateRead(plate="AB123CD", confidence=40, list_name="allow")
    sure = PlateRead(plate="AB123CO", confidence=95)
    assert better_read(listed, sure).list_name is None
    assert better_read(sure, listed).list_name is None
    same = PlateRead(plate="ab 123 cd", confidence=95)
    assert better_read(listed, same).list_name == "allow"


def test_gaps_are_not_filled_with_nothing() -> None:
    """Return the read itself where the other knows no more."""
    best = PlateRead(plate="AB12", confidence=99)
    assert better_read(best, PlateRead(plate="AB12")) is best


def test_second_half_completes_the_first() -> None:
    """Wait for no more once the message with the pictures came (trap 10)."""
    first = PlateRead(plate="AB12", confidence=90, has_more_data=True)
    second = PlateRead(plate="AB12", confidence=90, pictures=(PICTURE,))
    assert better_read(first, second) == second
