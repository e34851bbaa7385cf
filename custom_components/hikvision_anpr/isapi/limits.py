"""Bound what a request may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Hold what a request may take (reference 10.4).

    `answer_seconds` bounds a request from the connection to the end of its
    answer, and of a stream the time until it is open. `turn_seconds` is how long a
    command waits for the request that is on its way: a gate must not open late.
    """

    connect_seconds: float = 10
    answer_seconds: float = 15
    turn_seconds: float = 10
    answer_bytes: int = 8 * 1024 * 1024
