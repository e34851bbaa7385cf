"""Offer discovered devices, and update the addresses of known ones."""

from collections.abc import Mapping
import re
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SSL, CONF_VERIFY_SSL
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.ssdp import (
    ATTR_UPNP_MODEL_NAME,
    ATTR_UPNP_MODEL_NUMBER,
    ATTR_UPNP_SERIAL,
    SsdpServiceInfo,
)
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.util.network import is_ipv4_address
from yarl import URL

from .connection import async_get_client
from .connection_form import HTTP_PORT, LOGIN, connection
from .device_check import Check, async_check
from .device_flow import DeviceFlow
from .discovery import Sighting
from .isapi.errors import IsapiError

_SERVICE_NAME: Final = re.compile(
    r"(?:HIKVISION\s+)?(?P<model>i?DS-\S+)(?:\s+-\s+(?P<serial>\S+))?", re.IGNORECASE
)
_SERIAL_TAIL: Final = 9
"""As many characters tell two units of a vendor apart: two letters and a number."""


class DiscoveredFlow(DeviceFlow):
    """Let the user add a device that was heard of with user name and password alone.

    Nobody logs in before that.
    """

    _seen = Sighting(host="", port=HTTP_PORT)

    async def async_step_integration_discovery(
        self, discovery_info: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Offer a device that the vendor's search found."""
        return await self._async_offer(Sighting(**discovery_info))

    @override
    async def async_step_zeroconf(
        self, discovery_info: ZeroconfServiceInfo
    ) -> ConfigFlowResult:
        """Offer a device that announces its web page by mDNS (reference 9.5)."""
        name = discovery_info.name.removesuffix(f".{discovery_info.type}")
        found = _SERVICE_NAME.match(name)
        return await self._async_offer(
            Sighting(
                host=discovery_info.host,
                port=discovery_info.port or HTTP_PORT,
                model=found["model"] if found else None,
                serial_number=found["serial"] if found else None,
            )
        )

    @override
    async def async_step_ssdp(
        self, discovery_info: SsdpServiceInfo
    ) -> ConfigFlowResult:
        """Offer a device that announces itself by UPnP (reference 9.5)."""
        told, location = discovery_info.upnp, URL(discovery_info.ssdp_location or "")
        names = (told.get(ATTR_UPNP_MODEL_NUMBER), told.get(ATTR_UPNP_MODEL_NAME))
        sightings = [
            Sighting(
                host=location.host or "",
                port=HTTP_PORT,
                model=name,
                serial_number=told.get(ATTR_UPNP_SERIAL),
            )
            for name in names
        ]
        likely = [seen for seen in sightings if seen.reads_plates]
        return await self._async_offer((likely or sightings)[0])

    @override
    async def async_step_dhcp(
        self, discovery_info: DhcpServiceInfo
    ) -> ConfigFlowResult:
        """Follow a device of ours to its new address; offer no new one.

        Of others, nothing is told that sets a plate reader apart.
        """
        entry = self._entry_of(dr.format_mac(discovery_info.macaddress))
        if entry and is_ipv4_address(entry.data[CONF_HOST]):
            return await self._async_follow(entry, discovery_info.ip)
        return self.async_abort(reason="no_devices_found")

    async def async_step_login(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for user name and password of a device that was found, and add it."""
        seen = self._seen
        check = Check()
        if user_input is not None:
            data = connection({**web_server(seen), **user_input})
            check = await async_check(self.hass, data, is_new=True)
            if check.device:
                return await self._async_create(check.device, data)
        elif seen.activated is False:
            check.errors["base"] = "not_activated"
        facts = {"name": seen.model or seen.host, "host": seen.host}
        return self._show("login", LOGIN, user_input or {}, check, **facts)

    @override
    def is_matching(self, other_flow: DiscoveredFlow) -> bool:
        """Tell whether another flow is about the same device.

        Not all who tell of a device know its serial number, or all of it.
        """
        mine, other = self._seen, other_flow._seen
        is_same_address = bool(mine.host) and mine.host == other.host
        return is_same_address or _is_same_unit(mine.serial_number, other.serial_number)

    async def _async_offer(self, seen: Sighting) -> ConfigFlowResult:
        """Show a device among the discovered ones, if it is one to add."""
        if entry := self._known(seen, include_ignore=True):
            return await self._async_follow(entry, seen.host if seen.is_at_home else "")
        if not seen.reads_plates or not seen.host:
            return self.async_abort(reason="not_anpr")
        await self.async_set_unique_id(seen.serial_number or seen.label)
        self._abort_if_unique_id_configured()
        self._seen = seen
        if self.hass.config_entries.flow.async_has_matching_flow(self):
            return self.async_abort(reason="already_in_progress")
        if not await self._async_answers(seen):
            return self.async_abort(reason="cannot_connect")
        self.context["title_placeholders"] = {"name": seen.label}
        self.context["configuration_url"] = f"http://{seen.host}:{seen.port}"
        return await self.async_step_login()

    async def _async_answers(self, seen: Sighting) -> bool:
        """Tell whether the web page of a device can be reached, without a login."""
        nobody = {"username": "", "password": ""}
        client = async_get_client(self.hass, {**web_server(seen), **nobody})
        try:
            await client.activation()
        except IsapiError:
            return False
        return True

    def _known(
        self, seen: Sighting, *, include_ignore: bool = False
    ) -> ConfigEntry | None:
        """Return the entry of a device, recognised by number or network address."""
        for entry in self._device_entries(include_ignore=include_ignore):
            if _is_same_unit(entry.unique_id, seen.serial_number):
                return entry
        return self._entry_of(seen.mac_address) if seen.mac_address else None

    async def _async_follow(self, entry: ConfigEntry, host: str) -> ConfigFlowResult:
        """Follow a device to its new address.

        An entry that holds a host name leaves that to the name service.
        """
        await self.async_set_unique_id(entry.unique_id)
        if is_ipv4_address(entry.data.get(CONF_HOST, "")) and is_ipv4_address(host):
            self._abort_if_unique_id_configured({CONF_HOST: host})
        return self.async_abort(reason="already_configured")


def web_server(seen: Sighting) -> dict[str, Any]:
    """Return how to reach a device that was found."""
    return {
        CONF_HOST: seen.host,
        CONF_PORT: seen.port,
        CONF_SSL: False,
        CONF_VERIFY_SSL: True,
    }


def _is_same_unit(one: str | None, other: str | None) -> bool:
    """Tell whether two serial numbers, of which one may be cut short, are the same."""
    if not one or not other:
        return False
    short, long = sorted((_bare(one), _bare(other)), key=len)
    return long == short or (len(short) >= _SERIAL_TAIL and long.endswith(short))


def _bare(serial_number: str) -> str:
    """Return a serial number without case, and without what stands between."""
    return re.sub(r"[\W_]", "", serial_number).upper()
