"""Say what a model's listening hosts and its POSTs are like (reference 3.2, 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from simulator.answers import NOT_SUPPORT, Status
from simulator.multipart import XML_TYPE

#: What an unused slot says besides the elements that every model has.
_BROKEN: Final = {"httpBroken": "false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostShape:
    """Say what a model's POSTs look like on the wire.

    Attributes:
        boundary: The boundary, without the dashes before it.
        headers: The headers in their order.
        document_type: The Content-Type of the event's part.
        named_by_id: Whether picture parts are named by pId; else by file name.
    """

    boundary: str = "boundary"
    headers: tuple[str, ...] = ("Content-Type", "Host", "Connection", "Content-Length")
    document_type: str = XML_TYPE
    named_by_id: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningSettings:
    """Say what a model's httpHosts are like, and how it posts.

    Attributes:
        slots: How many hosts there are.
        slot_refusal: What requests about one slot are answered by a model that only
            knows the whole list; None: it knows each slot.
        tests: Whether the device can test a host.
        refuses_with_200: Whether refusals come with HTTP 200 (reference 10.4).
        refuses_self_closed: Whether <userName/> is refused.
        options_in_get: Whether what is read carries opt attributes, which must not
            come back.
        url_length: Characters of the longest url.
        formats: What parameterFormatType may be.
        authentications: What httpAuthenticationMethod may be.
        picture_types: What detectionUpLoadPicturesType may be; empty: no such element.
        longest_heartbeat: Largest SubscribeEvent/heartbeat in seconds; None: any.
        extras: Further elements of a slot that is not in use.
        shape: What the POSTs look like.
        answer_seconds: How long the device waits for a connection and an answer.
        retry_seconds: Pause after which it tries to upload what a host did not take.
    """

    slots: int = 3
    slot_refusal: Status | None = None
    tests: bool = True
    refuses_with_200: bool = False
    refuses_self_closed: bool = False
    options_in_get: bool = False
    url_length: int = 128
    formats: tuple[str, ...] = ("XML", "JSON", "querystring")
    authentications: tuple[str, ...] = ("MD5digest", "none")
    picture_types: tuple[str, ...] = ()
    longest_heartbeat: int | None = None
    extras: Mapping[str, str] = field(default_factory=lambda: _BROKEN)
    shape: PostShape = PostShape()
    answer_seconds: float = 10
    retry_seconds: float = 30


PLAIN_LISTENING: Final = ListeningSettings()

#: Which models refuse what is not public; these are spread so that each is met.
DEEPINVIEW_LISTENING: Final = ListeningSettings(
    refuses_self_closed=True,
    options_in_get=True,
    picture_types=("all", "licensePlatePicture", "detectionPicture"),
)

OLD_LISTENING: Final = ListeningSettings(
    slots=1,
    slot_refusal=NOT_SUPPORT,
    tests=False,
    picture_types=("all", "licensePlatePicture", "detectionPicture"),
)

ENTRANCE_LISTENING: Final = ListeningSettings(
    slots=2,
    refuses_with_200=True,
    authentications=("MD5digest", "none", "basic"),
    picture_types=("all", "licensePlate", "detection", "none"),
    longest_heartbeat=30,
    extras={
        "enabled": "true",
        "checkResponseEnabled": "false",
        "videoUploadEnabled": "false",
    },
    shape=PostShape(
        boundary="-------------------------7e13971310878",
        headers=("Accept", "Content-Length", "Content-Type", "Host", "User-Agent"),
        document_type="application/xml",
        named_by_id=True,
    ),
)
