"""Export passages to a file, completely or not at all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from shutil import rmtree
from tempfile import NamedTemporaryFile
from typing import Final, Literal

from sqlalchemy import Connection

from .export_pages import Follower, Pages
from .export_table import write_csv, write_json, write_xlsx
from .export_zip import UNFINISHED, Recordings, write_zip
from .passage_query import PassageQuery
from .picture_files import PictureFiles
from .wording import Wording

type Format = Literal["csv", "xlsx", "json", "zip"]

_READABLE: Final = 0o644
"""Others may read it, as what Home Assistant itself writes; some shares know no rights."""

FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "json", "zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Hold how much of what is in a file, and its size in bytes."""

    passages: int
    pictures: int
    recordings: int
    size: int


def export_passages(
    connection: Connection,
    query: PassageQuery,
    written_as: Format,
    path: Path,
    pictures: PictureFiles,
    wording: Wording,
    follow: Follower,
    recordings: Recordings,
) -> Exported:
    """Write the passages of a query into a file, whole or not at all.

    Tables are in the words of `wording`, JSON has the names and codes that programs
    know. Only a ZIP has pictures and recordings. `follow` is told how many passages are
    written, a page at a time, and may raise to end the export.
    Memory does not grow with the number of passages. Takes its time: not for the event
    loop. Raises OSError.
    """
    pages = Pages(connection=connection, query=query, wording=wording, follow=follow)
    with _whole_or_not_at_all(path) as part:
        files = _write(pages, written_as, part, pictures, recordings)
        size = part.stat().st_size
    return Exported(
        passages=pages.count,
        pictures=files["pictures"],
        recordings=files["recordings"],
        size=size,
    )


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[Path]:
    """Give a file to write into, which takes its place when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _delete_unfinished(path)
    with NamedTemporaryFile(
        dir=path.parent, prefix=f"{path.name}.", suffix=UNFINISHED, delete=False
    ) as file:
        part = Path(file.name)
    try:
        yield part
        with suppress(OSError):
            part.chmod(_READABLE)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _write(
    pages: Pages,
    written_as: Format,
    path: Path,
    pictures: PictureFiles,
    recordings: Recordings,
) -> Counter[str]:
    """Write all pages, and return how many files of a kind are in it."""
    match written_as:
        case "csv":
            write_csv(pages.rows(), path, pages.wording)
        case "json":
            write_json(pages.rows(), path)
        case "xlsx":
            write_xlsx(pages.rows(), path, pages.wording)
        case "zip":
            return write_zip(pages, path, pictures, recordings)
    return Counter()


def _delete_unfinished(path: Path) -> None:
    """Delete what an export left that ended with Home Assistant's process."""
    for left in path.parent.glob(f"{escape(path.name)}.*{UNFINISHED}"):
        if left.is_dir():
            rmtree(left)
        else:
            left.unlink(missing_ok=True)
