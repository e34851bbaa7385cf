"""Recognize the columns of files of vehicles by their headings."""

from collections.abc import Sequence
from typing import Final, Literal

from ...archive.file_words import by_word, plain

type Column = Literal[
    "plate",
    "list",
    "vehicle_name",
    "owner",
    "group",
    "card_id",
    "color",
    "note",
    "areas",
    "valid_from",
    "valid_to",
    "week",
    "uses",
]

COLUMNS: Final[tuple[Column, ...]] = (
    "plate",
    "list",
    "vehicle_name",
    "owner",
    "group",
    "card_id",
    "color",
    "note",
    "areas",
    "valid_from",
    "valid_to",
    "week",
    "uses",
)

_NAMES: Final[dict[Column, str]] = {
    "plate": "plate, license plate, licence plate, plate no, plate number, license plate"
    " number, number plate, lpn, registration, kennzeichen, nummernschild, targa, plaque,"
    " immatriculation, matricula, kenteken, rejestracja, numer rejestracyjny, spz, rz,"
    " rendszam, registreringsnummer, номер, госномер, 车牌, 车牌号, 车牌号码",
    "list": "list, list type, type, group 0 block list 1 allow list, liste, lista, lijst,"
    " список, 名单类型, 名单",
    "vehicle_name": "vehicle name, vehicle, name, fahrzeug, bezeichnung, vehicule,"
    " vehiculo, veicolo, voertuig, pojazd",
    "owner": "owner, driver, person, besitzer, halter, fahrer, proprietaire, propietario,"
    " proprietario, eigenaar, wlasciciel, владелец, 车主, 车主姓名",
    "group": "group, gruppe, groupe, grupo, gruppo, groep, grupa",
    "card_id": "card id, card, card no, card number, cardno, cardid, karte,"
    " kartennummer, carte, tarjeta, tessera, kaart, karta, 卡号",
    "color": "color, colour, vehicle color, farbe, couleur, colore, kleur, kolor",
    "note": "note, notes, remark, remarks, comment, description, bemerkung, notiz,"
    " kommentar, remarque, nota, opmerking, uwagi, 备注",
    "areas": "areas, area, zone, zones, bereich, bereiche, parking area",
    "valid_from": "valid from, start date, start, start time, from, effective start"
    " date, gultig ab, gueltig ab, von, debut, inicio, inizio, od, 开始时间, 开始日期",
    "valid_to": "valid to, valid until, end date, end, end time, to, until, expires,"
    " expiry, effective time, gultig bis, gueltig bis, bis, fin, fine, do, 结束时间,"
    " 结束日期",
    "week": "week, times of the week, schedule, wochenzeiten, zeitplan",
    "uses": "uses, entries, einfahrten, anzahl",
}
_COLUMN_OF: Final = by_word(_NAMES)


def columns_of(row: Sequence[str]) -> dict[Column, int]:
    """Return which column is where; the first of two with one meaning counts."""
    found: dict[Column, int] = {}
    for number, name in enumerate(row):
        if column := _column(plain(name)):
            found.setdefault(column, number)
    return found


def _column(name: str) -> Column | None:
    """Return the meaning of a column."""
    if name.startswith("group 0"):
        return "list"
    return _COLUMN_OF.get(name)
