"""Add a device, and keep its connection right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import logging
from typing import Any, Final, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import callback
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.util.network import is_host_valid, is_ipv4_address, is_ipv6_address
import voluptuous as vol
from yarl import URL

from .centre import CENTRE_TITLE, CENTRE_UNIQUE_ID, is_centre
from .centre_options_flow import CentreOptionsFlow
from .connection import async_get_client, async_get_login_guard
from .const import DOMAIN
from .exceptions import error_key, error_placeholders
from .isapi.capabilities import Capabilities, async_get_capabilities
from .isapi.device import DeviceInfo
from .isapi.errors import AuthenticationError, IsapiError
from .isapi.user_check import async_log_in
from .options_flow import AnprOptionsFlow

_LOGGER = logging.getLogger(__name__)

HTTP_PORT: Final = 80
HTTPS_PORT: Final = 443


LOGIN: Final = vol.Schema(
    {
        vol.Required(CONF_USERNAME, default="admin"): TextSelector(
            TextSelectorConfig(autocomplete="username")
        ),
        vol.Required(CONF_PASSWORD): TextSelector(
            TextSelectorConfig(
                type=TextSelectorType.PASSWORD, autocomplete="current-password"
            )
        ),
    }
)
CONNECTION: Final = vol.Schema(
    {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_SSL, default=False): BooleanSelector(),
        vol.Optional(CONF_PORT, default=HTTP_PORT): cv.port,
        vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
        **LOGIN.schema,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Probe:
    """Hold what came of asking a device: what it is, or else what is wrong."""

    device: DeviceInfo | None = None
    errors: dict[str, str] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)


class AnprConfigFlow(ConfigFlow, domain=DOMAIN):
    """Add a device, log in anew, change its connection, follow its address."""

    VERSION = 1
    MINOR_VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow of the options, of a device or of the centre."""
        return CentreOptionsFlow() if is_centre(config_entry) else AnprOptionsFlow()

    async def async_step_system(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Make the centre, once."""
        await self.async_set_unique_id(CENTRE_UNIQUE_ID)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=CENTRE_TITLE, data={})

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to reach a device, and add it."""
        probe = _Probe()
        if user_input is not None:
            data = _connection(user_input)
            probe = await self._async_probe(data)
            if device := probe.device:
                await self.async_set_unique_id(
                    device.serial_number, raise_on_progress=False
                )
                self._abort_if_unique_id_configured()
                title = device.name or device.model or device.serial_number
                return self.async_create_entry(title=title, data=data)
        return self._show("user", CONNECTION, user_input or {}, probe)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to reach a device from now on."""
        entry, probe = self._get_reconfigure_entry(), _Probe()
        if user_input is not None:
            data = _connection(user_input)
            probe = await self._async_probe(data)
            if probe.device:
                return await self._async_update(entry, probe.device, data)
        shown = {**entry.data, **(user_input or {})}
        return self._show("reconfigure", CONNECTION, shown, probe, name=entry.title)

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin to ask for a login that the device accepts."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for user name and password, and log in with them."""
        entry, probe = self._get_reauth_entry(), _Probe()
        shown = {**entry.data, **(user_input or {})}
        if user_input is not None:
            data = shown | {CONF_USERNAME: user_input[CONF_USERNAME].strip()}
            probe = await self._async_probe(data)
            if probe.device:
                return await self._async_update(entry, probe.device, data)
        return self._show("reauth_confirm", LOGIN, shown, probe, name=entry.title)

    @override
    async def async_step_dhcp(
        self, discovery_info: DhcpServiceInfo
    ) -> ConfigFlowResult:
        """Follow a device of ours to its new address; offer no new one.

        An entry that holds a host name leaves that to the name service.
        """
        entry = self._entry_of(dr.format_mac(discovery_info.macaddress))
        if entry and is_ipv4_address(entry.data[CONF_HOST]):
            await self.async_set_unique_id(entry.unique_id)
            self._abort_if_unique_id_configured({CONF_HOST: discovery_info.ip})
        return self.async_abort(reason="no_devices_found")

    async def _async_update(
        self, entry: ConfigEntry, device: DeviceInfo, data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Change the connection of an entry, unless another device answered."""
        await self.async_set_unique_id(device.serial_number, raise_on_progress=False)
        self._abort_if_unique_id_mismatch()
        return self.async_update_reload_and_abort(entry, data_updates=data)

    async def _async_probe(self, data: Mapping[str, Any]) -> _Probe:
        """Ask a device what it is; the user has just typed its credentials.

        A new device must read plates, one that was added before may be changed.
        """
        if not is_host_valid(data[CONF_HOST]):
            return _Probe(errors={CONF_HOST: "invalid_host"})
        client = async_get_client(self.hass, data)
        async_get_login_guard(self.hass, client.address).user_acted()
        try:
            device = await async_log_in(client)
            if self.source != SOURCE_USER:
                return _Probe(device=device)
            return _judge(device, await async_get_capabilities(client))
        except IsapiError as err:
            return _failed(err, client.address.host)
        except Exception:
            _LOGGER.exception("Asking a device what it is failed")
            return _Probe(errors={"base": "unknown"})

    def _entry_of(self, mac_address: str) -> ConfigEntry | None:
        """Return the entry of the device with a network address."""
        registry = dr.async_get(self.hass)
        connection = (dr.CONNECTION_NETWORK_MAC, mac_address)
        for entry in self._async_current_entries(include_ignore=False):
            if registry.async_get_device_by_connection(connection, entry.entry_id):
                return entry
        return None

    def _show(
        self,
        step: str,
        schema: vol.Schema,
        shown: Mapping[str, Any],
        probe: _Probe,
        **placeholders: str,
    ) -> ConfigFlowResult:
        """Show a form with what is known or was typed, but never a password."""
        values = {key: shown[key] for key in shown if key != CONF_PASSWORD}
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(
                schema,  # type: ignore[arg-type]  # one engine, by two names
                values,
            ),
            errors=probe.errors,
            description_placeholders=placeholders | probe.placeholders,
        )


def _connection(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the connection facts of a form, its address taken apart.

    People paste what their browser shows: scheme and port that are written there
    win over the fields below. What is no address stays as it was typed.
    """
    data = {**form, CONF_USERNAME: form[CONF_USERNAME].strip()}
    url = _url(form[CONF_HOST].strip())
    if url is None:
        return data
    data[CONF_HOST] = url.raw_host
    data[CONF_SSL] = url.scheme == "https" if url.scheme else form[CONF_SSL]
    if url.explicit_port is not None:
        data[CONF_PORT] = url.explicit_port
    elif data[CONF_SSL] and data[CONF_PORT] == HTTP_PORT:
        data[CONF_PORT] = HTTPS_PORT
    return data


def _url(address: str) -> URL | None:
    """Read a host name, an IP address, or the address of a web page."""
    if is_ipv6_address(address):
        address = f"[{address}]"
    try:
        url = URL(address if "://" in address else f"//{address}")
    except ValueError:
        return None
    return url if url.raw_host and url.scheme in {"", "http", "https"} else None


def _judge(device: DeviceInfo, capabilities: Capabilities) -> _Probe:
    """Accept a device that reads plates and is set to do so."""
    if not capabilities.reads_plates:
        model = device.model or device.serial_number
        return _Probe(errors={"base": "no_anpr"}, placeholders={"model": model})
    if capabilities.vca_allows_plates is False:
        mode = capabilities.vca_resource or ""
        return _Probe(errors={"base": "vca_mode_wrong"}, placeholders={"mode": mode})
    return _Probe(device=device)


def _failed(error: IsapiError, host: str) -> _Probe:
    """Tell the user what went wrong at the device."""
    key, placeholders = error_key(error), error_placeholders(error, host)
    if isinstance(error, AuthenticationError) and error.attempts_left is not None:
        key = "invalid_auth_attempts_left"
        placeholders["attempts"] = str(error.attempts_left)
    return _Probe(errors={"base": key}, placeholders=placeholders)
