"""Recognize the columns of files of passages by their headings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from .export_table import COLUMNS
from .file_error import FileError
from .file_words import by_word, plain
from .wording import Wording

HEADING_WITHIN: Final = 10
"""In how many of the first rows the heading is looked for."""

DATE: Final = "date"
TIME: Final = "time"
"""Programs that part day and time of day have these in place of `captured_at`."""

_NAMES: Final[dict[str, str]] = {
    **{name: name for name in COLUMNS},
    "captured_at": "captured at, capture time, capturing time, passing time, pass time,"
    " timestamp, date time, datetime, date and time, event time, detection time,"
    " recognition time, snap time, start time, zeitpunkt, zeitstempel, erfasst, datum"
    " uhrzeit, horodatage, fecha y hora, data e ora, data i czas, tijdstip, 抓拍时间,"
    " 过车时间, 通行时间",
    DATE: "date, day, datum, tag, fecha, data, jour, giorno, dzien, дата, 日期",
    TIME: "time, time of day, uhrzeit, zeit, heure, hora, ora, tijd, czas, время, 时间",
    "plate": "plate, license plate, licence plate, license plate number, plate no,"
    " plate no., plate number, number plate, lpn, registration, kennzeichen,"
    " nummernschild, targa, plaque, immatriculation, matricula, kenteken, rejestracja,"
    " numer rejestracyjny, spz, rz, rendszam, registreringsnummer, номер, госномер,"
    " 车牌, 车牌号, 车牌号码",
    "vehicle_name": "vehicle name, vehicle, name, owner, fahrzeug, bezeichnung, halter",
    "list": "list, list type, group 0 block list 1 allow list, liste, lista, 名单类型",
    "confidence": "confidence, score, accuracy, confidence level, plate confidence,"
    " konfidenz, 置信度",
    "direction": "direction, driving direction, moving direction, richtung,"
    " fahrtrichtung, sens, direccion, direzione, kierunek, 方向, 行驶方向",
    "lane": "lane, lane no, lane number, fahrspur, spur, voie, carril, corsia, 车道,"
    " 车道号",
    "country": "country, country region, land, pays, pais, paese, kraj, 国家",
    "region": "region, state, province, area code, 省份",
    "plate_color": "plate color, plate colour, license plate color, 车牌颜色",
    "plate_type": "plate type, license plate type, 车牌类型",
    "vehicle_type": "vehicle type, type, fahrzeugtyp, type de vehicule, 车辆类型",
    "vehicle_color": "vehicle color, vehicle colour, color, colour, farbe, couleur,"
    " 车身颜色, 车辆颜色",
    "vehicle_brand": "vehicle brand, vehicle make, make, brand, vehicle logo, marke,"
    " marque, marca, 车辆品牌",
    "area": "area, site, zone, bereich, parking, parking area",
    "device_id": "device id, device, device name, camera, camera name, camera id,"
    " kamera, capture location, channel name, lane name, 设备名称, 监控点",
    "channel": "channel, channel no, channel number, kanal, 通道, 通道号",
}
_COLUMN_OF: Final = by_word(_NAMES)

type Columns = Mapping[str, int]


def find_columns(
    rows: Sequence[Sequence[str]],
    named: Mapping[str, str],
    wordings: Sequence[Wording] = (),
) -> tuple[int, Columns]:
    """Return in which row the passages begin, and which column is where.

    `named` says how columns are headed whose heading is not known; `wordings` are those
    in which we write files ourselves. Above the heading a program may write what the
    file is. Raises FileError.
    """
    own = {plain(heading): column for column, heading in named.items()}
    best: dict[str, int] = {}
    for number, row in enumerate(rows[:HEADING_WITHIN]):
        columns = _columns(row, own, wordings)
        if "plate" in columns and _has_time(columns):
            _check(columns, named)
            return number + 1, columns
        best = max(best, columns, key=len)
    _check(best, named)
    raise FileError("file_without_times" if "plate" in best else "file_without_plates")


def _columns(
    row: Sequence[str], own: Mapping[str, str], wordings: Sequence[Wording]
) -> dict[str, int]:
    """Return which column is where; the first of two with one meaning counts."""
    found: dict[str, int] = {}
    for number, heading in enumerate(row):
        column = own.get(plain(heading))
        if column is None and (known := _known(heading, wordings)) not in own.values():
            column = known
        if column:
            found.setdefault(column, number)
    return found


def _known(heading: str, wordings: Iterable[Wording]) -> str | None:
    """Return the meaning of a heading, ours or another program's."""
    ours = (wording.column(heading) for wording in wordings)
    return next(filter(None, ours), None) or _COLUMN_OF.get(plain(heading))


def _has_time(columns: Columns) -> bool:
    """Tell whether columns say when something passed."""
    return not columns.keys().isdisjoint({"captured_at", DATE, TIME})


def _check(columns: Columns, named: Mapping[str, str]) -> None:
    """Raise FileError for a heading that was named and is not there."""
    for column, heading in named.items():
        if column not in columns:
            raise FileError("column_not_found", heading=heading)
