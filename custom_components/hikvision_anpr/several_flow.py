"""Add many devices in the config flow."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from .addresses import (
    MAX_ADDRESSES,
    AddressError,
    TooManyAddressesError,
    read_addresses,
)
from .connection_form import (
    HTTPS_PORT,
    LOGIN,
    PASSWORD,
    USERNAME,
    WEB_SERVER,
    connection,
)
from .const import DOMAIN
from .device_check import Check
from .device_flow import DeviceFlow
from .enrolment import Enrolment, Outcome

CONF_ADDRESSES: Final = "addresses"
CONF_RETRY: Final = "retry"
ABSENT: Final = "–"
SECURE: Final[dict[vol.Marker, BooleanSelector]] = {
    vol.Required(CONF_SSL, default=True): BooleanSelector(),
    vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
}
SEVERAL: Final = vol.Schema(
    {
        vol.Required(CONF_ADDRESSES): TextSelector(TextSelectorConfig(multiline=True)),
        **WEB_SERVER.schema,
        **LOGIN.schema,
    }
)


class SeveralFlow(DeviceFlow):
    """Let the user name many devices and one login, and try again what failed."""

    _targets: Sequence[Mapping[str, Any]] = ()
    _enrolment: asyncio.Task[list[Outcome]] | None = None

    def __init__(self) -> None:
        """Begin without an outcome."""
        super().__init__()
        self._outcomes: dict[str, Outcome] = {}

    async def async_step_several(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the addresses of devices and the login of all."""
        check = Check()
        if user_input is not None:
            check = self._read(user_input)
            if not check.errors:
                return await self.async_step_adding()
        limit = str(MAX_ADDRESSES)
        return self._show("several", SEVERAL, user_input or {}, check, limit=limit)

    def _read(self, form: Mapping[str, Any]) -> Check:
        """Take the devices from a form, or say which is none."""
        facts = {key: form[key] for key in form if key != CONF_ADDRESSES}
        try:
            addresses = read_addresses(form[CONF_ADDRESSES])
        except AddressError as error:
            return Check(
                errors={CONF_ADDRESSES: "invalid_address"},
                placeholders={"address": error.address},
            )
        except TooManyAddressesError:
            return Check(errors={CONF_ADDRESSES: "too_many_addresses"})
        if not addresses:
            return Check(errors={CONF_ADDRESSES: "no_address"})
        self._targets = [connection({**facts, CONF_HOST: one}) for one in addresses]
        return Check()

    async def async_step_adding(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show how far it is."""
        if self._enrolment is None:
            enrolment = Enrolment(self.hass, self._targets, self.async_update_progress)
            self._enrolment = self.hass.async_create_task(
                enrolment.async_run(), f"{DOMAIN} add devices", eager_start=False
            )
        if not self._enrolment.done():
            return self.async_show_progress(
                step_id="adding",
                progress_action="adding",
                progress_task=self._enrolment,
                description_placeholders={"count": str(len(self._targets))},
            )
        for outcome in self._enrolment.result():
            self._outcomes[_place(outcome.target)] = outcome
        self._enrolment = None
        return self.async_show_progress_done(next_step_id="results")

    async def async_step_results(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what became of each device, and offer to try again what failed."""
        check, failures = Check(), self._failures()
        if not failures or (user_input is not None and not user_input.get(CONF_RETRY)):
            return self.async_abort(
                reason="devices_added", description_placeholders=self._counts()
            )
        if user_input is not None:
            if user_input.get(CONF_PASSWORD):
                self._try_again(user_input)
                return await self.async_step_adding()
            check.errors[CONF_PASSWORD] = "password_missing"
        shown = user_input or {
            CONF_RETRY: list(failures),
            CONF_USERNAME: next(iter(failures.values())).target[CONF_USERNAME],
        }
        placeholders = self._counts() | {"failed": await self._async_explain()}
        return self._show("results", _retry(failures), shown, check, **placeholders)

    async def async_step_import(self, import_data: dict[str, Any]) -> ConfigFlowResult:
        """Make the entry of one of many devices, which was asked what it is."""
        unique_id = import_data["unique_id"]
        await self.async_set_unique_id(unique_id, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(
            title=import_data["title"], data=import_data["data"]
        )

    def _failures(self) -> dict[str, Outcome]:
        """Return what was not added, by its place."""
        return {
            place: outcome
            for place, outcome in self._outcomes.items()
            if not outcome.is_there
        }

    def _try_again(self, form: Mapping[str, Any]) -> None:
        """Choose the devices to try again, with another login, or over HTTPS."""
        facts = {key: form[key] for key in form if key != CONF_RETRY}
        chosen = [self._outcomes.pop(place) for place in form[CONF_RETRY]]
        self._targets = [
            connection({**outcome.target, **_https_port(outcome), **facts})
            for outcome in chosen
        ]

    def _counts(self) -> dict[str, str]:
        """Return which devices were added, and which were there before."""
        added, there = [
            ", ".join(
                outcome.host
                for outcome in self._outcomes.values()
                if outcome.error == error
            )
            for error in (None, "already_configured")
        ]
        return {"added": added or ABSENT, "there": there or ABSENT}

    async def _async_explain(self) -> str:
        """Return a line for each thing that went wrong, with the devices it met."""
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "config", [DOMAIN]
        )
        met: dict[tuple[str | None, frozenset[tuple[str, str]]], list[str]] = {}
        for outcome in self._failures().values():
            facts = {**outcome.placeholders, CONF_HOST: ""}
            cause = outcome.error, frozenset(facts.items())
            met.setdefault(cause, []).append(outcome.host)
        lines = []
        for (error, told), hosts in met.items():
            text = texts[f"component.{DOMAIN}.config.error.{error}"]
            where = ", ".join(hosts)
            text = text if "{host}" in text else f"{where}: {text}"
            lines.append("- " + text.format_map({**dict(told), CONF_HOST: where}))
        return "\n".join(lines)


def _retry(failures: Mapping[str, Outcome]) -> vol.Schema:
    """Return the form that asks what to try again."""
    options = [
        SelectOptionDict(value=place, label=outcome.host)
        for place, outcome in failures.items()
    ]
    return vol.Schema(
        {
            vol.Optional(CONF_RETRY): SelectSelector(
                SelectSelectorConfig(
                    options=options, multiple=True, mode=SelectSelectorMode.LIST
                )
            ),
            **_secure(failures),
            vol.Required(CONF_USERNAME): USERNAME,
            vol.Optional(CONF_PASSWORD): PASSWORD,
        }
    )


def _https_port(outcome: Outcome) -> dict[str, int]:
    """Return the port of a device that was found to answer over HTTPS alone."""
    return {CONF_PORT: HTTPS_PORT} if outcome.error == "https_only" else {}


def _secure(failures: Mapping[str, Outcome]) -> dict[vol.Marker, BooleanSelector]:
    """Return the fields of HTTPS where a device may be added by other values."""
    about_https = {"https_only", "certificate_not_trusted"}
    errors = {outcome.error for outcome in failures.values()}
    return SECURE if errors & about_https else {}


def _place(target: Mapping[str, Any]) -> str:
    """Return what tells a device apart from the others of a list."""
    return f"{target[CONF_HOST]} {target[CONF_PORT]}"
