"""Know the columns of files of vehicles, by the names that programs give them."""

from collections.abc import Sequence
import re
from typing import Final, Literal
from unicodedata import combining, normalize

from ...intake.passage import ListName

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
_LISTS: Final[dict[ListName, str]] = {
    "allow": "allow, allowed, allowlist, allow list, white, whitelist, white list, 1,"
    " erlaubt, weiss, liste blanche, lista blanca, bianca, witte lijst, biala lista,"
    " белый, 白名单",
    "block": "block, blocked, blocklist, block list, black, blacklist, black list, 0,"
    " gesperrt, schwarz, liste noire, lista negra, nera, zwarte lijst, czarna lista,"
    " черный, 黑名单",
    "none": "none, no, other, keine, aucune, ninguna, nessuna, geen, brak",
}
_NOT_A_WORD: Final = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """Return a name without capitals, marks and signs, as names are compared."""
    letters = normalize("NFKD", name.casefold().replace("ł", "l"))
    bare = "".join(letter for letter in letters if not combining(letter))
    return _NOT_A_WORD.sub(" ", bare).strip()


def _by_name[T](names: dict[T, str]) -> dict[str, T]:
    """Return what each name stands for."""
    return {
        plain(name): meaning
        for meaning, written in names.items()
        for name in written.split(",")
    }


_COLUMN_OF: Final = _by_name(_NAMES)
_LIST_OF: Final = _by_name(_LISTS)


def columns_of(row: Sequence[str]) -> dict[Column, int]:
    """Return which column is where; the first of two with one meaning counts."""
    found: dict[Column, int] = {}
    for number, name in enumerate(row):
        if column := _column(plain(name)):
            found.setdefault(column, number)
    return found


def list_of(value: str) -> ListName | None:
    """Return the list that a word or code of a device means."""
    return _LIST_OF.get(plain(value))


def _column(name: str) -> Column | None:
    """Return the meaning of a column."""
    if name.startswith("group 0"):
        return "list"
    return _COLUMN_OF.get(name)
