"""Hold what a recorder knows of the cameras behind it (reference 8.1, 8.2)."""

from dataclasses import dataclass, field
from enum import StrEnum

from .passage import Passage
from .profiles import Profile


class Addressing(StrEnum):
    """Name the ways in which recorders say which channel an event is of."""

    DYNAMIC = "dynamic"  # dynChannelID alone
    OFFSET = "offset"  # channelID counts digital channels from 33
    BOTH = "both"
    PLAIN = "plain"  # channelID is the channel's own number
    WRONG = "wrong"  # a number that no channel has


@dataclass(slots=True, kw_only=True)
class RecorderChannel:
    """Describe one camera as its recorder sees it.

    Attributes:
        number: The channel, from 1.
        profile: The camera's model; it reads plates if it has a dialect.
        address: Where the recorder reaches it; several may share one behind a NAT.
        manage_port: Its port there.
        serial_number: What the recorder knows of it; may be empty or a double.
        online: None leaves the channel out of the list of states.
    """

    number: int
    profile: Profile
    name: str
    address: str
    manage_port: int = 8000
    serial_number: str = ""
    online: bool | None = True


@dataclass(slots=True)
class Recorder:
    """Hold the channels of a recorder and the pictures that it keeps for clients.

    Attributes:
        pictures_as_urls: Whether events name addresses on the recorder in place of
            bringing pictures along.
        passes_settings: Whether the linkage of cameras can be read and set through it.
        says_which_read_plates: Whether it answers for a channel's vehicle detection.
        shelf: Pictures by the name in their address.
    """

    channels: dict[int, RecorderChannel] = field(default_factory=dict)
    analogue: int = 0
    addressing: Addressing = Addressing.DYNAMIC
    pictures_as_urls: bool = False
    passes_settings: bool = False
    says_which_read_plates: bool = True
    shelf: dict[str, bytes] = field(default_factory=dict)

    def numbers(self, channel: int) -> dict[str, str | None]:
        """Return the elements by which an event names a channel."""
        match self.addressing:
            case Addressing.DYNAMIC:
                return {"channelID": None, "dynChannelID": str(channel)}
            case Addressing.OFFSET:
                return {"channelID": str(32 + channel), "dynChannelID": None}
            case Addressing.BOTH:
                return {"channelID": str(32 + channel), "dynChannelID": str(channel)}
            case Addressing.PLAIN:
                return {"channelID": str(channel), "dynChannelID": None}
            case Addressing.WRONG:
                return {"channelID": None, "dynChannelID": str(900 + channel)}

    def keep(self, passage: Passage) -> dict[str, str]:
        """Keep the pictures of a passage, and return their names by kind."""
        names = {
            picture.kind: f"{passage.uuid}-{picture}.jpg" for picture in passage.jpegs
        }
        for picture, jpeg in passage.jpegs.items():
            self.shelf[names[picture.kind]] = jpeg
        return names
