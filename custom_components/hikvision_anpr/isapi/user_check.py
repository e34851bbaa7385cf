"""Log in where a device says most about a login that it refuses."""

from contextlib import suppress
from http import HTTPStatus
from typing import Final

from .client import IsapiClient
from .device import DeviceInfo, async_get_device_info
from .errors import NOT_TOLD, BusyError, NotActivatedError

USER_CHECK: Final = "/ISAPI/Security/userCheck"


async def async_check_user(client: IsapiClient) -> None:
    """Log in at userCheck, whether or not the device has it.

    It alone says how many attempts are left and how long a lock lasts: a locked
    account looks like a wrong password everywhere else (reference 9.2). Devices
    answer 500 for what they lack as well (trap 79). Raises AuthenticationError,
    AccountLockedError, BusyError and UnreachableError.
    """
    try:
        with suppress(*NOT_TOLD):
            await client.get(USER_CHECK)
    except BusyError as error:
        if error.status != HTTPStatus.INTERNAL_SERVER_ERROR:
            raise


async def async_stay_logged_in(client: IsapiClient) -> None:
    """Let a command in the next seconds find a connection and a login.

    Raises the family of IsapiError.
    """
    with suppress(*NOT_TOLD):
        await client.keep_ready(USER_CHECK)


async def async_log_in(client: IsapiClient) -> DeviceInfo:
    """Log in and ask a device what it is.

    Raises NotActivatedError before any login to a device in factory state, else
    the family of IsapiError.
    """
    if await client.activation() is False:
        raise NotActivatedError("The device is not activated")
    await async_check_user(client)
    return await async_get_device_info(client)
