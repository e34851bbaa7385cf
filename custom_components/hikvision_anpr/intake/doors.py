"""Keep the endpoints for posts open while their entries are reloaded."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_WEBHOOK_ID, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_INTAKE, CONF_LISTENING_PORT, DOMAIN, INTAKE_ARMING
from .mailbox import Mailbox
from .own_port import OwnPort, PortError, bind
from .webhook_receiver import open_webhook

KEEP_SECONDS: Final = 120.0
"""How long a door stays open without its entry: a reload takes a few seconds, and a
device that restarts is tried again within this time."""


@dataclass(slots=True)
class _Door:
    """Hold where a device posts to: a webhook, or a path at a port of our own."""

    webhook_id: str
    port: int | None
    mailbox: Mailbox
    close: CALLBACK_TYPE
    closing: asyncio.TimerHandle | None = None

    def stay(self) -> None:
        """Stay open."""
        if self.closing:
            self.closing.cancel()
            self.closing = None


class Doors:
    """Open the doors of all devices, one server for all at the same port.

    What is posted while an entry is reloaded waits for it in its mailbox.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with all doors closed."""
        self._hass = hass
        self._doors: dict[str, _Door] = {}
        self._ports: dict[int, OwnPort] = {}
        self._turn = asyncio.Lock()
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._stop)

    async def async_open(self, entry: ConfigEntry) -> Mailbox:
        """Open the door of an entry, as its options say, or leave it open.

        Raises PortError.
        """
        webhook_id, port = entry.data[CONF_WEBHOOK_ID], own_port_of(entry.options)
        host = entry.data[CONF_HOST]
        async with self._turn:
            door = self._doors.get(entry.entry_id)
            if door and (door.webhook_id, door.port, door.mailbox.host) == (
                webhook_id,
                port,
                host,
            ):
                door.stay()
                return door.mailbox
            await self._close(entry.entry_id)
            mailbox = Mailbox(host)
            if port is None:
                close = open_webhook(self._hass, webhook_id, entry.title, mailbox)
            else:
                path = webhook.async_generate_path(webhook_id)
                close = (await self._own_port(port)).add(path, mailbox)
            self._doors[entry.entry_id] = _Door(webhook_id, port, mailbox, close)
            return mailbox

    async def async_hold(self, entry: ConfigEntry) -> None:
        """Let posts wait for an entry that is about to be set up, if it listens."""
        if is_listening(entry):
            with suppress(PortError):
                await self.async_open(entry)
            self.leave(entry.entry_id)

    @callback
    def leave(self, entry_id: str) -> None:
        """Close the door of an entry, unless that comes back soon."""
        if door := self._doors.get(entry_id):
            door.stay()
            door.closing = self._hass.loop.call_later(
                KEEP_SECONDS, self._close_soon, entry_id
            )

    async def async_close(self, entry_id: str) -> None:
        """Close the door of an entry, with all that waits behind it."""
        async with self._turn:
            await self._close(entry_id)

    def check(self, port: int) -> None:
        """See that a port is ours or can be. Raises PortError."""
        if port not in self._ports:
            bind(port).close()

    @property
    def ports(self) -> tuple[int, ...]:
        """Return the ports that are ours."""
        return tuple(self._ports)

    async def _own_port(self, port: int) -> OwnPort:
        """Return the server of a port. Raises PortError."""
        if port not in self._ports:
            server = OwnPort(self._hass, port)
            await server.open()
            self._ports[port] = server
        return self._ports[port]

    @callback
    def _close_soon(self, entry_id: str) -> None:
        """Close the door of an entry that did not come back."""
        self._hass.async_create_task(
            self.async_close(entry_id), f"{DOMAIN} close a door"
        )

    async def _close(self, entry_id: str) -> None:
        """Close a door, and its port behind the last device."""
        door = self._doors.pop(entry_id, None)
        if door is None:
            return
        door.stay()
        door.close()
        for port, server in list(self._ports.items()):
            if server.is_idle:
                del self._ports[port]
                await server.close()

    async def _stop(self, event: Event) -> None:
        """Close all doors with Home Assistant."""
        for entry_id in list(self._doors):
            await self.async_close(entry_id)


DOORS: HassKey[Doors] = HassKey(f"{DOMAIN}_doors")


@callback
def async_get_doors(hass: HomeAssistant) -> Doors:
    """Return the doors of a Home Assistant."""
    if DOORS not in hass.data:
        hass.data[DOORS] = Doors(hass)
    return hass.data[DOORS]


def is_listening(entry: ConfigEntry) -> bool:
    """Tell whether the device of an entry shall post to us."""
    intake = entry.options.get(CONF_INTAKE, INTAKE_ARMING)
    return intake != INTAKE_ARMING and CONF_WEBHOOK_ID in entry.data


def own_port_of(options: Mapping[str, Any]) -> int | None:
    """Return the port of its own that a device posts to; None is the web server's."""
    port = options.get(CONF_LISTENING_PORT)
    return None if port is None else int(port)
