"""Provide WebSocket commands to search the archive and follow passages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from .archive.archive import Archive
from .archive.database import Database
from .archive.errors import ArchiveError
from .archive.passage_query import ANY_OF, PassageQuery
from .archive.picture_rows import kinds_of
from .archive.query_schema import FILTERS, SEARCH, query_of
from .archive.search import count, count_by, passage_of, search
from .centre import open_archive
from .const import DOMAIN
from .exceptions import archive_error, centre_errors_told
from .intake.passage import Passage
from .intake.passages import Change
from .picture_view import with_pictures

API_VERSION: Final = 1

SEARCH_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/passages/search",
    vol.Optional("counts", default=[]): [vol.In(ANY_OF)],
    **SEARCH,
}
GET_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/passages/get",
    vol.Required("passage_id"): str,
}
SUBSCRIBE_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/passages/subscribe",
    **FILTERS,
}


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the commands."""
    for command in (_async_search, _async_get, _async_subscribe):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command(SEARCH_COMMAND)
@websocket_api.async_response
async def _async_search(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer a page, how many there are in all, and the counts that were asked for."""
    archive = open_archive(hass)
    database, query = archive.database, _query(archive, msg)
    with centre_errors_told():
        page = await archive.async_read(lambda c: search(c, query))
        total = await database.async_read(lambda c: count(c, query))
        counts = await database.async_read(
            lambda c: {name: count_by(c, query, name) for name in msg["counts"]}
        )
    answer = {
        "api_version": API_VERSION,
        "passages": await _async_with_pictures(database, page.passages),
        "cursor": page.cursor,
        "count": total.count,
        "count_is_exact": total.exact,
        "counts": {
            name: [{"value": value, "count": number} for value, number in found]
            for name, found in counts.items()
        },
    }
    connection.send_result(msg["id"], answer)


@websocket_api.websocket_command(GET_COMMAND)
@websocket_api.async_response
async def _async_get(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer one passage."""
    archive = open_archive(hass)
    with centre_errors_told():
        found = await archive.async_read(lambda c: passage_of(c, msg["passage_id"]))
    if found is None:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="passage_not_found"
        )
    (passage,) = await _async_with_pictures(archive.database, [found])
    connection.send_result(msg["id"], {"api_version": API_VERSION, "passage": passage})


@websocket_api.websocket_command(SUBSCRIBE_COMMAND)
@websocket_api.async_response
async def _async_subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send the latest passages, then each one that comes and that the filters let in."""
    archive = open_archive(hass)
    feed = _Feed(connection, msg["id"], _query(archive, msg))
    stop = archive.async_follow(feed.take)
    connection.subscriptions[msg["id"]] = stop
    try:
        await feed.async_begin(archive)
    except ArchiveError as error:
        stop()
        connection.subscriptions.pop(msg["id"], None)
        raise archive_error(error) from error


async def _async_with_pictures(
    database: Database, passages: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return passages with the addresses of their pictures."""
    ids = [passage["passage_id"] for passage in passages]
    with centre_errors_told():
        kinds = await database.async_read(lambda c: kinds_of(c, ids))
    return with_pictures(passages, kinds)


class _Feed:
    """Send passages to one subscriber; what comes before the snapshot waits for it."""

    def __init__(
        self, connection: ActiveConnection, message_id: int, query: PassageQuery
    ) -> None:
        """Begin without a snapshot."""
        self._connection = connection
        self._id = message_id
        self._query = query
        self._waiting: list[dict[str, Any]] | None = []

    @callback
    def take(self, passage: Passage, change: Change) -> None:
        """Send a passage that the filters let in."""
        if not self._query.matches(passage):
            return
        kind = "passage" if change == "new" else "update"
        self._send({"kind": kind, "passage": passage.as_dict()})

    async def async_begin(self, archive: Archive) -> None:
        """Send the snapshot, then what came meanwhile."""
        # Behind the writer: what was taken before we followed is in the snapshot.
        page = await archive.database.async_write(lambda c: search(c, self._query))
        self._connection.send_result(self._id)
        waiting, self._waiting = self._waiting or [], None
        passages = await _async_with_pictures(archive.database, page.passages)
        snapshot = {"api_version": API_VERSION, "passages": passages}
        for message in ({"kind": "snapshot", **snapshot}, *waiting):
            self._send(message)

    def _send(self, message: dict[str, Any]) -> None:
        """Send a message, or let it wait for the snapshot."""
        if self._waiting is not None:
            self._waiting.append(message)
            return
        self._connection.send_message(websocket_api.event_message(self._id, message))


def _query(archive: Archive, msg: dict[str, Any]) -> PassageQuery:
    """Return what a message asks, with errors that users understand."""
    with centre_errors_told():
        return query_of(msg, archive.plate_hash)
