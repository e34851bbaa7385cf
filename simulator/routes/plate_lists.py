"""/ISAPI/Traffic/…: the camera's own list of plates (reference 5.2)."""

from collections.abc import Sequence
import json
from typing import Any

from aiohttp import web
from lxml import etree

from simulator.answers import BAD_CONTENT, BAD_FORMAT, BAD_PARAMETERS, OK
from simulator.configuration import parse, text_of
from simulator.device import Device
from simulator.document import Node
from simulator.faults import Fault
from simulator.plate_list import READ_WORDS, ListDialect, ListedPlate
from simulator.profiles import Profile

from .list_refusal import answer_to
from .route import Route, document, status

_CHANNEL = "/ISAPI/Traffic/channels/1"


def _has_list(profile: Profile) -> bool:
    """Tell whether a model keeps a list."""
    others = {ListDialect.VCL, ListDialect.VCL_UNSHOWN, ListDialect.FILE}
    return profile.list_dialect not in {None, *others}


async def search(device: Device, request: web.Request) -> web.Response:
    """Answer a page of the list, with the counts where the dialect has them."""
    try:
        root = parse(await request.read())
        position = int(text_of(root, "searchResultPosition") or "0")
        most = int(text_of(root, "maxResults") or "20")
    except etree.XMLSyntaxError, ValueError:
        return status(device, request, BAD_FORMAT)
    plates = device.plate_list
    wanted = text_of(root, "LicensePlate")
    found = list(plates.records.values()) if wanted is None else plates.of(wanted)
    shown = found[position : position + min(most, plates.page)]
    return _page(device, text_of(root, "searchID") or "", found, shown, position)


def _page(
    device: Device,
    search_id: str,
    found: Sequence[ListedPlate],
    shown: Sequence[ListedPlate],
    position: int,
) -> web.Response:
    """Return a page as the camera writes it."""
    is_more = position + len(shown) < len(found)
    word = "MORE" if is_more else "OK" if shown else "NO MATCHES"
    counts: dict[str, Node] = {
        "numOfMatches": str(len(shown)),
        "totalMatches": str(len(found)),
    }
    offset = f"{device.clock.now():%z}"
    zone = f"{offset[:3]}:{offset[3:]}"
    rows = [_row(one, zone) for one in shown]
    head: dict[str, Node] = {
        "searchID": search_id,
        "responseStatus": "true",
        "responseStatusStrg": word,
    }
    if device.plate_list.dialect is ListDialect.DEEPINVIEW:
        body = head | counts | {"LicensePlateInfoList": {"LicensePlateInfo": rows}}
    else:
        # The counts stand inside the list on entrance cameras (trap 65).
        inside: dict[str, Node] = {**counts, "LicensePlateInfo": rows}
        body = head | {"LicensePlateInfoList": inside}
    return document(device, "LPListAuditSearchResult", body)


def _row(record: ListedPlate, zone: str) -> dict[str, Node]:
    """Return a record; times are read back with an offset (trap 67)."""
    end = record.end if "T" in record.end else f"{record.end}T23:59:59"
    row: dict[str, Node] = {
        "id": record.number,
        "LicensePlate": record.plate,
        "type": READ_WORDS[record.kind],
        "createTime": f"{record.created}{zone}",
        "effectiveTime": f"{end}{zone}",
    }
    return row | ({"cardNo": record.card} if record.card else {})


async def put(device: Device, request: web.Request) -> web.Response:
    """Take records."""
    records = await _json(request)
    listed = records.get("LicensePlateInfoList") if records else None
    if not isinstance(listed, list):
        return status(device, request, BAD_FORMAT)
    if device.faults.strikes(Fault.LIST_KEEPS_NOTHING):
        return status(device, request, OK)
    if len(listed) > 1 and device.faults.strikes(Fault.LIST_TAKES_ONE):
        return status(device, request, BAD_PARAMETERS)
    if device.faults.strikes(Fault.LIST_KEEPS_FIRST):
        listed = listed[:1]

    def take() -> None:
        for record in listed:
            device.plate_list.put(record)

    return answer_to(device, request, take, BAD_PARAMETERS)


async def delete(device: Device, request: web.Request) -> web.Response:
    """Delete records; OK says nothing of whether any was there."""
    body = await _json(request)
    if body is None:
        return status(device, request, BAD_CONTENT)
    if not device.faults.strikes(Fault.LIST_KEEPS_NOTHING):
        device.plate_list.delete(body)
    return status(device, request, OK)


async def _json(request: web.Request) -> dict[str, Any] | None:
    """Return the document of a request."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


ROUTES = (
    Route("POST", f"{_CHANNEL}/searchLPListAudit", search, _has_list),
    Route("PUT", f"{_CHANNEL}/licensePlateAuditData/record", put, _has_list),
    Route("PUT", f"{_CHANNEL}/DelLicensePlateAuditData", delete, _has_list),
)
