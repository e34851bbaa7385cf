"""Classify the errors of PostgreSQL and MariaDB."""

import re
from typing import Final, Literal

type ServerTrouble = Literal[
    "full", "locked", "read_only", "damaged", "login", "denied", "no_database"
]

# By SQLSTATE (PostgreSQL, appendix A); a class of two digits stands for all its codes.
_POSTGRESQL: Final[dict[str, ServerTrouble]] = {
    "28": "login",
    "3D000": "no_database",
    "25006": "read_only",
    "40": "locked",
    "42501": "denied",
    "53100": "full",
    "55P03": "locked",
    "XX001": "damaged",
    "XX002": "damaged",
}
# By the number of the error (MariaDB, error codes).
_MARIADB: Final[dict[int, ServerTrouble]] = {
    126: "damaged",
    127: "damaged",
    1021: "full",
    1034: "damaged",
    1044: "denied",
    1045: "login",
    1049: "no_database",
    1114: "full",
    1130: "login",
    1142: "denied",
    1194: "damaged",
    1205: "locked",
    1213: "locked",
    1227: "denied",
    1290: "read_only",
    1698: "login",
    1792: "read_only",
    1836: "read_only",
    3024: "locked",
}
_NO_DATABASE: Final = re.compile(r'database ".*" does not exist')
_NO_LOGIN: Final = re.compile(
    r'password|no pg_hba\.conf entry|role ".*" does not exist'
)


def server_trouble(error: BaseException | None) -> ServerTrouble | None:
    """Return what a driver's error says; None where it says nothing that is known."""
    number = error.args[0] if error is not None and error.args else None
    if isinstance(number, int):
        return _MARIADB.get(number)
    state = getattr(error, "sqlstate", None)
    return _of_postgresql(state, str(error))


def _of_postgresql(state: str | None, text: str) -> ServerTrouble | None:
    """Return the trouble of a state; while connecting there is a text alone."""
    if state:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    if _NO_DATABASE.search(text):
        return "no_database"
    return "login" if _NO_LOGIN.search(text) else None
