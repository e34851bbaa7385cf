"""Test finding and drawing what documents of several forms draw into the picture."""

import pytest

from custom_components.hikvision_anpr.isapi.geometry import Point
from custom_components.hikvision_anpr.isapi.offers import Offer
from custom_components.hikvision_anpr.isapi.shapes import (
    MOST_SHAPES,
    DrawnShape,
    PointCountError,
    drawn_shapes,
)
from custom_components.hikvision_anpr.isapi.writable_document import (
    Element,
    parse,
    serialize,
)

LANES = """<VehicleDetectCfg xmlns="http://www.isapi.org/ver20/XMLSchema" xmlns:e="urn:e">
<laneNum>2</laneNum><index>4</index>
<!-- by hand -->
<LaneList size="2">
<Lane no="1"><id>1</id>
<LaneLine><CoordinatesList><Coordinates><positionX>100</positionX><positionY>0</positionY></Coordinates><Coordinates><positionX>400</positionX><positionY>1000</positionY></Coordinates></CoordinatesList></LaneLine>
<TriggerLine startX="1"><startX>100</startX><startY>250</startY><endX>900</endX><endY>250</endY></TriggerLine>
</Lane>
<Lane no="2"><id>2</id>
<LaneLine><CoordinatesList><Coordinates><positionX>500</positionX><positionY>0</positionY></Coordinates><Coordinates><positionX>600</positionX><positionY>1000</positionY></Coordinates></CoordinatesList></LaneLine>
</Lane>
</LaneList>
<PlateRegoin><e:RegionCoordinatesList size="3" e:kind="roi"><e:Point><e:x>0</e:x><e:y>0</e:y></e:Point>
<e:Point><e:x>1000</e:x><e:y>0</e:y></e:Point><e:Point><e:x>500</e:x><e:y>800</e:y></e:Point></e:RegionCoordinatesList></PlateRegoin>
<Overlay><Item><positionX>1</positionX><positionY>2</positionY><text>a</text></Item><Item><positionX>3</positionX><positionY>4</positionY><text>b</text></Item></Overlay>
</VehicleDetectCfg>"""
"""On a grid: points in lists, ends in one element, attributes, comments, misspelt."""

FRACTIONS = """<VehicleDetectCfg><Lane><X>0</X><Y>1</Y><X>0.500</X><Y>0.25</Y></Lane>
<Shield><P><x>0</x><y>0</y></P><P><x>0</x><y>0</y></P><P><x>0</x><y>0</y></P></Shield>
</VehicleDetectCfg>"""
SCREEN = """<VehicleDetectCfg><normalizedScreenSize>
<normalizedScreenWidth>704</normalizedScreenWidth>
<normalizedScreenHeight>576</normalizedScreenHeight></normalizedScreenSize>
<TriggerLine><x1>176</x1><y1>144</y1><x2>704</x2><y2>576</y2></TriggerLine>
</VehicleDetectCfg>"""
ENDS = """<VehicleDetectCfg><Line><Start><x>1920</x><y>0</y></Start>
<End><x>960</x><y>1080</y></End></Line></VehicleDetectCfg>"""


def found(root: Element, offers: dict[str, Offer] | None = None) -> list[DrawnShape]:
    """Return the shapes of a document."""
    return list(drawn_shapes(root, offers or {}).values())


def read(document: str, offers: dict[str, Offer] | None = None) -> list[object]:
    """Return what is told of the shapes of a document."""
    return [
        (
            one.shape.path,
            one.shape.purpose,
            "polygon" if one.shape.is_closed else "line",
            [(point.x, point.y) for point in one.shape.points],
        )
        for one in found(parse(document.encode()), offers)
    ]


def test_grid() -> None:
    """Find every list of points, counted from the bottom left."""
    trigger = "LaneList/Lane[1]/TriggerLine"
    lines = "LaneList/Lane[{}]/LaneLine/CoordinatesList"
    assert read(LANES) == [
        (lines.format(1), "lane_line", "line", [(0.1, 1), (0.4, 0)]),
        (trigger, "trigger_line", "line", [(0.1, 0.75), (0.9, 0.75)]),
        (lines.format(2), "lane_line", "line", [(0.5, 1), (0.6, 0)]),
        (
            "PlateRegoin/RegionCoordinatesList",
            "region",
            "polygon",
            [(0, 1), (1, 1), (0.5, pytest.approx(0.2))],
        ),
    ]


def test_fractions() -> None:
    """Count parts of the picture from the top; three zeros are not drawn."""
    assert read(FRACTIONS) == [
        ("Lane", "lane", "line", [(0, 1), (0.5, 0.25)]),
        ("Shield", None, "polygon", []),
    ]


def test_scale_that_is_told() -> None:
    """Take the grid from the document, or from what the device offers."""
    assert read(SCREEN) == [
        ("TriggerLine", "trigger_line", "line", [(0.25, 0.75), (1, 0)]),
    ]
    assert read(ENDS) == []
    offers = {"Line/Start/x": Offer(lowest=0, highest=1920)}
    assert read(ENDS, offers) == [("Line", "line", "line", [(1, 1), (0.5, 0.4375)])]


@pytest.mark.parametrize(
    "odd",
    [
        "<R><P><x>a</x><y>1</y></P><P><x>1</x><y>1</y></P><P><x>5</x><y>5</y></P></R>",
        "<R><P><x/><y/></P><P><x>1</x><y>1</y></P></R>",
        "<R><P><x>-1</x><y>1</y></P><P><x>10</x><y>1</y></P></R>",
        "<R><P><x>1e3</x><y>1</y></P><P><x>10</x><y>1</y></P></R>",
        "<R><P><x>nan</x><y>1</y></P><P><x>10</x><y>1</y></P></R>",
        "<R><P><x>1001</x><y>1</y></P><P><x>10</x><y>1</y></P></R>",
        "<R><P><x>1</x><y>1</y></P></R>",
        "<R><P><x>1</x></P><P><x>1</x></P></R>",
        "<max>4</max><index>1</index>",
        "<P><x>1</x><y>1</y></P><P><x>2</x><y>2</y></P>",
        "<R><x><y>1</y></x><x><y>1</y></x></R>",
    ],
)
def test_what_is_no_shape(odd: str) -> None:
    """Leave to others what is none, or cannot be understood."""
    assert read(f"<Cfg>{odd}</Cfg>") == []


def test_very_many() -> None:
    """Keep the questions of what crosses what few, whatever a device sends."""
    point = "<P><x>{}</x><y>{}</y></P>"
    long = "".join(point.format(number, 7 * number % 1000) for number in range(900))
    line = f"<LaneLine>{point.format(1, 1)}{point.format(1, 900)}</LaneLine>"
    assert read(f"<Cfg><LaneLine>{long}</LaneLine></Cfg>") == []
    assert len(read(f"<Cfg><L>{900 * line}</L></Cfg>")) == MOST_SHAPES


def redraw(document: str, path: str, *points: tuple[float, float]) -> str:
    """Draw a shape of a document anew, and return the document."""
    root = parse(document.encode())
    drawn_shapes(root, {})[path].draw([Point(x=x, y=y) for x, y in points])
    return serialize(root).decode().partition("\n")[2]


def test_same_points() -> None:
    """Keep every byte where the points are as they were told."""
    for document in (LANES, FRACTIONS, SCREEN):
        root = parse(document.encode())
        before = serialize(root)
        for one in found(root):
            told = [
                Point(x=round(point.x, 4), y=round(point.y, 4))
                for point in one.shape.points
            ]
            one.draw(told)
        assert serialize(root) == before


def test_other_points() -> None:
    """Change the coordinates that are others, and nothing else."""
    path = "LaneList/Lane[1]/TriggerLine"
    assert redraw(LANES, path, (0.1, 0.6), (0.8, 0.75)) == LANES.replace(
        "<startY>250", "<startY>400"
    ).replace("<endX>900", "<endX>800")
    assert redraw(FRACTIONS, "Lane", (0.125, 1), (0.5, 0.3)) == FRACTIONS.replace(
        "<X>0<", "<X>0.125<"
    ).replace("0.25", "0.300")


def test_another_number_of_points() -> None:
    """Let a polygon have more corners or fewer, and a line no other number."""
    path = "PlateRegoin/RegionCoordinatesList"
    corners = [(0, 1), (1, 1), (0.5, 0.2), (0.2, 0.5)]
    more = redraw(LANES, path, *corners)
    assert "<e:Point><e:x>200</e:x><e:y>500</e:y></e:Point>" in more
    assert '<e:RegionCoordinatesList size="4" e:kind="roi">' in more
    assert redraw(more, path, *corners[:3]) == LANES
    with pytest.raises(PointCountError) as error:
        redraw(LANES, "LaneList/Lane[1]/TriggerLine", (0, 0), (1, 1), (1, 0))
    assert error.value.count == 2


def test_drawn_for_the_first_time() -> None:
    """Draw what the device had no points for, in the way of the others."""
    drawn = redraw(FRACTIONS, "Shield", (0.1, 0.2), (0.9, 0.2), (0.5, 0.75))
    assert "<x>0.100</x><y>0.200</y>" in drawn
    assert read(drawn)[1] == (
        "Shield",
        None,
        "polygon",
        [(0.1, 0.2), (0.9, 0.2), (0.5, 0.75)],
    )
