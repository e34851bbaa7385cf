"""Run Home Assistant in this process, with the integration following one camera."""

import custom_components  # noqa: F401  isort:skip  before hass is made

from asyncio import timeout
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
import logging
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import PropertyMock, patch

from aiohttp import ThreadedResolver
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped, unused-ignore]
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.coordinator import AnprCoordinator
from simulator.camera import PASSWORD, USERNAME
from simulator.profiles import DEEPINVIEW, Profile

_SETUP_SECONDS: Final = 30


@asynccontextmanager
async def home(
    port: int, options: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[HomeAssistant, AnprCoordinator]]:
    """Set the integration up for a simulated camera that answers on a port.

    All its entities are enabled, also those that users have to enable themselves.
    There is no recorder, no frontend and no web server.
    """
    keep_quiet()
    with TemporaryDirectory() as folder, without_network():
        async with async_test_home_assistant(config_dir=folder) as hass:
            move_in(hass)
            entry = entry_of(DEEPINVIEW, port, options)
            entry.add_to_hass(hass)
            assert await hass.config_entries.async_setup(entry.entry_id)
            async with timeout(_SETUP_SECONDS):
                await hass.async_block_till_done()
            yield hass, entry.runtime_data
            await hass.async_stop(force=True)


def keep_quiet() -> None:
    """Let Home Assistant say nothing of what a benchmark goes without."""
    for name in ("homeassistant", "aiohttp_fast_zlib"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("homeassistant.components.camera").setLevel(logging.CRITICAL)


def move_in(hass: HomeAssistant) -> None:
    """Let Home Assistant find the integration, and keep pictures in its own folder.

    The test stack has them kept in its own package, and never deleted.
    """
    del hass.data[DATA_CUSTOM_COMPONENTS]
    hass.config.media_dirs = {"local": hass.config.path("media")}


def without_network(
    *, all_entities: bool = True, web_server: bool = False
) -> ExitStack:
    """Leave the network alone but for the devices' ports, and enable every entity.

    Home Assistant's web server opens no port either, unless it is wanted.
    """
    stack = ExitStack()
    if all_entities:
        stack.enter_context(
            patch(
                "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
                PropertyMock(return_value=True),
            )
        )
    stack.enter_context(
        patch(
            "homeassistant.helpers.aiohttp_client._async_make_resolver",
            lambda _hass: _Resolver(),
        )
    )
    for method in () if web_server else ("async_bind", "start"):
        stack.enter_context(
            patch(f"homeassistant.components.http.HomeAssistantHTTP.{method}")
        )
    return stack


class _Resolver(ThreadedResolver):
    """Resolve names without multicast; closed as Home Assistant closes its own."""

    async def real_close(self) -> None:
        """Close nothing."""


def entry_of(
    profile: Profile, port: int, options: Mapping[str, str] | None = None
) -> MockConfigEntry:
    """Return the entry of a simulated device of a model; it is not yet added."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=profile.device_name,
        unique_id=profile.serial_number,
        options=dict(options or {}),
        data={
            CONF_HOST: "127.0.0.1",
            CONF_PORT: port,
            CONF_SSL: False,
            CONF_VERIFY_SSL: True,
            CONF_USERNAME: USERNAME,
            CONF_PASSWORD: PASSWORD,
        },
    )
