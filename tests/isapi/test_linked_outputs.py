"""Test knowing which outputs a device switches by itself."""

from unittest.mock import AsyncMock

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    NotSupportedError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.linked_outputs import (
    LinkedOutputs,
    async_get_linked_outputs,
)

CENTER = "<id>center</id><notificationMethod>center</notificationMethod>"
OUTPUT = (
    "<id>IO-1</id><notificationMethod>IO</notificationMethod>"
    "<outputIOPortID>1</outputIOPortID>"
)


def device(**triggers: str) -> AsyncMock:
    """Return a device whose triggers tell by this."""

    async def get(path: str) -> bytes:
        """Answer one trigger."""
        name = path.removeprefix("/ISAPI/Event/triggers/").removesuffix("-1")
        if name not in triggers:
            raise NotSupportedError("no")
        body = f"<EventTrigger><id>{name}-1</id>{triggers[name]}</EventTrigger>"
        return body.encode()

    client = AsyncMock(spec=IsapiClient)
    client.get_bytes.side_effect = get
    return client


def told(*notifications: str) -> str:
    """Return a list of who is told."""
    inner = "".join(
        f"<EventTriggerNotification>{one}</EventTriggerNotification>"
        for one in notifications
    )
    return f"<EventTriggerNotificationList>{inner}</EventTriggerNotificationList>"


@pytest.mark.parametrize(
    ("triggers", "everybody", "listed"),
    [
        ({}, set(), set()),
        ({"vehicledetection": told(CENTER)}, set(), set()),
        ({"vehicledetection": told(CENTER, OUTPUT)}, {1}, set()),
        ({"HVTVehicleDetection": told(OUTPUT)}, {1}, set()),
        ({"vehicledetection": told(CENTER), "whiteList": told(OUTPUT)}, set(), {1}),
        ({"blackList": told(OUTPUT)}, set(), set()),
        ({"whiteList": told(OUTPUT.replace("outputIOPortID", "odd"))}, set(), {1}),
        (
            {"whiteList": told("<notificationMethod>IO</notificationMethod>")},
            set(),
            set(),
        ),
        ({"whiteList": ""}, set(), set()),
    ],
)
async def test_linked(
    triggers: dict[str, str], everybody: set[int], listed: set[int]
) -> None:
    """Tell what is switched for everybody from what is switched for listed plates."""
    expected = LinkedOutputs(
        for_everybody=frozenset(everybody), for_listed=frozenset(listed)
    )
    assert await async_get_linked_outputs(device(**triggers), 1) == expected


async def test_device_that_is_away() -> None:
    """Say nothing of a device that does not answer."""
    client = AsyncMock(spec=IsapiClient)
    client.get_bytes.side_effect = UnreachableError("no")
    with pytest.raises(UnreachableError):
        await async_get_linked_outputs(client, 1)
