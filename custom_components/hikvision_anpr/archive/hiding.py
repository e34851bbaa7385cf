"""Replace the plates of strangers with tokens."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, literal, select, tuple_, update

from .deletion import delete_unused
from .keeping import number_plates
from .schema import KNOWN_MISREADS, PASSAGES, PLATES

type Hide = Callable[[str], str | None]
type Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Hold a passage of a vehicle on no list and without a name.

    `place` is where it stands among them, in the order of time; `plate` is normalized.
    """

    place: Place
    passage_id: str
    plate: str
    plate_id: int


def strangers(
    connection: Connection, after: Place, before: int, most: int
) -> list[Stranger]:
    """Return the next passages of strangers from before a time in milliseconds."""
    columns = PASSAGES.c
    place = tuple_(columns.captured_at, columns.id)
    statement = (
        select(
            columns.captured_at,
            columns.id,
            columns.passage_id,
            columns.plate_id,
            PLATES.c.plate,
        )
        .join(PLATES, columns.plate_id == PLATES.c.id)
        .where(columns.list == "none", columns.vehicle_name.is_(None))
        .where(columns.captured_at < before, place > tuple_(*map(literal, after)))
        .order_by(columns.captured_at, columns.id)
        .limit(most)
    )
    return [
        Stranger(
            place=(row.captured_at, row.id),
            passage_id=row.passage_id,
            plate=row.plate,
            plate_id=row.plate_id,
        )
        for row in connection.execute(statement)
    ]


def hide(connection: Connection, found: Sequence[Stranger], token: Hide) -> list[str]:
    """Put tokens in the place of plates, where there is one; return the passages.

    What was learned of a plate goes with the last passage that has it.
    """
    tokens = {one.plate: hidden for one in found if (hidden := token(one.plate))}
    changed = [one for one in found if one.plate in tokens]
    if not changed:
        return []
    ids = [one.passage_id for one in changed]
    _put(connection, changed, tokens)
    corrected = PASSAGES.c.passage_id.in_(ids)
    connection.execute(update(PASSAGES).where(corrected).values(corrected_plate=None))
    delete_unused(connection, {one.plate_id for one in changed})
    _forget_misreads(connection, tokens)
    return ids


def _put(
    connection: Connection, found: Sequence[Stranger], tokens: Mapping[str, str]
) -> None:
    """Put the token of each plate in its place."""
    numbers = number_plates(connection, tokens.values())
    connection.execute(
        update(PASSAGES)
        .where(PASSAGES.c.passage_id == bindparam("key"))
        .values(plate=bindparam("token"), plate_id=bindparam("number")),
        [
            {
                "key": one.passage_id,
                "token": tokens[one.plate],
                "number": numbers[tokens[one.plate]],
            }
            for one in found
        ],
    )


def _forget_misreads(connection: Connection, plates: Collection[str]) -> None:
    """Forget what was learned of those plates that no passage has any more."""
    left = select(PLATES.c.plate).where(PLATES.c.plate.in_(plates))
    gone = set(plates).difference(connection.scalars(left))
    connection.execute(delete(KNOWN_MISREADS).where(KNOWN_MISREADS.c.plate.in_(gone)))
