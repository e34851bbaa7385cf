"""Map errors of devices and of the archive to Home Assistant exceptions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
    PlatformNotReady,
    ServiceValidationError,
)
from homeassistant.helpers.update_coordinator import UpdateFailed

from .archive.errors import ArchiveError, SearchError
from .archive.file_error import FileError
from .const import DOMAIN
from .isapi.detection_scenes import RegionCountError
from .isapi.errors import (
    AccountLockedError,
    AuthenticationError,
    BadAnswerError,
    BusyError,
    CertificateError,
    DocumentChangedError,
    ForbiddenError,
    IsapiError,
    ListFullError,
    ListNotChangedError,
    NoFreeSlotError,
    NotActivatedError,
    NotSupportedError,
    NotTakenError,
    RebootRequiredError,
    RejectedError,
    SlotChangedError,
    StreamSlotsFullError,
    UnreachableError,
)
from .isapi.shape_problems import ShapeProblem, ShapeProblemError
from .isapi.shapes import PointCountError
from .isapi.stored_document import NotOfferedError, UnknownSettingError
from .isapi.written_documents import PartlyWrittenError, Reason
from .vehicles.errors import VehicleError

_KEYS: Final[dict[type[IsapiError], str]] = {
    AuthenticationError: "invalid_auth",
    AccountLockedError: "account_locked",
    ForbiddenError: "forbidden",
    NotActivatedError: "not_activated",
    NotSupportedError: "not_supported",
    BusyError: "device_busy",
    StreamSlotsFullError: "streams_full",
    UnreachableError: "cannot_connect",
    CertificateError: "certificate_not_trusted",
    BadAnswerError: "not_hikvision",
    RejectedError: "rejected",
    RebootRequiredError: "reboot_required",
    NoFreeSlotError: "no_free_slot",
    SlotChangedError: "slot_changed",
    DocumentChangedError: "document_changed",
    ListFullError: "list_full",
    ListNotChangedError: "list_not_changed",
    NotTakenError: "not_taken",
    PartlyWrittenError: "partly_written",
}

_PROBLEMS: Final[dict[ShapeProblem, str]] = {
    "too_few_points": "shape_too_few_points",
    "too_many_points": "shape_too_many_points",
    "point_outside": "shape_point_outside",
    "lines_cross": "shape_lines_cross",
    "too_narrow": "shape_too_narrow",
    "no_length": "shape_no_length",
    "lane_too_narrow": "shape_lane_too_narrow",
    "lane_lines_cross": "shape_lane_lines_cross",
    "trigger_outside": "shape_trigger_outside",
}


def error_key(error: IsapiError) -> str:
    """Return the translation key that says what went wrong."""
    if isinstance(error, AccountLockedError) and error.unlock_seconds is None:
        return "account_locked_for_a_while"
    return next(_KEYS[cls] for cls in type(error).__mro__ if cls in _KEYS)


def error_placeholders(error: IsapiError, host: str) -> dict[str, str]:
    """Return the values for the texts of an error; times are minutes, rounded up."""
    placeholders = {"host": host}
    if isinstance(error, AccountLockedError) and error.unlock_seconds is not None:
        placeholders["minutes"] = str(-(-error.unlock_seconds // 60))
    if isinstance(error, PartlyWrittenError):
        placeholders["written"] = ", ".join(error.written)
        placeholders["failed"] = ", ".join(error.failed)
        placeholders["reason"] = _in_words(error.reason, host)
    return placeholders


def _in_words(error: Reason | None, host: str) -> str:
    """Return the text of an error."""
    if isinstance(error, UnknownSettingError):
        return str(setting_error(error))
    return str(action_error(error, host)) if error else ""


def setup_error(error: IsapiError, host: str) -> HomeAssistantError:
    """Return what `async_setup_entry` raises for an error of the device.

    A refused login asks the user; what cannot mend itself stops; all else is
    tried again.
    """
    kind: type[ConfigEntryAuthFailed | ConfigEntryError | ConfigEntryNotReady]
    if isinstance(error, AuthenticationError):
        kind = ConfigEntryAuthFailed
    elif isinstance(error, ForbiddenError | NotActivatedError | CertificateError):
        kind = ConfigEntryError
    else:
        kind = ConfigEntryNotReady
    return kind(
        translation_domain=DOMAIN,
        translation_key=error_key(error),
        translation_placeholders=error_placeholders(error, host),
    )


def action_error(error: IsapiError, host: str) -> HomeAssistantError:
    """Return what an action of the user raises for an error of the device."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=error_key(error),
        translation_placeholders=error_placeholders(error, host),
    )


@contextmanager
def errors_told(host: str) -> Iterator[None]:
    """Raise for an error of a device what the user of an action is told."""
    try:
        yield
    except UnknownSettingError as error:
        raise setting_error(error) from error
    except IsapiError as error:
        raise action_error(error, host) from error


def platform_error(error: IsapiError, host: str) -> PlatformNotReady:
    """Return what a platform raises where a device cannot be asked for its entities."""
    return PlatformNotReady(
        translation_domain=DOMAIN,
        translation_key=error_key(error),
        translation_placeholders=error_placeholders(error, host),
    )


def update_error(error: IsapiError, host: str) -> UpdateFailed:
    """Return what is raised where a device does not tell what is asked for regularly."""
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=error_key(error),
        translation_placeholders=error_placeholders(error, host),
    )


def setting_error(error: UnknownSettingError) -> ServiceValidationError:
    """Return what is raised for a setting that a device has no place for.

    The same for a value that it does not offer, and for what cannot be drawn.
    """
    key, placeholders = _setting_text(error)
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def _setting_text(error: UnknownSettingError) -> tuple[str, dict[str, str]]:
    """Return the key and the placeholders for an error of a setting."""
    match error:
        case NotOfferedError():
            said = {"setting": error.setting, "value": error.value}
            return "value_not_offered", said
        case RegionCountError():
            return "region_count", {"scene": error.setting, "count": str(error.count)}
        case PointCountError():
            return "point_count", {"shape": error.setting, "count": str(error.count)}
        case ShapeProblemError():
            return _PROBLEMS[error.problem], {"shape": error.setting}
    return "setting_unknown", {"setting": error.setting}


def archive_error(error: ArchiveError) -> HomeAssistantError:
    """Return what a search or a change of the archive raises for the user."""
    if isinstance(error, SearchError):
        return ServiceValidationError(
            translation_domain=DOMAIN, translation_key=error.key
        )
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key="archive_unavailable"
    )


@contextmanager
def centre_errors_told() -> Iterator[None]:
    """Raise for an error of the archive, a vehicle or a file what the user is told."""
    try:
        yield
    except ArchiveError as error:
        raise archive_error(error) from error
    except VehicleError as error:
        raise vehicle_error(error) from error
    except FileError as error:
        raise file_error(error) from error


def vehicle_error(error: VehicleError) -> ServiceValidationError:
    """Return what is raised for a vehicle that cannot be kept as it is given."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=error.problem,
        translation_placeholders=error.placeholders,
    )


def file_error(error: FileError) -> ServiceValidationError:
    """Return what is raised for a file that cannot be taken."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=error.problem,
        translation_placeholders=error.placeholders,
    )
