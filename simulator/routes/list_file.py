"""/ISAPI/Traffic/…/licensePlateAuditData: a list as one file (reference 5.1)."""

import csv
from io import StringIO
from typing import Final

from aiohttp import web

from simulator.answers import BAD_CONTENT, NOT_SUPPORT, OK
from simulator.device import Device
from simulator.faults import Fault
from simulator.plate_list import FILE_GROUPS, ListDialect
from simulator.profiles import Profile

from .list_refusal import answer_to
from .route import Route, status

_PATH: Final = "/ISAPI/Traffic/channels/1/licensePlateAuditData"
_MARK: Final = "\ufeff"
_HEADING: Final = (
    "No.",
    "Plate",
    "Group (0 = block list, 1 = allow list)",
    "Start date",
    "End date",
    "Card ID",
)


def _has_file(profile: Profile) -> bool:
    """Tell whether a model gives its list as a file alone."""
    return profile.list_dialect is ListDialect.FILE


async def show(device: Device, request: web.Request) -> web.Response:
    """Give the list as CSV; as a spreadsheet it is not given here."""
    if request.query.get("fileType") != "csv":
        return status(device, request, NOT_SUPPORT)
    groups = {word: group for group, word in FILE_GROUPS.items()}
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEADING)
    for number, one in enumerate(device.plate_list.records.values(), 1):
        row = (number, one.plate, groups[one.kind], one.start, one.end, one.card)
        writer.writerow(row)
    body = (_MARK + text.getvalue()).encode()
    return web.Response(body=body, content_type="application/octet-stream")


async def put(device: Device, request: web.Request) -> web.Response:
    """Take a file in place of the list, in its own form alone (trap 68)."""
    text = (await request.read()).decode()
    rows = list(csv.reader(StringIO(text.removeprefix(_MARK), newline="")))
    is_ours = text.startswith(_MARK) and text.count("\n") == text.count("\r\n")
    if not is_ours or tuple(rows[0]) != _HEADING:
        return status(device, request, BAD_CONTENT)
    if device.faults.strikes(Fault.LIST_KEEPS_NOTHING):
        return status(device, request, OK)

    def take() -> None:
        device.plate_list.put_file(rows[1:])

    return answer_to(device, request, take, BAD_CONTENT)


ROUTES = (
    Route("GET", _PATH, show, _has_file),
    Route("PUT", _PATH, put, _has_file),
)
