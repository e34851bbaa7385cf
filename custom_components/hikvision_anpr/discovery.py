"""Search the network for devices, at startup and every hour."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
import logging
from typing import Final

from homeassistant.components import network
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .isapi.sadp import SadpDevice, Search, async_search
from .isapi.tables import models

_LOGGER = logging.getLogger(__name__)

INTERVAL: Final = timedelta(hours=1)
MAX_OFFERS: Final = 256
"""New devices that one search may offer: anyone on the network can claim to be many."""

STARTED: HassKey[bool] = HassKey(f"{DOMAIN}_discovery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Hold what was heard of a device without asking it.

    `serial_number` may be only a part of it, where mDNS tells it. `is_at_home` is
    False where what was heard did not come from the address that it tells: then
    nothing that is set up follows it there.
    """

    host: str
    port: int
    model: str | None = None
    serial_number: str | None = None
    mac_address: str | None = None
    activated: bool | None = None
    is_at_home: bool = True

    @property
    def label(self) -> str:
        """Return what to call the device in a list."""
        return f"{self.model or self.serial_number or DOMAIN} ({self.host})"

    @property
    def reads_plates(self) -> bool:
        """Tell whether the model is known to read plates."""
        return models.family(self.model) is not None


def sighting(device: SadpDevice) -> Sighting:
    """Return what the vendor's search heard of a device."""
    return Sighting(
        host=device.host,
        port=device.http_port,
        model=device.model,
        serial_number=device.serial_number,
        mac_address=device.mac_address,
        activated=device.activated,
        is_at_home=device.answered_from_its_address,
    )


@callback
def async_start_discovery(hass: HomeAssistant) -> None:
    """Search now and every hour; once for each Home Assistant."""
    if hass.data.get(STARTED):
        return
    hass.data[STARTED] = True

    @callback
    def search(_: datetime | None = None) -> None:
        hass.async_create_background_task(_async_discover(hass), f"{DOMAIN} discovery")

    search()
    async_track_time_interval(hass, search, INTERVAL, cancel_on_shutdown=True)


async def async_search_network(hass: HomeAssistant) -> Search:
    """Ask every network that Home Assistant is allowed to use."""
    addresses = await network.async_get_enabled_source_ips(hass)
    return await async_search(
        [
            str(address)
            for address in addresses
            if isinstance(address, IPv4Address) and not address.is_loopback
        ]
    )


async def _async_discover(hass: HomeAssistant) -> None:
    """Search once, and offer what is found; the top of a background task."""
    try:
        search = await async_search_network(hass)
        async_offer(hass, map(sighting, search.devices))
    except Exception:
        _LOGGER.exception("The search for devices failed")


@callback
def async_offer(hass: HomeAssistant, sightings: Iterable[Sighting]) -> None:
    """Begin a flow for each device that is likely to read plates.

    That of a device that is set up, whatever its model, follows its address.
    """
    known = {entry.unique_id for entry in hass.config_entries.async_entries(DOMAIN)}
    likely = {
        seen.serial_number: seen
        for seen in sightings
        if seen.serial_number and (seen.reads_plates or seen.serial_number in known)
    }
    new = [number for number in likely if number not in known]
    for number in new[MAX_OFFERS:]:
        del likely[number]
    for number, seen in likely.items():
        discovery_flow.async_create_flow(
            hass,
            DOMAIN,
            context={"source": SOURCE_INTEGRATION_DISCOVERY},
            data=asdict(seen),
            discovery_key=DiscoveryKey(domain=DOMAIN, key=number, version=1),
        )
