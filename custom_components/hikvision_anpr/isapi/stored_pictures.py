"""Fetch the pictures that a device has stored (reference 4.2, 8.2, 8.3)."""

from typing import Final
from xml.sax.saxutils import escape

from .client import IsapiClient
from .errors import BadAnswerError, NotSupportedError, RejectedError

_DOWNLOAD: Final = "/ISAPI/ContentMgmt/download"
_REQUEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    "<downloadRequest><playbackURI>{}</playbackURI></downloadRequest>"
)
_ON_DISK: Final = "/Streaming/tracks/"
_JPEG: Final = b"\xff\xd8"


async def async_get_picture(client: IsapiClient, address: str) -> bytes:
    """Return a picture, a JPEG, by the address that a device names.

    What a search found is fetched by its address, or by the device's download where
    it does not answer there: models know the one, the other, or both. Raises the
    errors of the client; BadAnswerError for what is no JPEG.
    """
    try:
        return _jpeg(await client.get_bytes(address), address)
    except BadAnswerError, NotSupportedError, RejectedError:
        if _ON_DISK not in address:
            raise
    # Addresses are escaped, as in all XML (trap 61).
    request = _REQUEST.format(escape(address)).encode()
    return _jpeg(await client.get_bytes(_DOWNLOAD, request), _DOWNLOAD)


def _jpeg(data: bytes, path: str) -> bytes:
    """Return what is a JPEG. Raises BadAnswerError."""
    if not data.startswith(_JPEG):
        raise BadAnswerError("The device's picture is none", path=path)
    return data
