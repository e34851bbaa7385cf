"""Let the test stack of Home Assistant 2026.10 run on 2026.11.

Loaded before all other plugins (`-p tests.ha_compat`) and on that version alone: Home
Assistant must put its own names for httpx and voluptuous in place before anybody
imports them, and the stack asks for a function that has moved.
"""

import homeassistant  # noqa: F401  isort:skip  before all others
from homeassistant.components import logger
from homeassistant.components.logger import helpers

logger._clear_logger_overwrites = helpers._clear_logger_overwrites  # noqa: SLF001
