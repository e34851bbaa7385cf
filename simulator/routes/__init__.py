"""What a device answers, one module a service; ROUTES is all of it."""

from .event import ROUTES as EVENT
from .http_hosts import ROUTES as HTTP_HOSTS
from .io import ROUTES as IO
from .plates import ROUTES as PLATES
from .route import Route
from .security import ROUTES as SECURITY
from .storage import ROUTES as STORAGE
from .system import ROUTES as SYSTEM
from .traffic import ROUTES as TRAFFIC
from .video import ROUTES as VIDEO

__all__ = ["ROUTES", "Route"]

ROUTES = (
    *SYSTEM,
    *SECURITY,
    *IO,
    *VIDEO,
    *EVENT,
    *HTTP_HOSTS,
    *TRAFFIC,
    *PLATES,
    *STORAGE,
)
