"""Blocking calls of the integration, heard from Home Assistant's own log."""

from collections.abc import Iterator
from contextlib import contextmanager
import logging
from typing import override

from homeassistant.util import loop as detector

from custom_components.hikvision_anpr.const import DOMAIN


class _Listener(logging.Handler):
    """Keep the reports about the integration."""

    def __init__(self) -> None:
        """Hear also what was reported before, which is logged for debugging alone."""
        super().__init__(logging.DEBUG)
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep a report."""
        message = record.getMessage()
        if (
            message.startswith("Detected blocking call")
            and f"integration '{DOMAIN}'" in message
        ):
            self.found.append(message)


@contextmanager
def blocking_calls() -> Iterator[list[str]]:
    """Collect what the integration does in the event loop that holds it up.

    Not by caplog: with that, each test would log all of Home Assistant's details.
    """
    logger = logging.getLogger(detector.__name__)
    listener, level = _Listener(), logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.DEBUG)
    try:
        yield listener.found
    finally:
        logger.setLevel(level)
        logger.removeHandler(listener)
