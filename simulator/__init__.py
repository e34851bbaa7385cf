"""Hikvision number-plate cameras on loopback, for the demo and the tests."""

from .barrier import Barrier, BarrierInterface
from .camera import SimulatedCamera
from .faults import Fault
from .listening.host import ListeningHost
from .listening.post import Post
from .listening.settings import ListeningSettings, PostShape
from .nvr import SimulatedNvr
from .passage import Passage, Picture
from .pictures import SMALL, PictureSettings
from .plates_table import CaptureTime, KeptPlate, PlatesSettings
from .profiles import (
    DEEPINVIEW,
    DS_2CD4A26,
    ENTRANCE,
    NOT_ACTIVATED,
    NVR,
    PLAIN_CAMERA,
    PROFILES,
    Profile,
)
from .recorder import Addressing, Recorder, RecorderChannel
from .sadp import SadpResponder

__all__ = [
    "DEEPINVIEW",
    "DS_2CD4A26",
    "ENTRANCE",
    "NOT_ACTIVATED",
    "NVR",
    "PLAIN_CAMERA",
    "PROFILES",
    "SMALL",
    "Addressing",
    "Barrier",
    "BarrierInterface",
    "CaptureTime",
    "Fault",
    "KeptPlate",
    "ListeningHost",
    "ListeningSettings",
    "Passage",
    "Picture",
    "PictureSettings",
    "PlatesSettings",
    "Post",
    "PostShape",
    "Profile",
    "Recorder",
    "RecorderChannel",
    "SadpResponder",
    "SimulatedCamera",
    "SimulatedNvr",
]
