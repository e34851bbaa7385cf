"""Register the HTTP views once."""

import logging
from typing import Final

from homeassistant.components.http import HomeAssistantView
from homeassistant.core import HomeAssistant, callback

from .file_link import FileView
from .picture_view import PictureView

_LOGGER = logging.getLogger(__name__)

VIEWS: Final[tuple[type[HomeAssistantView], ...]] = (FileView, PictureView)


@callback
def async_setup_views(hass: HomeAssistant) -> None:
    """Register all views.

    A web server that takes no more of them, as test clients start it, must not keep
    plates from being read.
    """
    if hass.http.app.router.frozen:
        _LOGGER.warning("The web server takes no more views: pictures are not served")
        return
    for view in VIEWS:
        hass.http.register_view(view)
