"""What a device answers, one module a service; ROUTES is all of it."""

from .barrier import ROUTES as BARRIER
from .content import ROUTES as CONTENT
from .display import ROUTES as DISPLAY
from .event import ROUTES as EVENT
from .http_hosts import ROUTES as HTTP_HOSTS
from .image import ROUTES as IMAGE
from .io import ROUTES as IO
from .list_file import ROUTES as LIST_FILE
from .plate_lists import ROUTES as PLATE_LISTS
from .plates import ROUTES as PLATES
from .record_track import ROUTES as RECORD_TRACK
from .recorder import ROUTES as RECORDER
from .route import Route
from .security import ROUTES as SECURITY
from .storage import ROUTES as STORAGE
from .system import ROUTES as SYSTEM
from .traffic import ROUTES as TRAFFIC
from .vcl import ROUTES as VCL
from .video import ROUTES as VIDEO

__all__ = ["RECORDER_ROUTES", "ROUTES", "Route"]

_STORED = (*STORAGE, *CONTENT, *RECORD_TRACK)
_EVERYBODY = (*SYSTEM, *SECURITY, *IO, *EVENT, *HTTP_HOSTS, *_STORED)
ROUTES = (
    *_EVERYBODY,
    *VIDEO,
    *IMAGE,
    *TRAFFIC,
    *PLATES,
    *PLATE_LISTS,
    *LIST_FILE,
    *VCL,
    *BARRIER,
    *DISPLAY,
)
RECORDER_ROUTES = (*_EVERYBODY, *RECORDER)
