"""Test reading which cameras are behind a recorder."""

from unittest.mock import AsyncMock

import pytest

from custom_components.hikvision_anpr.isapi.channels import (
    InputChannel,
    async_get_channels,
    async_reads_plates,
)
from custom_components.hikvision_anpr.isapi.document import parse_document
from custom_components.hikvision_anpr.isapi.errors import (
    BusyError,
    ForbiddenError,
    NotSupportedError,
)
from custom_components.hikvision_anpr.isapi.node import Node

PROXIED = "/ISAPI/ContentMgmt/InputProxy/channels"
ROW = """<InputProxyChannel><id>{id}</id><name>{name}</name>
<sourceInputPortDescriptor><ipAddress>192.0.2.{id}</ipAddress>
<managePortNo>8000</managePortNo><model>{model}</model>
<serialNumber>{serial}</serialNumber></sourceInputPortDescriptor></InputProxyChannel>"""


def listed(*rows: str) -> str:
    """Return a list of channels."""
    return f"<InputProxyChannelList>{''.join(rows)}</InputProxyChannelList>"


def row(number: int, *, serial: str = "", model: str = "", name: str = "") -> str:
    """Return one channel of a list."""
    return ROW.format(id=number, serial=serial, model=model, name=name)


def recorder(answers: dict[str, str | Exception]) -> AsyncMock:
    """Return a client of a recorder that answers so."""

    async def get(path: str) -> Node:
        answer = answers.get(path, NotSupportedError("", path=path))
        if isinstance(answer, Exception):
            raise answer
        return parse_document(answer.encode())

    return AsyncMock(get=get)


async def test_channels_with_their_states() -> None:
    """Read what is behind a recorder; who is left out of the states may be online."""
    client = recorder(
        {
            PROXIED: listed(
                row(2, serial="S2", name="Yard"), row(1, serial="S1", name="Gate")
            ),
            f"{PROXIED}/status": "<InputProxyChannelStatusList>"
            "<InputProxyChannelStatus><id>2</id><online>false</online>"
            "</InputProxyChannelStatus></InputProxyChannelStatusList>",
        }
    )
    first, second = await async_get_channels(client)
    assert (first.number, first.name, first.online) == (1, "Gate", None)
    assert (second.number, second.name, second.online) == (2, "Yard", False)
    assert (second.address, second.port) == ("192.0.2.2", 8000)


async def test_serial_numbers_that_identify_nothing() -> None:
    """Take away what is empty, or the same for several cameras (trap 85)."""
    client = recorder({PROXIED: listed(row(1, serial="S"), row(2), row(3, serial="S"))})
    channels = await async_get_channels(client)
    assert [channel.serial_number for channel in channels] == [None, None, None]


async def test_camera_has_no_channels() -> None:
    """Take a refusal for what it is: an ordinary camera (reference 8.1)."""
    client = recorder({PROXIED: ForbiddenError("", path=PROXIED)})
    assert await async_get_channels(client) == ()


async def test_busy_recorder_is_asked_again_later() -> None:
    """Do not take a busy recorder for one without channels."""
    client = recorder({PROXIED: BusyError("", path=PROXIED)})
    with pytest.raises(BusyError):
        await async_get_channels(client)


async def test_analogue_inputs() -> None:
    """Read inputs whose ids are no numbers; they read no plates."""
    client = recorder(
        {
            "/ISAPI/System/Video/inputs/channels": "<VideoInputChannelList>"
            "<VideoInputChannel><id>I-1</id><name>Old</name></VideoInputChannel>"
            "<VideoInputChannel><id>none</id></VideoInputChannel>"
            "</VideoInputChannelList>",
            PROXIED: listed(row(9), "<InputProxyChannel/>"),
        }
    )
    analogue, digital = await async_get_channels(client)
    assert analogue == InputChannel(number=1, name="Old", reads_plates=False)
    assert not analogue.seems_to_read_plates
    assert digital.number == 9


@pytest.mark.parametrize(
    ("answer", "reads"),
    [
        ("<VehicleDetectCfg><enabled>true</enabled></VehicleDetectCfg>", True),
        ("<Other/>", None),
        (NotSupportedError("", path=""), None),
    ],
)
async def test_channel_that_reads_plates(
    answer: str | Exception, reads: bool | None
) -> None:
    """Believe a recorder that answers, and leave open what it does not say."""
    client = recorder({"/ISAPI/Traffic/channels/4/vehicleDetect": answer})
    assert await async_reads_plates(client, 4) is reads


@pytest.mark.parametrize(
    ("model", "reads"),
    [
        ("iDS-2CD7A46G0/P-IZHS", True),
        ("DS-2CD7026G0/P", True),
        ("DS-2CD4A26FWD-IZHS/P", True),
        ("DS-2CD4A26FWD-IZHS", False),
        ("DS-TCG406-E", True),
        ("iDS-TCM403-BI", True),
        ("iDS-2CD9396-BIS", True),
        ("DS-2CD2386G2-IU", False),
        ("DS-2CD2055FWD-I", False),
        ("", False),
    ],
)
def test_models(model: str, reads: bool) -> None:
    """Go by the model where the recorder does not say."""
    assert InputChannel(number=1, model=model).seems_to_read_plates is reads
