"""Write passages until killed, and say aloud what is promised; run as a program."""

from pathlib import Path
import sys

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.writer import PassageWriter

from .passages import passage


def main(folder: Path) -> None:
    """Put ten passages at a time; a line with their last number is a promise."""
    database = Database(f"sqlite:///{folder / 'archive.db'}")
    journal = Journal(folder / "archive.journal")
    writer = PassageWriter(database, journal, lambda _: None)
    number = 0
    while True:
        for _ in range(10):
            number += 1
            writer.put(passage(number, f"A{number}"))
        if number % 50 == 0:
            writer.rest()
            writer.put(passage(number, f"A{number}"))
        database.run_in_writer(lambda: None).result()
        print(number, flush=True)  # noqa: T201
        if number % 50 == 0:
            writer.go_on()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
