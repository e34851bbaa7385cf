"""Name what can go wrong between us and a device, one class for each reaction."""

from typing import Final, override


class IsapiError(Exception):
    """Report that a request to a device did not do what it was sent for.

    `path` is the requested path; `status` the HTTP status, `sub_status` the
    device's own subStatusCode (reference 10), each None where there was none.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        status: int | None = None,
        sub_status: str | None = None,
    ) -> None:
        """Keep what the device said beside the message."""
        super().__init__(message)
        self.path = path
        self.status = status
        self.sub_status = sub_status

    @override
    def __str__(self) -> str:
        """Say the message and the device's own word for it."""
        said = f" ({self.sub_status})" if self.sub_status else ""
        return f"{self.args[0]}{said}"


class AuthenticationError(IsapiError):
    """Report that the device refused user name or password.

    No further attempt is made until the user acts: devices lock the account
    after a few (reference 9.2). `attempts_left` is what the device says, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        attempts_left: int | None = None,
        path: str | None = None,
        status: int | None = None,
        sub_status: str | None = None,
    ) -> None:
        """Keep how many attempts the device still grants."""
        super().__init__(message, path=path, status=status, sub_status=sub_status)
        self.attempts_left = attempts_left


class AccountLockedError(IsapiError):
    """Report that the device locked the account after bad logins.

    A locked account answers 401 to the right password too (reference 9.2).
    `unlock_seconds` counts from now; None where the device does not say.
    """

    def __init__(
        self,
        message: str,
        *,
        unlock_seconds: int | None = None,
        path: str | None = None,
        status: int | None = None,
        sub_status: str | None = None,
    ) -> None:
        """Keep how long the lock lasts."""
        super().__init__(message, path=path, status=status, sub_status=sub_status)
        self.unlock_seconds = unlock_seconds


class ForbiddenError(IsapiError):
    """Report that the user lacks the right (lowPrivilege), not the password."""


class NotActivatedError(IsapiError):
    """Report that the device is in factory state, without a password."""


class NotSupportedError(IsapiError):
    """Report that this model or firmware does not have what was asked for."""


class UnreadableListError(NotSupportedError):
    """Report that the device takes plates for its list and does not show it."""


class BusyError(IsapiError):
    """Report that the device is overloaded, starting or being upgraded."""


class StreamSlotsFullError(BusyError):
    """Report that other clients use every event stream of the device."""


class UnreachableError(IsapiError):
    """Report that no answer came: wrong address, network down, or silence."""


class CertificateError(UnreachableError):
    """Report that the device's TLS certificate is not trusted."""


class BadAnswerError(IsapiError):
    """Report an answer that is no ISAPI, or makes no sense."""


class RejectedError(IsapiError):
    """Report that the device refused the content of our request."""


class RebootRequiredError(IsapiError):
    """Report that the device stored a setting that acts after a reboot only."""


class NoFreeSlotError(IsapiError):
    """Report that other systems use every slot that a device delivers to.

    `occupants` says where each slot leads.
    """

    def __init__(self, message: str, *, occupants: tuple[str, ...] = ()) -> None:
        """Keep who has the slots."""
        super().__init__(message)
        self.occupants = occupants


class SlotChangedError(IsapiError):
    """Report that a slot is no longer what it was when its change was planned."""


class ListFullError(IsapiError):
    """Report that no more plates fit into the device's list."""


class ListNotChangedError(IsapiError):
    """Report that the device said OK and its list is as it was (traps 63, 69)."""


class DocumentChangedError(IsapiError):
    """Report that a document is no longer the one that was read before."""


class NotTakenError(IsapiError):
    """Report that the device said OK to a setting and has another one all the same."""


NOT_TOLD: Final = (BadAnswerError, ForbiddenError, NotSupportedError, RejectedError)
"""What a device answers that does not have what it is asked for, or does not tell."""
