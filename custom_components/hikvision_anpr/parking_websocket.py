"""Provide WebSocket commands to read and correct visits."""

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.components.websocket_api.const import WebSocketCommandHandler
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from .centre import open_car_park
from .const import DOMAIN
from .occupancy_services import OCCUPANCY, async_occupancy
from .parking.car_park import CarPark
from .parking_services import (
    CORRECT,
    END,
    SET,
    START,
    VISITS,
    Answer,
    async_correct,
    async_end,
    async_set,
    async_start,
    async_visits,
)
from .report_services import REPORT, async_report

API_VERSION: Final = 1

SUBSCRIBE_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/parking/subscribe"
}
REPORT_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/parking/report",
    **REPORT,
}


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the commands; what puts things right is for administrators."""
    for command in (
        _subscribe,
        _command("visits", VISITS, async_visits),
        _command("occupancy", OCCUPANCY, async_occupancy),
        _report,
        *(
            websocket_api.require_admin(_command(name, fields, change))
            for name, fields, change in (
                ("start_visit", START, async_start),
                ("end_visit", END, async_end),
                ("correct_visit", CORRECT, async_correct),
                ("set_occupancy", SET, async_set),
            )
        ),
    ):
        websocket_api.async_register_command(hass, command)


def _command(
    name: str, fields: dict[Any, Any], answer: Answer
) -> WebSocketCommandHandler:
    """Return the command that takes and answers what the action of this kind does."""
    schema: dict[Any, Any] = {
        vol.Required("type"): f"{DOMAIN}/parking/{name}",
        **fields,
    }

    @websocket_api.websocket_command(schema)
    @websocket_api.async_response
    async def command(
        hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
    ) -> None:
        result = {"api_version": API_VERSION, **await answer(hass, msg)}
        connection.send_result(msg["id"], result)

    return command


@websocket_api.websocket_command(REPORT_COMMAND)
@websocket_api.async_response
async def _report(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer the report of a day, in the language of the user."""
    report = await async_report(hass, msg, connection.user.id)
    connection.send_result(msg["id"], {"api_version": API_VERSION, **report})


@websocket_api.websocket_command(SUBSCRIBE_COMMAND)
@callback
def _subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send the areas as they are, and again whenever somebody comes or goes."""
    car_park = open_car_park(hass)

    @callback
    def tell() -> None:
        content = {"api_version": API_VERSION, **_areas(car_park)}
        connection.send_message(websocket_api.event_message(msg["id"], content))

    connection.subscriptions[msg["id"]] = car_park.async_subscribe(tell)
    connection.send_result(msg["id"])
    tell()


def _areas(car_park: CarPark) -> dict[str, Any]:
    """Return how many are inside, of all and of each area."""
    return {
        "inside": len(car_park.inside()),
        "areas": [
            {
                "area": area.name,
                "capacity": area.capacity,
                "longest_stay": area.longest_stay.total_seconds()
                if area.longest_stay
                else None,
                "inside": len(car_park.inside(area.name)),
                "free_spaces": car_park.free_spaces(area.name),
            }
            for area in car_park.areas.values()
        ],
    }
