"""Write passages until killed, and tell what is promised; run as a process."""

from multiprocessing.connection import Connection
from pathlib import Path

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.writer import PassageWriter

from .passages import passage


def write_and_promise(folder: Path, told: Connection) -> None:
    """Put ten passages at a time; their last number, once it is told, is a promise."""
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
        told.send(number)
        if number % 50 == 0:
            writer.go_on()
