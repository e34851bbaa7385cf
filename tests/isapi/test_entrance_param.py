"""Test knowing who opens a device's barrier."""

from unittest.mock import AsyncMock

import pytest

from custom_components.hikvision_anpr.isapi.document import parse_document
from custom_components.hikvision_anpr.isapi.entrance_param import async_opens_by_itself
from custom_components.hikvision_anpr.isapi.errors import NotSupportedError


def lane(mode: str, *, enabled: str = "true") -> str:
    """Return a lane."""
    return f"<EntranceParam><bEnable>{enabled}</bEnable>{mode}</EntranceParam>"


@pytest.mark.parametrize(
    ("lanes", "expected"),
    [
        (lane("<ctrlMode>0</ctrlMode>"), True),
        (lane("<ctrlMode>1</ctrlMode>"), False),
        (lane("<ctrlMod>2</ctrlMod>"), True),
        (lane("<ctrlMode>1</ctrlMode>") + lane("<ctrlMode>0</ctrlMode>"), True),
        (lane("<ctrlMode>0</ctrlMode>", enabled="false"), None),
        (lane(""), None),
        ("", None),
    ],
)
async def test_modes(lanes: str, expected: bool | None) -> None:
    """Read who decides on each lane that takes part."""
    body = f"<EntranceParamList>{lanes}</EntranceParamList>"
    client = AsyncMock()
    client.get.return_value = parse_document(body.encode())
    assert await async_opens_by_itself(client) is expected


async def test_not_supported() -> None:
    """Know nothing of devices without the document."""
    client = AsyncMock()
    client.get.side_effect = NotSupportedError("no")
    assert await async_opens_by_itself(client) is None
