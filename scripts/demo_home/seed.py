"""Make the storage of a Home Assistant that somebody has already moved into.

Runs on the interpreter that has Home Assistant: python -m scripts.demo_home.seed FOLDER.
It leaves an owner with a long-lived token, a finished onboarding, and nothing that asks
the internet.
"""

import asyncio
from datetime import timedelta
import json
from pathlib import Path
import secrets
import sys
from typing import Final

from homeassistant.auth import AuthManager, auth_manager_from_config
from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.auth.providers.homeassistant import HassAuthProvider
from homeassistant.config_entries import ConfigEntries
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

USERNAME: Final = "demo"
LIFE_OF_TOKEN: Final = timedelta(days=3650)

ONBOARDING: Final = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    "data": {"done": ["user", "core_config", "analytics", "integration"]},
}
_MOVED_IN: Final = "2026-01-01T00:00:00+00:00"
#: A marketplace that is switched off: else one makes itself and fetches its catalogue.
CONFIG_ENTRIES: Final = {
    "version": 1,
    "minor_version": 5,
    "key": "core.config_entries",
    "data": {
        "entries": [
            {
                "created_at": _MOVED_IN,
                "data": {},
                "disabled_by": "user",
                "discovery_keys": {},
                "domain": "marketplace",
                "entry_id": "01DEMOMARKETPLACE000000000",
                "minor_version": 1,
                "modified_at": _MOVED_IN,
                "options": {},
                "pref_disable_new_entities": False,
                "pref_disable_polling": False,
                "source": "system",
                "subentries": [],
                "title": "",
                "unique_id": None,
                "version": 1,
            }
        ]
    },
}


async def seed(folder: Path) -> None:
    """Write the storage and access.json into a configuration folder."""
    hass = HomeAssistant(str(folder))
    hass.config_entries = ConfigEntries(hass, {})
    await hass.config_entries.async_initialize()
    dr.async_setup(hass)
    await asyncio.gather(dr.async_load(hass), er.async_load(hass))
    auth = await auth_manager_from_config(hass, [{"type": "homeassistant"}], [])
    hass.auth = auth
    password = secrets.token_urlsafe(9)
    token = await _make_owner(auth, password)
    hass.bus.async_fire_internal(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    await hass.async_stop(force=True)
    storage = folder / ".storage"
    _write(storage / "onboarding", ONBOARDING)
    _write(storage / "core.config_entries", CONFIG_ENTRIES)
    _write(
        folder / "access.json",
        {"username": USERNAME, "password": password, "token": token},
    )


async def _make_owner(auth: AuthManager, password: str) -> str:
    """Make the owner and return a token of theirs."""
    provider = auth.auth_providers[0]
    assert isinstance(provider, HassAuthProvider)
    await provider.async_initialize()
    await provider.async_add_auth(USERNAME, password)
    user = await auth.async_create_user("Demo", group_ids=[GROUP_ID_ADMIN])
    login = await provider.async_get_or_create_credentials({"username": USERNAME})
    await auth.async_link_user(user, login)
    token = await auth.async_create_refresh_token(
        user,
        client_name="Demo",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=LIFE_OF_TOKEN,
    )
    return auth.async_create_access_token(token)


def _write(path: Path, data: object) -> None:
    """Write JSON that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(data, indent=2), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(seed(Path(sys.argv[1])))
