"""Test that the archive moves in with a server, and what happens when that is away."""

import asyncio
from collections.abc import AsyncIterator
import logging
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.requirements import RequirementsNotFound
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from sqlalchemy import URL

from custom_components.hikvision_anpr import archive_move
from custom_components.hikvision_anpr.archive.archive import ISSUE, RETRY_EVERY
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.driver import REQUIREMENTS
from custom_components.hikvision_anpr.archive.errors import ArchiveUnavailableError
from custom_components.hikvision_anpr.archive.moving import Move, Progress
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.search import count
from custom_components.hikvision_anpr.archive.server import parse_server_url
from custom_components.hikvision_anpr.backup import async_post_backup, async_pre_backup
from custom_components.hikvision_anpr.centre import is_centre
from custom_components.hikvision_anpr.const import (
    CONF_DATABASE_URL,
    CONF_MOVE_ARCHIVE,
    DOMAIN,
)
from custom_components.hikvision_anpr.shown_progress import ShownProgress
from simulator.camera import SimulatedCamera

from .archive.servers import SERVERS, new_database, run_on_server
from .registry import ask
from .repository.house import ROOT
from .test_archive import act, plates
from .waiting import PATIENCE

CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
)


def centre_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return the centre's entry."""
    (entry,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    return entry  # type: ignore[return-value]


def in_full(url: URL) -> str:
    """Return a URL as a user writes it."""
    return url.render_as_string(hide_password=False)


async def form(hass: HomeAssistant) -> ConfigFlowResult:
    """Open the form of the database."""
    flow = await hass.config_entries.options.async_init(centre_entry(hass).entry_id)
    return await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": "database"}
    )


async def fill_in(
    hass: HomeAssistant,
    url: str,
    flow: ConfigFlowResult | None = None,
    *,
    moves: bool = False,
) -> ConfigFlowResult:
    """Fill the form in."""
    flow = flow or await form(hass)
    data: dict[str, Any] = {CONF_DATABASE_URL: url}
    if CONF_MOVE_ARCHIVE in fields(flow):
        data[CONF_MOVE_ARCHIVE] = moves
    flow = await hass.config_entries.options.async_configure(flow["flow_id"], data)
    await hass.async_block_till_done()
    return flow


def fields(flow: ConfigFlowResult) -> dict[str, Any]:
    """Return what the form asks for, and what it suggests."""
    schema: Any = flow["data_schema"]
    return {
        str(field): (field.description or {}).get("suggested_value")
        for field in schema.schema
    }


def suggested(flow: ConfigFlowResult) -> str:
    """Return the address that the form shows."""
    return str(fields(flow)[CONF_DATABASE_URL])


def test_drivers_are_those_that_are_tested() -> None:
    """Install for users what the tests run with."""
    pinned = (ROOT / "requirements_test.txt").read_text().splitlines()
    assert {name for names in REQUIREMENTS.values() for name in names} <= set(pinned)


@pytest.fixture(params=SERVERS)
async def url(
    hass: HomeAssistant, init_integration: MockConfigEntry, request: Any
) -> AsyncIterator[URL]:
    """Return an empty database on a server, after a device is there."""
    yield new_database(request.param)
    await hass.config_entries.async_unload(centre_entry(hass).entry_id)


NO_DATABASE: tuple[tuple[str, str], ...] = (
    ("nonsense", "database_url_invalid"),
    ("postgresql://user:p@ssword@host/anpr", "database_url_password"),
    ("postgresql://user:secret@host", "database_url_invalid"),
    ("postgresql://user:secret@host:port/anpr", "database_url_invalid"),
    ("mariadb://user@host/anpr?password=secret", "database_url_invalid"),
    ("sqlite:////config/other.db", "database_not_supported"),
    ("postgresql://user:secret@127.0.0.1:1/anpr", "database_unreachable"),
    ("mariadb://user:secret@127.0.0.1:1/anpr", "database_unreachable"),
    ("mariadb://user:secret@127.0.0.1/anpr?nonsense=1", "database_unreachable"),
)


async def test_no_database(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    """Say why an address will not do, and change nothing."""
    for text, error in NO_DATABASE:
        with subtests.test(text=text):
            flow = await fill_in(hass, text)
            assert flow["errors"] == {CONF_DATABASE_URL: error}
            assert "secret" not in suggested(flow)
            assert CONF_DATABASE_URL not in centre_entry(hass).options
            assert "secret" not in caplog.text


async def test_refused(hass: HomeAssistant, url: URL) -> None:
    """Tell the causes apart; the password that was typed need not be typed again."""
    flow = await fill_in(hass, in_full(url.set(password="guessed")))
    assert flow["errors"] == {CONF_DATABASE_URL: "database_login"}
    flow = await fill_in(hass, in_full(url.set(database="nobodys")), flow)
    assert flow["errors"] == {CONF_DATABASE_URL: "database_not_there"}
    assert "***" in suggested(flow)
    run_on_server(url, "CREATE TABLE states (state_id INTEGER)")
    flow = await fill_in(hass, in_full(url.set(password="***")), flow)
    assert flow["errors"] == {CONF_DATABASE_URL: "database_not_empty"}
    run_on_server(url, "DROP TABLE states")
    flow = await fill_in(hass, suggested(flow), flow)
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_no_driver(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Say that the driver is missing; after a restart passages wait for it."""
    module = "custom_components.hikvision_anpr.archive.driver"
    text = "postgresql://user:secret@127.0.0.1:1/anpr"
    missing = RequirementsNotFound(DOMAIN, ["psycopg"])
    with patch(f"{module}.async_process_requirements", side_effect=missing):
        flow = await fill_in(hass, text)
        assert flow["errors"] == {CONF_DATABASE_URL: "database_no_driver"}
        with patch.dict("sys.modules", {"psycopg": None}):
            entry = centre_entry(hass)
            hass.config_entries.async_update_entry(
                entry, options={CONF_DATABASE_URL: text}
            )
            await hass.async_block_till_done()
            await wait_for_issue(hass, "archive_server_no_driver")
    assert "secret" not in caplog.text
    (waits,) = [one for one in caplog.records if "database's driver" in one.message]
    assert not waits.exc_info
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, "add_plate", plate="AB123CD")
    assert raised.value.translation_key == "archive_unavailable"


async def wait_for_issue(
    hass: HomeAssistant, text: str | None, name: str = ISSUE
) -> None:
    """Wait until the repairs say something of the archive, or nothing."""

    def said() -> str | None:
        issue = ir.async_get(hass).async_get_issue(DOMAIN, name)
        return issue.translation_key if issue else None

    async with asyncio.timeout(PATIENCE):
        while said() != text:
            await asyncio.sleep(0.05)


async def test_kept_on_the_server(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    url: URL,
    caplog: pytest.LogCaptureFixture,
    hass_client: ClientSessionGenerator,
) -> None:
    """Keep passages on the server and never tell the password."""
    assert await async_setup_component(hass, "diagnostics", {})
    caplog.set_level(logging.DEBUG)
    flow = await fill_in(hass, in_full(url))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await async_pre_backup(hass)
    await camera.vehicle_passes("AB123CD")
    await wait_until_kept(hass, ["AB123CD"])
    await async_post_backup(hass)
    flow = await form(hass)
    assert "secret" not in str(flow)
    flow = await fill_in(hass, suggested(flow), flow)
    assert centre_entry(hass).options[CONF_DATABASE_URL] == in_full(url)
    told: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, centre_entry(hass)
    )
    assert told["archive"]["trouble"] is None
    assert "secret" not in str(told)
    assert "secret" not in caplog.text
    await fill_in(hass, "")
    assert await plates(hass) == []
    await fill_in(hass, in_full(url))
    assert await plates(hass) == ["AB123CD"]


async def wait_until_kept(hass: HomeAssistant, expected: list[str]) -> None:
    """Wait until the archive has passages; two of the same second have no order."""
    async with asyncio.timeout(PATIENCE):
        while sorted(await plates(hass)) != sorted(expected):
            await asyncio.sleep(0.05)


async def test_server_is_away(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let passages wait while the server is away, and say so."""
    url = new_database("postgresql")
    allow = f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS"
    await fill_in(hass, in_full(url))
    run_on_server(
        url.set(database="postgres"),
        f"{allow} false",
        CUT_OFF.format(name=url.database),
    )
    await camera.vehicle_passes("AB123CD")
    await wait_for_issue(hass, "archive_server_unreachable")
    run_on_server(url.set(database="postgres"), f"{allow} true")
    async_fire_time_changed(hass, dt_util.utcnow() + RETRY_EVERY)
    await wait_for_issue(hass, None)
    await wait_until_kept(hass, ["AB123CD"])
    await fill_in(hass, "")
    server = Database(parse_server_url(in_full(url)))
    assert (await server.async_read(lambda c: count(c, PassageQuery()))).count == 1
    server.close()


async def test_move(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    url: URL,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Have vehicles at once and passages soon after; delete nothing meanwhile."""
    await act(hass, "add_plate", plate="AB123CD", vehicle_name="Van")
    await camera.vehicle_passes("AB123CD")
    await wait_until_kept(hass, ["AB123CD"])
    is_free = asyncio.Event()
    copy = Move.async_copy_passages

    async def copy_later(move: Move, progress: Progress) -> int:
        if not is_free.is_set():
            await is_free.wait()
            raise ArchiveUnavailableError("unreachable")
        return await copy(move, progress)

    monkeypatch.setattr(Move, "async_copy_passages", copy_later)
    monkeypatch.setattr(archive_move, "AGAIN_SECONDS", 0)
    await fill_in(hass, in_full(url), moves=True)
    assert centre_entry(hass).options[CONF_MOVE_ARCHIVE] is True
    await wait_for_issue(hass, "archive_moving", archive_move.ISSUE)
    assert len((await act(hass, "get_plates"))["plates"]) == 1
    await camera.vehicle_passes("CD456EF")
    await wait_until_kept(hass, ["CD456EF"])
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "forget_plate", plate="AB123CD")
    assert caught.value.translation_key == "archive_moving"

    is_free.set()
    await wait_for_issue(hass, "archive_moved", archive_move.ISSUE)
    await hass.async_block_till_done()
    assert CONF_MOVE_ARCHIVE not in centre_entry(hass).options
    await wait_until_kept(hass, ["CD456EF", "AB123CD"])
    assert (await act(hass, "forget_plate", plate="AB123CD"))["vehicle"] is True


async def test_file_is_used_again(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Advise nobody to delete a file to which the archive went back."""
    entry = centre_entry(hass)
    ShownProgress(hass, archive_move.ISSUE).show(
        "archive_moved", done="1", total="1", file="archive.db"
    )
    assert await hass.config_entries.async_reload(entry.entry_id)
    await wait_for_issue(hass, None, archive_move.ISSUE)


async def test_move_that_is_called_off(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    url: URL,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Go on after a restart, until the user says no."""
    copy = AsyncMock(side_effect=ArchiveUnavailableError("damaged"))
    monkeypatch.setattr(Move, "async_copy_passages", copy)
    await fill_in(hass, in_full(url), moves=True)
    assert await hass.config_entries.async_reload(centre_entry(hass).entry_id)
    await wait_for_issue(hass, "archive_moving", archive_move.ISSUE)
    await fill_in(hass, in_full(url), moves=False)
    await wait_for_issue(hass, None, archive_move.ISSUE)
    assert CONF_MOVE_ARCHIVE not in centre_entry(hass).options
