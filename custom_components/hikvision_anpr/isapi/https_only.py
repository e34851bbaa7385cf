"""Find out that a device speaks HTTPS alone, after plain HTTP was refused."""

from dataclasses import replace
from http import HTTPStatus
from typing import Final

from aiohttp import ClientConnectorError

from .client import IsapiClient
from .errors import IsapiError

_LEADS_ON: Final = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}


async def async_is_https_only(
    client: IsapiClient, error: IsapiError, port: int
) -> bool:
    """Tell whether a device that answered with an error would answer over HTTPS.

    It is asked without a login, and only where plain HTTP was refused or led on: one
    that is away is not asked again.
    """
    if client.address.ssl or not (_is_refused(error) or error.status in _LEADS_ON):
        return False
    address = replace(client.address, ssl=True, port=port, verify_ssl=False)
    try:
        return await client.at(address).activation() is not None
    except IsapiError:
        return False


def _is_refused(error: IsapiError) -> bool:
    """Tell whether nobody listens at the port."""
    cause = error.__cause__
    return isinstance(cause, ClientConnectorError) and isinstance(
        cause.os_error, ConnectionRefusedError
    )
