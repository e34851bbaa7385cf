"""Test that refused and locked logins are not tried again."""

import pytest

from custom_components.hikvision_anpr.isapi.errors import (
    AccountLockedError,
    AuthenticationError,
)
from custom_components.hikvision_anpr.isapi.login import Credentials, LoginGuard

OLD = Credentials(username="gate", password="old")
NEW = Credentials(username="gate", password="new")


class Clock:
    """Count seconds as a test says."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """Stop the time."""
    return Clock()


@pytest.fixture
def guard(clock: Clock) -> LoginGuard:
    """Guard an account."""
    return LoginGuard(clock)


def test_password_is_not_shown() -> None:
    """A password does not reach a log."""
    assert "old" not in repr(OLD)
    assert "gate" in repr(OLD)


def test_nothing_known_admits(guard: LoginGuard) -> None:
    """Let anybody try who was not refused."""
    guard.admit(OLD)


def test_refusal_stops_its_credentials_alone(guard: LoginGuard) -> None:
    """Stop what was refused, and admit what the user typed since."""
    error = AuthenticationError("refused", attempts_left=4, path="/x", status=401)
    guard.refused(OLD, error)
    guard.admit(NEW)
    guard.refused(NEW, AuthenticationError("refused", attempts_left=3))
    with pytest.raises(AuthenticationError) as raised:
        guard.admit(OLD)
    assert raised.value.attempts_left == 4


def test_refusal_outlasts_another_login(guard: LoginGuard) -> None:
    """Keep a refusal although somebody else was let in."""
    guard.refused(OLD, AuthenticationError("refused"))
    guard.accepted()
    with pytest.raises(AuthenticationError):
        guard.admit(OLD)


def test_user_forgets_refusals(guard: LoginGuard) -> None:
    """Try again what the user typed again."""
    guard.refused(OLD, AuthenticationError("refused"))
    guard.user_acted()
    guard.admit(OLD)


def test_refusal_is_raised_afresh(guard: LoginGuard) -> None:
    """Raise a remembered refusal often without its traceback growing."""
    guard.refused(OLD, AuthenticationError("refused"))
    lengths = set()
    for _ in range(3):
        with pytest.raises(AuthenticationError) as raised:
            guard.admit(OLD)
        lengths.add(len(raised.traceback))
    assert len(lengths) == 1


def test_timed_lock_counts_down_and_ends(guard: LoginGuard, clock: Clock) -> None:
    """Stop everybody for as long as the device said, and then nobody."""
    guard.locked(AccountLockedError("locked", unlock_seconds=210, status=401))
    clock.seconds = 60
    with pytest.raises(AccountLockedError) as raised:
        guard.admit(NEW)
    assert raised.value.unlock_seconds == 150
    assert raised.value.status == 401
    clock.seconds = 210
    guard.admit(NEW)


def test_user_may_try_a_locked_device(guard: LoginGuard) -> None:
    """Let the user try: the lock may have been taken away at the device."""
    guard.locked(AccountLockedError("locked", unlock_seconds=210))
    guard.user_acted()
    guard.admit(NEW)


def test_lock_without_end_lasts_half_an_hour(guard: LoginGuard, clock: Clock) -> None:
    """Stop everybody for as long as such locks usually last."""
    guard.locked(AccountLockedError("locked"))
    clock.seconds = 1799
    with pytest.raises(AccountLockedError) as raised:
        guard.admit(OLD)
    assert raised.value.unlock_seconds == 1
    clock.seconds = 1800
    guard.admit(OLD)


def test_accepted_login_ends_a_lock(guard: LoginGuard) -> None:
    """Believe a device that lets somebody in."""
    guard.locked(AccountLockedError("locked", unlock_seconds=210))
    guard.accepted()
    guard.admit(OLD)


def test_lock_comes_before_a_refusal(guard: LoginGuard, clock: Clock) -> None:
    """Report the lock while it lasts, and the refusal from then on."""
    guard.refused(OLD, AuthenticationError("refused"))
    guard.locked(AccountLockedError("locked", unlock_seconds=10))
    with pytest.raises(AccountLockedError):
        guard.admit(OLD)
    clock.seconds = 11
    with pytest.raises(AuthenticationError):
        guard.admit(OLD)


def test_colon_in_the_user_name(guard: LoginGuard) -> None:
    """Refuse a user name that Digest cannot carry."""
    with pytest.raises(AuthenticationError, match="colon"):
        guard.admit(Credentials(username="ga:te", password="x"))
