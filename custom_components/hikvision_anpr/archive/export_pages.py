"""Read the passages of an export from the archive, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from ..intake.passage import PassageValue
from .passage_query import MOST_ON_A_PAGE, PassageQuery
from .search import search
from .wording import Wording


class Follower(Protocol):
    """Be told how far an export is, and raise to end it."""

    def __call__(self, passages: int) -> None:
        """Take how many passages are written."""


@dataclass(slots=True, kw_only=True)
class Pages:
    """Hold what is exported, and how far the export is."""

    connection: Connection
    query: PassageQuery
    wording: Wording
    follow: Follower
    count: int = 0

    def rows(self) -> Iterator[dict[str, PassageValue]]:
        """Yield the passages, their times in the zone of who reads them."""
        query = replace(self.query, limit=MOST_ON_A_PAGE, cursor=None)
        while True:
            page = search(self.connection, query)
            for passage in page.passages:
                for name in ("captured_at", "received_at"):
                    moment = datetime.fromisoformat(str(passage[name]))
                    passage[name] = self.wording.time(moment)
                yield passage
                self.count += 1
            self.follow(self.count)
            if page.cursor is None:
                return
            query = replace(query, cursor=page.cursor)
