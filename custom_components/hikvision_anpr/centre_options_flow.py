"""Configure the options of the centre."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import BooleanSelector, TextSelector
import voluptuous as vol

from .archive.errors import ArchiveUnavailableError, DatabaseUrlError, Trouble
from .archive.picture_files import PictureFiles
from .archive.server import async_check_server, parse_server_url, shown_url
from .centre_options import pictures_folder
from .const import (
    CONF_DATABASE_URL,
    CONF_HIDE_PLATES,
    CONF_HIDE_STRANGERS_DAYS,
    CONF_KEEP_DAYS_ALLOW,
    CONF_KEEP_DAYS_BLOCK,
    CONF_KEEP_DAYS_NONE,
    CONF_MATCH_ALIKE_ALLOW,
    CONF_MATCH_ALIKE_BLOCK,
    CONF_MATCH_CONFIDENCE_ALLOW,
    CONF_MATCH_CONFIDENCE_BLOCK,
    CONF_MATCH_EDITS_ALLOW,
    CONF_MATCH_EDITS_BLOCK,
    CONF_MOVE_ARCHIVE,
    CONF_PICTURES_COUNT,
    CONF_PICTURES_DAYS,
    CONF_PICTURES_FOLDER,
    CONF_PICTURES_GIGABYTES,
    DEFAULT_PICTURES_GIGABYTES,
)
from .number_field import whole_number

_DAYS: Final = whole_number(0, 36500, "d")
RETENTION: Final = vol.Schema(
    {
        vol.Required(CONF_KEEP_DAYS_ALLOW, default=0): _DAYS,
        vol.Required(CONF_KEEP_DAYS_BLOCK, default=0): _DAYS,
        vol.Required(CONF_KEEP_DAYS_NONE, default=0): _DAYS,
    }
)

MATCHING: Final = vol.Schema(
    {
        vol.Required(CONF_MATCH_ALIKE_ALLOW, default=True): BooleanSelector(),
        vol.Required(CONF_MATCH_ALIKE_BLOCK, default=True): BooleanSelector(),
        vol.Required(CONF_MATCH_EDITS_ALLOW, default=0): whole_number(0, 2),
        vol.Required(CONF_MATCH_EDITS_BLOCK, default=0): whole_number(0, 2),
        vol.Required(CONF_MATCH_CONFIDENCE_ALLOW, default=0): whole_number(0, 100, "%"),
        vol.Required(CONF_MATCH_CONFIDENCE_BLOCK, default=0): whole_number(0, 100, "%"),
    }
)
PICTURES: Final = vol.Schema(
    {
        vol.Required(CONF_PICTURES_FOLDER): TextSelector(),
        vol.Required(
            CONF_PICTURES_GIGABYTES, default=DEFAULT_PICTURES_GIGABYTES
        ): whole_number(0, 100_000, "GB"),
        vol.Required(CONF_PICTURES_DAYS, default=0): whole_number(0, 36500, "d"),
        vol.Required(CONF_PICTURES_COUNT, default=0): whole_number(0, 100_000_000),
    }
)
PRIVACY: Final = vol.Schema(
    {
        vol.Required(CONF_HIDE_PLATES, default=False): BooleanSelector(),
        vol.Required(CONF_HIDE_STRANGERS_DAYS, default=0): _DAYS,
    }
)
DATABASE: Final = vol.Schema({vol.Optional(CONF_DATABASE_URL): TextSelector()})
MOVE: Final = {vol.Required(CONF_MOVE_ARCHIVE, default=True): BooleanSelector()}
FORMS: Final = {
    "retention": RETENTION,
    "matching": MATCHING,
    "pictures": PICTURES,
    "privacy": PRIVACY,
    "database": DATABASE,
}
DATABASE_ERRORS: Final[dict[Trouble, str]] = {
    "login": "database_login",
    "denied": "database_denied",
    "no_database": "database_not_there",
    "no_driver": "database_no_driver",
    "not_empty": "database_not_empty",
    "newer": "database_newer",
    "read_only": "database_read_only",
    "full": "database_full",
}


class CentreOptionsFlow(OptionsFlow):
    """Let the user choose what to change, and ask for it."""

    _typed_url: str | None = None

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with the menu, under a name that no device's options have."""
        return await self.async_step_centre()

    async def async_step_centre(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what there is to change."""
        return self.async_show_menu(step_id="centre", menu_options=list(FORMS))

    async def async_step_retention(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for how many days passages are kept, by the list of the vehicle."""
        return self._ask("retention", user_input)

    async def async_step_matching(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how far a plate may differ from a vehicle's, and how sure it must be."""
        return self._ask("matching", user_input)

    async def async_step_pictures(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where pictures are kept, how many, and for how long."""
        if user_input is None:
            folder = pictures_folder(self.hass)
            shown = {CONF_PICTURES_FOLDER: folder, **self.config_entry.options}
            return self._show("pictures", shown)
        typed = user_input[CONF_PICTURES_FOLDER].strip()
        folder = self.hass.config.path(typed) if typed else pictures_folder(self.hass)
        try:
            await self.hass.async_add_executor_job(
                PictureFiles(folder=Path(folder)).check
            )
        except OSError:
            errors = {CONF_PICTURES_FOLDER: "folder_not_writable"}
            return self._show("pictures", user_input, errors)
        return self._ask("pictures", {**user_input, CONF_PICTURES_FOLDER: folder})

    async def async_step_privacy(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask who may know of whom, and for how long."""
        return self._ask("privacy", user_input)

    async def async_step_database(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the server that the archive is kept on; nothing means our own file."""
        options = {**self.config_entry.options}
        known = self._typed_url or options.pop(CONF_DATABASE_URL, None)
        if user_input is None:
            return self._show_database(known)
        moves = user_input.pop(CONF_MOVE_ARCHIVE, False)
        options.pop(CONF_MOVE_ARCHIVE, None)
        if not (text := user_input.get(CONF_DATABASE_URL, "").strip()):
            options.pop(CONF_DATABASE_URL, None)
            return self.async_create_entry(data=options)
        try:
            url = parse_server_url(text, known)
            self._typed_url = url.render_as_string(hide_password=False)
            await async_check_server(self.hass, url)
        except DatabaseUrlError as error:
            return self._show_database(known, error.key)
        except ArchiveUnavailableError as error:
            key = DATABASE_ERRORS.get(error.trouble, "database_unreachable")
            return self._show_database(self._typed_url, key)
        options[CONF_DATABASE_URL] = self._typed_url
        if moves:
            options[CONF_MOVE_ARCHIVE] = True
        return self.async_create_entry(data=options)

    def _show_database(
        self, url: str | None, error: str | None = None
    ) -> ConfigFlowResult:
        """Show the form of the database, without the password.

        To move is offered from the file alone, or to leave off where it goes on.
        """
        options = self.config_entry.options
        moves = CONF_DATABASE_URL not in options or options.get(CONF_MOVE_ARCHIVE)
        return self.async_show_form(
            step_id="database",
            data_schema=self.add_suggested_values_to_schema(
                DATABASE.extend(MOVE if moves else {}),  # type: ignore[arg-type]
                {CONF_DATABASE_URL: shown_url(url)} if url else {},
            ),
            errors={CONF_DATABASE_URL: error} if error else None,
        )

    def _ask(self, form: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show a form, or keep what was filled in beside the other options."""
        if user_input is not None:
            return self.async_create_entry(
                data={**self.config_entry.options, **user_input}
            )
        return self._show(form, self.config_entry.options)

    def _show(
        self,
        form: str,
        shown: Mapping[str, Any],
        errors: dict[str, str] | None = None,
    ) -> ConfigFlowResult:
        """Show a form."""
        return self.async_show_form(
            step_id=form,
            data_schema=self.add_suggested_values_to_schema(
                FORMS[form],  # type: ignore[arg-type]  # one engine, by two names
                shown,
            ),
            errors=errors,
        )
