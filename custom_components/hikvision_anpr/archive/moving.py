"""Copy an archive to another database in batches, and count what arrived."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, func, insert, literal, select, tuple_

from .database import Database
from .keeping import number_plates
from .schema import METADATA, PASSAGES, PICTURES, PLATES, SCHEMA_VERSION

BATCH: Final = 500
_BY_BATCH: Final = (PLATES, PASSAGES, PICTURES, SCHEMA_VERSION)

type Rows = list[dict[str, Any]]
type Progress = Callable[[int, int], None]


class Move:
    """Copy from one database into another that is in use already.

    What the other one has stays as it is there, and what is copied stays where it was:
    a move that was cut short begins again. All raise ArchiveError.
    """

    def __init__(self, source: Database, target: Database) -> None:
        """Prepare; nothing may write to the source meanwhile."""
        self._source = source
        self._target = target

    async def async_copy_rooms(self) -> None:
        """Copy vehicles, visits and all else but passages, into an empty database.

        It goes in as a whole or not at all, before anything new is written there.
        """
        await self._source.async_read(lambda _: None)
        await self._target.async_write(self._copy_rooms)

    async def async_copy_passages(self, progress: Progress) -> int:
        """Copy passages that are not there, oldest first; return how many there are.

        `progress` is told how many of how many have arrived.
        """
        total = await self._source.async_read(partial(_count, table=PASSAGES))
        arrived = 0
        after: Rows = []
        while rows := await self._source.async_read(partial(_passages, after=after)):
            arrived += await self._target.async_write(partial(_keep_new, rows=rows))
            after = rows[-1:]
            progress(arrived, total)
        return arrived

    async def async_copy_pictures(self) -> int:
        """Copy which pictures there are; return how many."""
        arrived = 0
        after: Rows = []
        read = partial(_rows, table=PICTURES)
        while rows := await self._source.async_read(partial(read, after=after)):
            arrived += await self._target.async_write(
                partial(_keep_new_pictures, rows=rows)
            )
            after = rows[-1:]
        return arrived

    async def async_count(self) -> tuple[int, int]:
        """Return how many passages and pictures the source has."""
        return (
            await self._source.async_read(partial(_count, table=PASSAGES)),
            await self._source.async_read(partial(_count, table=PICTURES)),
        )

    def _copy_rooms(self, target: Connection) -> None:
        """Copy the tables of other rooms, unless one of them has something."""
        tables = [one for one in METADATA.sorted_tables if one not in _BY_BATCH]
        if any(_count(target, table) for table in tables):
            return
        for table in tables:
            for rows in self._batches(table):
                target.execute(insert(table), list(_unnumbered(table, rows)))

    def _batches(self, table: Table) -> Iterator[Rows]:
        """Yield the rows of a table of the source; blocks."""
        after: Rows = []
        while rows := self._source.submit(
            partial(_rows, table=table, after=after)
        ).result():
            yield rows
            after = rows[-1:]


def _count(connection: Connection, table: Table) -> int:
    """Return how many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _rows(connection: Connection, table: Table, after: Rows) -> Rows:
    """Return the rows of a table that follow a row, by its primary key."""
    return _read(connection, select(table), table, after)


def _passages(connection: Connection, after: Rows) -> Rows:
    """Return the passages that follow a row, each with its normalized plate."""
    statement = select(PASSAGES, PLATES.c.plate.label("normalized")).select_from(
        PASSAGES.outerjoin(PLATES, PASSAGES.c.plate_id == PLATES.c.id)
    )
    return _read(connection, statement, PASSAGES, after)


def _read(
    connection: Connection, statement: Select[Any], table: Table, after: Rows
) -> Rows:
    """Return a batch of rows."""
    key = table.primary_key.columns
    for row in after:
        here = tuple_(*(literal(row[column.name]) for column in key))
        statement = statement.where(tuple_(*key) > here)
    found = connection.execute(statement.order_by(*key).limit(BATCH))
    return [dict(row) for row in found.mappings()]


def _unnumbered(table: Table, rows: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    """Yield rows without the numbers that a database gives by itself."""
    numbered = table.autoincrement_column
    for row in rows:
        yield {
            name: value
            for name, value in row.items()
            if numbered is None or name != numbered.name
        }


def _keep_new(connection: Connection, rows: Rows) -> int:
    """Insert the passages that are not there; return how many of them are there now."""
    ids = [row["passage_id"] for row in rows]
    known = _known(connection, ids)
    new = [row for row in rows if row["passage_id"] not in known]
    numbers = number_plates(
        connection, (row["normalized"] for row in new if row["normalized"])
    )
    values = [
        {name: value for name, value in row.items() if name not in {"id", "normalized"}}
        | {"plate_id": numbers.get(row["normalized"])}
        for row in new
    ]
    if values:
        connection.execute(insert(PASSAGES), values)
    return len(_known(connection, ids))


def _known(connection: Connection, passage_ids: Iterable[str]) -> set[str]:
    """Return which passages are there."""
    column = PASSAGES.c.passage_id
    return set(connection.scalars(select(column).where(column.in_(passage_ids))))


def _keep_new_pictures(connection: Connection, rows: Rows) -> int:
    """Insert the pictures that are not there; return how many of them are there now."""
    ids = {row["passage_id"] for row in rows}
    keys = [(row["passage_id"], row["kind"]) for row in rows]
    known = _known_pictures(connection, ids)
    new = [row for key, row in zip(keys, rows, strict=True) if key not in known]
    if new:
        connection.execute(insert(PICTURES), new)
    return len(_known_pictures(connection, ids).intersection(keys))


def _known_pictures(
    connection: Connection, passage_ids: Iterable[str]
) -> set[tuple[str, str]]:
    """Return which pictures of passages are there."""
    columns = PICTURES.c
    found = connection.execute(
        select(columns.passage_id, columns.kind).where(
            columns.passage_id.in_(passage_ids)
        )
    )
    return {(row.passage_id, row.kind) for row in found}
