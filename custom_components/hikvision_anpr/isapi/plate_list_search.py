"""Read a device's own list of plates, page by page (reference 5.2)."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final
from xml.sax.saxutils import escape

from .client import IsapiClient
from .errors import BadAnswerError
from .node import Node
from .plate_list_entry import ListEntry, read_entry

PAGE: Final = 100
MOST_PAGES: Final = 2000

_REQUEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<LPListAuditSearchDescription version="2.0"'
    ' xmlns="http://www.isapi.org/ver20/XMLSchema">'
    "<searchID>{search_id}</searchID><maxResults>{most}</maxResults>"
    "<searchResultPosition>{position}</searchResultPosition>{filters}"
    "</LPListAuditSearchDescription>"
)


async def async_search_list(
    client: IsapiClient, channel: int, zone: tzinfo, *, plate: str | None = None
) -> list[ListEntry]:
    """Return the entries of a channel's list, of one plate or of all.

    A device gives fewer on a page than it is asked for, and its counts are inside or
    beside the list, or wrong (trap 65): it is asked on until a page brings nothing new.
    Raises the errors of the client; NotSupportedError where there is no such list.
    """
    found: dict[tuple[str, str], ListEntry] = {}
    for _ in range(MOST_PAGES):
        answer = await _async_page(client, channel, len(found), plate)
        rows = list(_rows(answer))
        entries = [entry for row in rows if (entry := read_entry(row, zone))]
        new = {_key(entry): entry for entry in entries if _key(entry) not in found}
        found |= new
        if not new or _is_whole(answer, len(found)):
            break
    else:
        raise BadAnswerError("The device's list does not end")
    return [entry for entry in found.values() if plate is None or entry.plate == plate]


async def _async_page(
    client: IsapiClient, channel: int, position: int, plate: str | None
) -> Node:
    """Ask for the entries after a position."""
    filters = f"<LicensePlate>{escape(plate)}</LicensePlate>" if plate else ""
    body = _REQUEST.format(
        search_id="hikvision_anpr", most=PAGE, position=position, filters=filters
    )
    path = f"/ISAPI/Traffic/channels/{channel}/searchLPListAudit"
    return await client.post(path, body.encode())


def _is_whole(answer: Node, count: int) -> bool:
    """Tell whether that was the last page: by the device's word, or by its count."""
    status = answer.find("responseStatusStrg")
    word = status.text.strip().upper() if status else ""
    if word == "MORE":
        return False
    total = answer.find("totalMatches")
    known = total.integer() if total else None
    return word != "OK" or known is None or count >= known


def _rows(node: Node) -> Iterator[Node]:
    """Yield the entries of an answer, however deep it wraps them."""
    if node.child("LicensePlate"):
        yield node
        return
    for inner in node.nodes():
        yield from _rows(inner)


def _key(entry: ListEntry) -> tuple[str, str]:
    """Return what tells entries apart."""
    return entry.entry_id, entry.plate
