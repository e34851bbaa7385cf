"""A real Home Assistant that follows a simulated camera, shared by the tests of a module.

Home Assistant runs in a process of its own, so that the guards for one inside the test's
process are switched off here.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_socket

from scripts.demo_home.home import BIN

from .house import House


@pytest.fixture
def verify_cleanup() -> None:
    """Let the house outlive a test."""


@pytest.fixture
def no_blocking_calls() -> None:
    """Leave the test's own event loop alone; the home watches over its own."""


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Let the tests connect to loopback."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Open a house whose camera was added through the config flow."""
    if not (BIN / "hass").exists():
        pytest.skip("scripts/setup demo makes the Home Assistant for this")
    pytest_socket.enable_socket()
    house = House(Path(tmp_path_factory.mktemp("house")))
    await house.open()
    yield house
    pytest_socket.enable_socket()
    await house.close()
