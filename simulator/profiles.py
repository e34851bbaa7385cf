"""The devices that can be simulated, each as its captures show it (reference 0.3)."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from .barrier import BarrierInterface
from .list_file_forms import FileForm
from .listening.settings import (
    DEEPINVIEW_LISTENING,
    ENTRANCE_LISTENING,
    OLD_LISTENING,
    PLAIN_LISTENING,
    ListeningSettings,
)
from .passage import Picture
from .plate_list import ListDialect
from .plates_table import NO_TABLE, CaptureTime, PlatesSettings

HIKVISION: Final = "http://www.hikvision.com/ver20/XMLSchema"
ISAPI: Final = "http://www.isapi.org/ver20/XMLSchema"


class Dialect(StrEnum):
    """Name the two ways in which cameras write an ANPR event (reference 1.11)."""

    DEEPINVIEW = "deepinview"
    ENTRANCE = "entrance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Describe one model of device.

    Attributes:
        name: The profile's name on the command line.
        dialect: How it writes ANPR events; None for a camera that reads no plates.
        event_prolog: Whether its events begin with an XML declaration.
        newline: Line end inside its documents.
        itc_paths: Where it answers what its traffic part can do (reference 7.1).
        list_triggers: Whether /ISAPI/Event/triggers answers; else HTTP 500.
        list_words: How it calls its lists in events (reference 1.4).
        list_dialect: How it takes records for its list; None without one.
        list_file: What its list is, where it gives and takes that as one file.
        pictures: The pictures of a passage, in the order of its document.
        plates: Its table of the plates that it read (reference 4.1); which model
            writes which captureTime is not public.
        listening: Its httpHosts, and how it posts to them (reference 3).
        linked_to_centre: Whether it left the factory with vehicle detection linked to
            the surveillance centre; without, it tells nobody (reference 3.3).
        linked_outputs: The output that a trigger switches, by what the trigger is for.
        short_schedule_ids: Whether it calls its arming schedules by the channel alone;
            two forms are known (reference 7.4).
        has_display: Whether it controls an LED display, and speaks (reference 11).
        image_periods: Whether it keeps its image settings of day and night apart.
        barrier: How it takes commands for a boom gate; None without one.
        reads_when_told: Whether it reads a plate at once when asked (reference 4.3).
        stream_slots: Alert streams it serves at once; the true number is not
            public (reference 13).
        scene_size: Width and height of its full picture in pixels.
    """

    name: str
    model: str
    serial_number: str
    mac_address: str
    device_id: str
    firmware_version: str
    firmware_released: str
    namespace: str = HIKVISION
    realm: str = "IP Camera(C2183)"
    device_name: str = "Gate"
    device_type: str = "IPCamera"
    activated: bool = True
    dialect: Dialect | None = None
    event_prolog: bool = False
    newline: str = "\r\n"
    itc_paths: tuple[str, ...] = ()
    list_triggers: bool = True
    list_words: dict[str, str] = field(default_factory=dict)
    plate_list_capacity: int = 0
    list_dialect: ListDialect | None = None
    list_file: FileForm = FileForm.CSV
    vca_resource: str = ""
    pictures: tuple[Picture, ...] = (Picture.PLATE, Picture.VEHICLE, Picture.SCENE)
    plates: PlatesSettings = NO_TABLE
    listening: ListeningSettings = PLAIN_LISTENING
    linked_to_centre: bool = True
    linked_outputs: dict[str, int] = field(default_factory=dict)
    short_schedule_ids: bool = False
    has_display: bool = False
    image_periods: bool = False
    barrier: BarrierInterface | None = None
    reads_when_told: bool = False
    stream_slots: int = 4
    inputs: int = 1
    outputs: int = 1
    scene_size: tuple[int, int] = (2560, 1440)

    def schedule_id(self, trigger: str) -> str:
        """Return how it calls the arming schedule of a trigger."""
        return "1" if self.short_schedule_ids else f"{trigger}-1"


DEEPINVIEW: Final = Profile(
    name="deepinview",
    model="iDS-2CD7A46G0/P-IZHS",
    serial_number="iDS-2CD7A46G0/P-IZHS20240117AAWRL41827365",
    mac_address="44:a6:42:00:5e:01",
    device_id="8f5c4000-2b90-11b2-8101-44a642005e01",
    firmware_version="V5.8.3",
    firmware_released="build 240612",
    dialect=Dialect.DEEPINVIEW,
    itc_paths=("/ISAPI/ITC/capability", "/ISAPI/ITC/capabilities"),
    list_words={"allow": "allowList", "block": "blockList", "": "otherList"},
    plate_list_capacity=10000,
    list_dialect=ListDialect.DEEPINVIEW,
    vca_resource="roadDetection",
    plates=PlatesSettings(),
    listening=DEEPINVIEW_LISTENING,
    image_periods=True,
    inputs=2,
    outputs=2,
)

ENTRANCE: Final = Profile(
    name="entrance",
    model="DS-TCG406-E",
    serial_number="DS-TCG406-E20240308AIFC4418206",
    mac_address="bc:5e:33:00:5e:02",
    device_id="1e43a4c0-1dd2-11b2-8002-bc5e33005e02",
    firmware_version="V5.5.0",
    firmware_released="build 250318",
    namespace=ISAPI,
    realm="IP CAPTURE CAMERA",
    device_name="IP CAPTURE CAMERA",
    dialect=Dialect.ENTRANCE,
    event_prolog=True,
    newline="\n",
    itc_paths=("/ISAPI/ITC/capabilities",),
    list_words={"allow": "white", "block": "black", "temporary": "temporary", "": ""},
    plate_list_capacity=5000,
    list_dialect=ListDialect.TCG,
    pictures=(Picture.PLATE, Picture.SCENE),
    listening=ENTRANCE_LISTENING,
    has_display=True,
    barrier=BarrierInterface.PARKING,
    reads_when_told=True,
    stream_slots=3,
    scene_size=(2688, 1520),
)

DS_2CD4A26: Final = Profile(
    name="ds_2cd4a26",
    model="DS-2CD4A26FWD-IZHS/P",
    serial_number="DS-2CD4A26FWD-IZHS/P20190304AAWRC73920114",
    mac_address="c4:2f:90:00:5e:03",
    device_id="88b12000-7c11-11b2-8103-c42f90005e03",
    firmware_version="V5.4.7",
    firmware_released="build 180914",
    realm="DS-2CD4A26FWD-IZHS/P",
    dialect=Dialect.DEEPINVIEW,
    itc_paths=("/ISAPI/ITC/capability",),
    list_triggers=False,
    linked_outputs={"vehicledetection": 1},
    short_schedule_ids=True,
    list_words={"allow": "whiteList", "block": "blackList", "": "otherList"},
    plate_list_capacity=2048,
    plates=PlatesSettings(capture_time=CaptureTime.OFFSET),
    listening=OLD_LISTENING,
    scene_size=(1920, 1080),
)

PLAIN_CAMERA: Final = Profile(
    name="plain_camera",
    model="DS-2CD2386G2-IU",
    serial_number="DS-2CD2386G2-IU20230521AAWRL55510092",
    mac_address="54:8c:81:00:5e:04",
    device_id="6aff4000-1f90-11b2-8204-548c81005e04",
    firmware_version="V5.7.18",
    firmware_released="build 240826",
    device_name="Yard",
    inputs=0,
    outputs=0,
    scene_size=(3840, 2160),
)

NVR: Final = Profile(
    name="nvr",
    model="DS-7616NXI-I2/16P/S",
    serial_number="DS-7616NXI-I2/16P/S1620230114CCRRL2410077",
    mac_address="24:32:ae:00:5e:05",
    device_id="48443830-3733-3032-3935-2432ae005e05",
    firmware_version="V5.02.006",
    firmware_released="build 240415",
    device_name="Recorder",
    device_type="NVR",
    stream_slots=6,
    inputs=4,
    outputs=1,
)

NOT_ACTIVATED: Final = replace(DEEPINVIEW, name="not_activated", activated=False)

PROFILES: Final = {
    profile.name: profile
    for profile in (DEEPINVIEW, ENTRANCE, DS_2CD4A26, PLAIN_CAMERA, NOT_ACTIVATED)
}


def numbered(profile: Profile, number: int) -> Profile:
    """Return the same model as another unit; unit 1 is the profile itself."""
    if number == 1:
        return profile
    head, tail = profile.serial_number[:-7], profile.serial_number[-7:]
    high, low = divmod(number - 1, 256)
    octets = profile.mac_address.split(":")
    octets[3] = f"{low:02x}"
    octets[4] = f"{int(octets[4], 16) ^ high:02x}"
    return replace(
        profile,
        serial_number=f"{head}{int(tail) + number - 1:07}",
        mac_address=":".join(octets),
        device_id=f"{profile.device_id[:-12]}{''.join(octets)}",
        device_name=f"{profile.device_name} {number}",
    )
