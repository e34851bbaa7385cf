"""Test that a promise outlives a process that is killed at any moment."""

from contextlib import suppress
from multiprocessing import Pipe, get_context
from pathlib import Path
import random
import sqlite3
from typing import Final

import pytest
from pytest_socket import socket_allow_hosts

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.writer import PassageWriter

from .killed_writer import write_and_promise

LIVES: Final = 4


@pytest.fixture(autouse=True)
def unix_sockets(socket_enabled: None) -> None:
    """Let the server that starts processes be reached."""
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)


def live_and_die(folder: Path, promises: int) -> int:
    """Start a process, kill it after so many promises; return the last one."""
    # One server imports the program, and each life is forked from it.
    processes = get_context("forkserver")
    processes.set_forkserver_preload([write_and_promise.__module__])
    heard, told = Pipe(duplex=False)
    process = processes.Process(target=write_and_promise, args=(folder, told))
    process.start()
    told.close()
    for _ in range(promises):
        promised: int = heard.recv()
    process.kill()
    with suppress(EOFError):
        while True:
            promised = heard.recv()
    process.join()
    return promised


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
