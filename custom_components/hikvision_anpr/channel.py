"""Describe one channel of a device: the camera itself, or one behind a recorder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .isapi.channels import InputChannel
from .isapi.plate_read import PlateRead

ONLY_CHANNEL: Final = 1
"""The channel of a camera, whatever the camera itself calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Hold a channel that is followed.

    `identifier` and `device_id` are those of its device in Home Assistant: the
    camera, or a device of its own behind the recorder.
    """

    number: int
    identifier: str
    device_id: str
    source: InputChannel | None = None

    @property
    def is_online(self) -> bool:
        """Tell whether the camera can be reached, as far as its recorder says."""
        return self.source is None or self.source.online is not False


def channel_of(read: PlateRead, inputs: Mapping[int, InputChannel]) -> int | None:
    """Return the channel that a recorder's read is of, None where none fits.

    Its number counts, then what the document says of the camera: its serial number,
    or its name where only one channel has it (reference 1.9).
    """
    if read.channel in inputs:
        return read.channel
    by_serial = [
        number
        for number, channel in inputs.items()
        if channel.serial_number and channel.serial_number in (read.device_uuid or "")
    ]
    by_name = [
        number
        for number, channel in inputs.items()
        if channel.name and channel.name == read.channel_name
    ]
    for found in (by_serial, by_name):
        if len(found) == 1:
            return found[0]
    return None
