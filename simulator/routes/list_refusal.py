"""What a camera answers to what its list does not take, in whatever form it came."""

from collections.abc import Callable

from aiohttp import web

from simulator.answers import BAD_PLATE, LIST_FULL, OK, Status
from simulator.device import Device
from simulator.plate_list import ListIsFullError, ListRefusedError, PlateRefusedError

from .route import status


def answer_to(
    device: Device, request: web.Request, take: Callable[[], None], misfit: Status
) -> web.Response:
    """Let the list take something; `misfit` is said of what is no record of its own."""
    try:
        take()
    except ListRefusedError:
        return status(device, request, misfit)
    except PlateRefusedError:
        return status(device, request, BAD_PLATE)
    except ListIsFullError:
        return status(device, request, LIST_FULL)
    return status(device, request, OK)
