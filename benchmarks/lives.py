"""Run Home Assistant in this process through several lives, over one folder."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped, unused-ignore]
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.hikvision_anpr.const import DOMAIN

from .home import move_in, without_network

_SETUP_SECONDS: Final = 60

type MakeEntry = Callable[[], MockConfigEntry]


class Lives:
    """Start and stop Home Assistant; what it stored, it finds again.

    Entries are made anew for each life, as the registry of entries is not stored
    in the test stack; their ids stay, and so does what is stored under them.
    """

    def __init__(
        self,
        folder: Path,
        entries: Sequence[MakeEntry],
        on_start: Callable[[HomeAssistant], None],
    ) -> None:
        """Prepare; nothing runs yet."""
        self.hass: HomeAssistant
        self.entries: list[MockConfigEntry] = []
        self.turn = asyncio.Lock()
        self.count = 0
        self._folder = folder
        self._make_entries = entries
        self._on_start = on_start
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Begin a life with all entries."""
        self._stack.enter_context(without_network())
        self.hass = await self._stack.enter_async_context(
            async_test_home_assistant(config_dir=str(self._folder))
        )
        move_in(self.hass)
        self.count += 1
        self._on_start(self.hass)
        self.entries = [make() for make in self._make_entries]
        for entry in self.entries:
            entry.add_to_hass(self.hass)
        await self.hass.config_entries.async_setup(self.entries[0].entry_id)
        async with asyncio.timeout(_SETUP_SECONDS):
            await self.hass.async_block_till_done()

    async def stop(self) -> None:
        """End the life as Home Assistant ends: what is pending is written."""
        await self.hass.async_stop(force=True)
        await self._stack.aclose()

    async def restart(self) -> None:
        """End a life and begin the next, when no user is at work."""
        async with self.turn:
            await self.hass.async_block_till_done()
            await self.stop()
            await self.start()

    async def reload(self, number: int) -> None:
        """Reload an entry, as its user would."""
        async with self.turn:
            await self.hass.config_entries.async_reload(self.entries[number].entry_id)

    async def try_again(self, number: int) -> None:
        """Set an entry up that gave up or waits, as its user would."""
        if self.entries[number].state is not ConfigEntryState.LOADED:
            await self.reload(number)

    async def log_in_again(self, number: int, login: Mapping[str, str]) -> None:
        """Do what a user does in the dialog that Home Assistant opens."""
        async with self.turn:
            flows = self.hass.config_entries.flow
            for flow in flows.async_progress_by_handler(
                DOMAIN, match_context={"source": SOURCE_REAUTH}
            ):
                if flow["context"].get("entry_id") == self.entries[number].entry_id:
                    await flows.async_configure(flow["flow_id"], dict(login))
            await self.hass.async_block_till_done()
