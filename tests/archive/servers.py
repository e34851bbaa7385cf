"""Give tests databases on the servers that scripts/databases has started.

Nothing is tidied up: the servers are thrown away with all that is in them.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
import os
from typing import Final
from uuid import uuid4

import pytest
from pytest_socket import enable_socket
from sqlalchemy import URL, make_url, text

from custom_components.hikvision_anpr.archive.engine import make_engine

SERVERS: Final = {"postgresql": "ARCHIVE_POSTGRESQL", "mariadb": "ARCHIVE_MARIADB"}
# A character set that has no room for most plates: it must not matter.
_CREATE: Final = {
    "postgresql": "CREATE DATABASE {name}",
    "mariadb": "CREATE DATABASE {name} CHARACTER SET latin1",
}


def server_url(server: str) -> URL:
    """Return where a server is, with a user who may do everything; skip without one."""
    if not (url := os.environ.get(SERVERS[server])):
        pytest.skip(f"{SERVERS[server]} is not set: run this by scripts/databases")
    enable_socket()
    return make_url(url)


def run_on_server(url: URL, *statements: str) -> None:
    """Run statements on a server, each by itself."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_run, url, statements).result()


def new_database(server: str) -> URL:
    """Make an empty database."""
    url = server_url(server)
    name = f"anpr_{uuid4().hex}"
    run_on_server(url, _CREATE[server].format(name=name))
    return url.set(database=name)


@cache
def shared_database(server: str) -> URL:
    """Return a database that each test leaves empty, as making one takes long."""
    return new_database(server)


def _run(url: URL, statements: tuple[str, ...]) -> None:
    """Connect and run statements."""
    engine = make_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
