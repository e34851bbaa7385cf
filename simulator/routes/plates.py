"""The plates query and its pictures: what was read, armed or not (reference 4.1, 4.2)."""

from collections.abc import Sequence
import json
from typing import Final

from aiohttp import web
from lxml import etree

from simulator.answers import BAD_CONTENT, BAD_FORMAT
from simulator.configuration import local_name, parse, text_of
from simulator.device import VEHICLE_DETECT, Device
from simulator.faults import Fault
from simulator.plates_table import KeptPlate, cursor_digits
from simulator.profiles import Profile

from .route import Route, status, written, xml

#: What may stand before a document; nobody says what it is.
_JUNK: Final = b"\x00\x10\r\n"

_PLATES: Final = f"{VEHICLE_DETECT}/plates"


async def plates(device: Device, request: web.Request) -> web.Response:
    """Answer which plates were read after AfterTime/picTime."""
    try:
        root = parse(await request.read())
        cursor = cursor_digits(text_of(root, "picTime") or "", device.clock.zone())
    except etree.XMLSyntaxError:
        return status(device, request, BAD_FORMAT)
    except OverflowError, ValueError:
        return status(device, request, BAD_CONTENT)
    if local_name(root) != "AfterTime":
        return status(device, request, BAD_CONTENT)
    return _answer(device, _found(device, cursor))


async def picture(device: Device, request: web.Request) -> web.Response:
    """Answer with the crop of a plate; 404 when it is in the table no more."""
    jpeg = device.plates.picture(request.match_info["name"])
    if jpeg is None:
        raise web.HTTPNotFound
    return web.Response(body=jpeg, content_type="image/jpeg")


def _found(device: Device, cursor: str) -> Sequence[KeptPlate]:
    """Return the plates after a cursor, with the tricks of the field on them."""
    faults, table = device.faults, device.plates
    found = table.after(cursor, again=faults.strikes(Fault.PLATES_CURSOR_AGAIN))
    if faults.strikes(Fault.PLATES_CAPPED):
        found = found[: faults.plates_cap]
    if faults.strikes(Fault.PLATES_UNSORTED):
        middle = len(found) // 2
        found = found[middle:] + found[:middle]
    if faults.strikes(Fault.PLATES_OLDEST_AGAIN):
        found += table.after("0")[:1]
    return found


def _answer(device: Device, found: Sequence[KeptPlate]) -> web.Response:
    """Return the plates as a document, as the faults have it."""
    rows = [_row(plate) for plate in found]
    if device.faults.strikes(Fault.PLATES_AS_JSON):
        return web.json_response(text=json.dumps({"Plates": {"Plate": rows}}))
    body = written(device, "Plates", {"Plate": rows})
    junk = _JUNK if device.faults.strikes(Fault.PLATES_JUNK_BEFORE) else b""
    return xml(junk + body)


def _row(kept: KeptPlate) -> dict[str, str]:
    """Return the elements of one plate."""
    return {
        "captureTime": kept.capture_time,
        "plateNumber": kept.plate,
        "picName": kept.name,
        "country": kept.country,
        "laneNo": kept.lane,
        "direction": kept.direction,
    }


def _has_table(profile: Profile) -> bool:
    """Tell whether the device keeps the plates that it read."""
    return profile.plates.size > 0


_PATHS: Final = (_PLATES, _PLATES.replace("vehicleDetect", "vehicledetect"))

ROUTES = (
    *(Route("POST", path, plates, _has_table) for path in _PATHS),
    *(Route("GET", path, plates, _has_table) for path in _PATHS),
    Route("GET", r"/doc/ui/images/plate/{name:\d+}.jpg", picture),
)
