"""Test speaking to a barrier and to relays."""

from unittest.mock import AsyncMock

import pytest

from custom_components.hikvision_anpr.isapi.barrier import (
    BarrierInfo,
    BarrierPosition,
    async_command_barrier,
    async_find_barrier,
    async_get_position,
)
from custom_components.hikvision_anpr.isapi.document import parse_document
from custom_components.hikvision_anpr.isapi.errors import (
    BusyError,
    IsapiError,
    NotSupportedError,
)
from custom_components.hikvision_anpr.isapi.io_ports import (
    async_get_port,
    async_set_output,
)
from custom_components.hikvision_anpr.isapi.node import Node

PARKING = "/ISAPI/Parking/channels/1/barrierGate"
ITC = "/ISAPI/ITC/Entrance"


def device(answers: dict[str, str | IsapiError]) -> AsyncMock:
    """Return a client of a device that answers so."""

    async def get(path: str) -> Node:
        answer = answers.get(path, NotSupportedError("", path=path))
        if isinstance(answer, IsapiError):
            raise answer
        return parse_document(answer.encode())

    client = AsyncMock()
    client.get = get
    return client


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({}, None),
        (
            {
                f"{PARKING}/capabilities": "<BarrierGate><ctrlMode opt='open'/>"
                "<isSupportBarrierGateStatus>true</isSupportBarrierGateStatus>"
                "</BarrierGate>"
            },
            BarrierInfo(kind="parking", tells_position=True),
        ),
        (
            {f"{PARKING}/capabilities": "<BarrierGateCap><ctrlMode/></BarrierGateCap>"},
            BarrierInfo(kind="parking", tells_position=False),
        ),
        (
            {
                f"{ITC}/capabilities": "<EntranceCap>"
                "<supportBarrierGateNum min='1' max='1'/></EntranceCap>"
            },
            BarrierInfo(kind="itc", tells_position=False),
        ),
        ({f"{ITC}/capabilities": "<EntranceCap/>"}, None),
    ],
)
async def test_find(
    answers: dict[str, str | IsapiError], found: BarrierInfo | None
) -> None:
    """Find out by questions alone what a device has."""
    client = device(answers)
    assert await async_find_barrier(client, 1) == found
    client.command.assert_not_called()


async def test_busy_device_is_no_device_without_barrier() -> None:
    """Let the caller ask again later."""
    client = device({f"{PARKING}/capabilities": BusyError("", path=PARKING)})
    with pytest.raises(BusyError):
        await async_find_barrier(client, 1)


async def test_commands_are_spelt_as_on_the_wire() -> None:
    """Write what the devices understand, misspelt where they are (trap 20)."""
    client = device({})
    await async_command_barrier(client, 1, "parking", "open")
    await async_command_barrier(client, 1, "itc", "close")
    await async_set_output(client, 2, high=True)
    assert [call.args for call in client.command.call_args_list] == [
        (PARKING, b"<BarrierGate><ctrlMode>open</ctrlMode></BarrierGate>"),
        (
            f"{ITC}/barrierGateCtrl",
            b"<BarrierGateCtrl><barrietGateNum>1</barrietGateNum>"
            b"<barrietGateOper>off</barrietGateOper></BarrierGateCtrl>",
        ),
        (
            "/ISAPI/System/IO/outputs/2/trigger",
            b"<IOPortData><outputState>high</outputState></IOPortData>",
        ),
    ]


@pytest.mark.parametrize(
    ("status", "position"),
    [("0", None), ("1", "closed"), ("2", "open"), ("3", None), ("", None)],
)
async def test_position(status: str, position: BarrierPosition | None) -> None:
    """Take no signal for what it is: nobody knows (trap 71)."""
    answer = (
        "<BarrierGateStatus><barrierGateStatus>"
        f"{status}</barrierGateStatus></BarrierGateStatus>"
    )
    client = device({f"{PARKING}/barrierGateStatus": answer})
    assert await async_get_position(client, 1) == position


@pytest.mark.parametrize(
    ("state", "active"), [("active", True), ("Inactive", False), ("", None)]
)
async def test_port(state: str, active: bool | None) -> None:
    """Tell whether an input or output is active, where the device says so."""
    answer = f"<IOPortStatus><ioState>{state}</ioState></IOPortStatus>"
    client = device({"/ISAPI/System/IO/inputs/3/status": answer})
    assert await async_get_port(client, "inputs", 3) is active
