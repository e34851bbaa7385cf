"""/ISAPI/Traffic/…/licensePlateAuditData: a list as one file (reference 5.1)."""

from typing import Final

from aiohttp import web

from simulator.answers import BAD_CONTENT, NOT_SUPPORT, OK
from simulator.device import Device
from simulator.faults import Fault
from simulator.list_file_forms import FileForm, OtherFormError, read, write
from simulator.plate_list import FILE_GROUPS, ListDialect
from simulator.profiles import Profile

from .list_refusal import answer_to
from .route import Route, status

_PATH: Final = "/ISAPI/Traffic/channels/1/licensePlateAuditData"


def _has_file(profile: Profile) -> bool:
    """Tell whether a model gives its list as a file alone."""
    return profile.list_dialect is ListDialect.FILE


def _gives(form: FileForm, asked: str | None) -> bool:
    """Tell whether a file is given: some know the text alone, some the workbook alone.

    Others do not look at what they are asked for.
    """
    if form is FileForm.CSV:
        return asked == "csv"
    return form is not FileForm.XLS or asked is None


async def show(device: Device, request: web.Request) -> web.Response:
    """Give the list in the form of the model."""
    form = device.profile.list_file
    if not _gives(form, request.query.get("fileType")):
        return status(device, request, NOT_SUPPORT)
    groups = {word: group for group, word in FILE_GROUPS.items()}
    rows = [
        (number, one.plate, groups[one.kind], one.start, one.end, one.card)
        for number, one in enumerate(device.plate_list.records.values(), 1)
    ]
    return web.Response(body=write(form, rows), content_type="application/octet-stream")


async def put(device: Device, request: web.Request) -> web.Response:
    """Take a file in place of the list, in its own form alone (trap 68)."""
    try:
        rows = read(device.profile.list_file, await request.read())
    except OtherFormError:
        return status(device, request, BAD_CONTENT)
    if device.faults.strikes(Fault.LIST_KEEPS_NOTHING):
        return status(device, request, OK)

    def take() -> None:
        device.plate_list.put_file(rows)

    return answer_to(device, request, take, BAD_CONTENT)


ROUTES = (
    Route("GET", _PATH, show, _has_file),
    Route("PUT", _PATH, put, _has_file),
)
