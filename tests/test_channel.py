"""Test finding the channel of a recorder's read."""

from dataclasses import replace

import pytest

from custom_components.hikvision_anpr.channel import channel_of
from custom_components.hikvision_anpr.isapi.channels import InputChannel
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

INPUTS = {
    channel.number: channel
    for channel in (
        InputChannel(number=1, name="Gate", serial_number="DS-1"),
        InputChannel(number=2, name="Yard", serial_number="DS-2"),
        InputChannel(number=40, name="Camera 01"),
        InputChannel(number=41, name="Camera 01"),
    )
}
READ = PlateRead(plate="AB123CD", channel=900)


@pytest.mark.parametrize(
    ("read", "channel"),
    [
        (replace(READ, channel=2), 2),
        (replace(READ, channel=2, channel_name="Gate"), 2),
        (replace(READ, device_uuid="DS-TCG406-E DS-1"), 1),
        (replace(READ, channel_name="Yard"), 2),
        (replace(READ, channel_name="Camera 01"), None),
        (replace(READ, channel_name="Somewhere"), None),
        (READ, None),
    ],
)
def test_channel_of_read(read: PlateRead, channel: int | None) -> None:
    """Go by the number, then by what tells one camera alone."""
    assert channel_of(read, INPUTS) == channel
