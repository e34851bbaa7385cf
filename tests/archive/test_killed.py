"""Test that a promise outlives a process that is killed at any moment."""

from pathlib import Path
import random
import sqlite3
import subprocess
import sys
from typing import Final

import pytest

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.writer import PassageWriter
from tests.repository.house import ROOT

LIVES: Final = 4


def live_and_die(folder: Path, promises: int) -> int:
    """Start the program, kill it after so many promises; return the last one."""
    program = [sys.executable, "-m", "tests.archive.killed_writer", str(folder)]
    with subprocess.Popen(
        program, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(promises):
            line = process.stdout.readline()
        process.kill()
        rest = process.stdout.read()
    whole = [text for text in f"{line}{rest}".splitlines(keepends=True) if "\n" in text]
    return int(whole[-1])


@pytest.mark.parametrize("seed", range(LIVES))
def test_kill(tmp_path: Path, seed: int) -> None:
    """Find every promised passage once in a sound file."""
    promised = live_and_die(tmp_path, random.Random(seed).randint(1, 60))
    database = Database(f"sqlite:///{tmp_path / 'archive.db'}")
    journal = Journal(tmp_path / "archive.journal")
    writer = PassageWriter(database, journal, lambda _: None)
    writer.retry()
    database.close()
    with sqlite3.connect(tmp_path / "archive.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute(
            "INSERT INTO plate_search(plate_search, rank) VALUES ('integrity-check', 1)"
        )
        rows = connection.execute("SELECT plate FROM passages").fetchall()
    connection.close()
    plates = [row[0] for row in rows]
    assert len(plates) == len(set(plates))
    assert {f"A{number}" for number in range(1, promised + 1)} <= set(plates)
