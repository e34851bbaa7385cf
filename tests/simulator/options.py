"""The options that tests start a camera with."""

import ssl
from typing import TypedDict

from simulator import ListeningSettings, PictureSettings, PlatesSettings


class CameraOptions(TypedDict, total=False):
    """Name the keyword arguments of SimulatedCamera."""

    username: str
    password: str
    heartbeat_seconds: float
    stream_slots: int
    pictures: PictureSettings
    plates: PlatesSettings
    listening: ListeningSettings
    seed: int
    ssl_context: ssl.SSLContext
