"""Find the cameras behind a recorder, and which of them are used."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .channel import channel_of
from .const import CONF_FOLLOWED
from .isapi.channels import InputChannel, async_get_channels, async_reads_plates
from .isapi.client import IsapiClient
from .isapi.plate_read import PlateRead


class Recorder:
    """Follow which channels a recorder has, and say which of them a read is of.

    Followed are those that the user chose, else those that read plates: by the
    recorder's word, by their model, or because a plate came.
    """

    def __init__(self, client: IsapiClient, options: Mapping[str, Any]) -> None:
        """Prepare to ask; nothing is known yet."""
        self.inputs: dict[int, InputChannel] = {}
        self.unknown: Counter[str] = Counter()
        self.yielded = 0
        self._client = client
        self._chosen: list[str] = options.get(CONF_FOLLOWED, [])
        self._proven: set[int] = set()

    @property
    def followed(self) -> tuple[int, ...]:
        """Return the channels that are followed."""
        if self._chosen:
            return tuple(one for one in self.inputs if str(one) in self._chosen)
        return tuple(
            number
            for number, channel in self.inputs.items()
            if channel.seems_to_read_plates or number in self._proven
        )

    async def async_ask(self) -> None:
        """Ask for the channels, and of each new one whether it reads plates.

        Raises the errors of the client.
        """
        known = self.inputs
        self.inputs = {
            channel.number: await self._with_answer(channel, known.get(channel.number))
            for channel in await async_get_channels(self._client)
        }

    async def _with_answer(
        self, channel: InputChannel, before: InputChannel | None
    ) -> InputChannel:
        """Return a channel with whether it reads plates, asked once for each camera."""
        if channel.reads_plates is not None:
            return channel
        if before and (before.serial_number, before.model) == (
            channel.serial_number,
            channel.model,
        ):
            return replace(channel, reads_plates=before.reads_plates)
        answer = await async_reads_plates(self._client, channel.number)
        return replace(channel, reads_plates=answer)

    def place(self, read: PlateRead) -> PlateRead | None:
        """Return a read as of its channel; None where no channel fits.

        A plate proves that its channel reads plates.
        """
        number = channel_of(read, self.inputs)
        if number is None:
            return None
        self._proven.add(number)
        return read if read.channel == number else replace(read, channel=number)
