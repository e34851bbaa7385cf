"""Ask for digest logins and judge them, as the devices do (RFC 7616, reference 9.2)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
import hashlib
import re
import secrets
from typing import Final, Literal

#: The 178 bytes that stand behind every challenge (reference 2.1).
CHALLENGE_PAGE: Final = (
    b"<!DOCTYPE html>\n<html><head><title>Document Error: Unauthorized</title></head>\n"
    b"<body><h2>Access Error: 401 -- Unauthorized</h2>\n<p>Authentication needed</p>"
    b"</body></html>\n"
).ljust(178)

_FIELD: Final = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')

#: The standard library's names of the algorithms.
_HASHES: Final = {"MD5": "md5", "SHA-256": "sha256"}


class Level(Enum):
    """Name what a user may do (reference 0.4)."""

    ADMINISTRATOR = "Administrator"
    OPERATOR = "Operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Describe an account of the device."""

    name: str
    password: str
    level: Level = Level.ADMINISTRATOR


class Verdict(Enum):
    """Say how a login was judged."""

    ACCEPTED = "accepted"
    MISSING = "missing"
    STALE = "stale"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Hold a verdict and, when there is one, the user it is about."""

    verdict: Verdict
    user: User | None = None


@dataclass(slots=True)
class _Failures:
    """Count the wrong logins of one source or account."""

    count: int = 0
    locked_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class DigestGuard:
    """Keep the accounts of a device, its nonces and its lock.

    Attributes:
        realm: The realm of every challenge.
        users: The accounts by name.
        algorithms: The algorithms offered, best first; MD5 is offered by leaving the
            directive out, as the devices do.
        lock_by: Whether wrong logins lock the account or the address they come from.
        max_failures: Wrong logins in a row that lock.
        lock_time: How long a lock lasts.
        nonce_time: How long a nonce is good; then the answer is stale="TRUE".
        failures: Number of wrong logins judged so far.
    """

    realm: str
    users: dict[str, User]
    algorithms: tuple[Literal["MD5", "SHA-256"], ...] = ("MD5",)
    lock_by: Literal["account", "source"] = "account"
    max_failures: int = 5
    lock_time: timedelta = timedelta(minutes=30)
    nonce_time: timedelta = timedelta(minutes=10)
    failures: int = 0
    _nonces: dict[str, datetime] = field(default_factory=dict)
    _failed: dict[str, _Failures] = field(default_factory=dict)

    def challenges(self, *, stale: bool = False) -> list[str]:
        """Return the values of the WWW-Authenticate headers, with a fresh nonce."""
        nonce = secrets.token_hex(24)
        self._nonces[nonce] = datetime.now(UTC)
        told = "TRUE" if stale else "FALSE"
        return [
            f'Digest qop="auth", realm="{self.realm}", nonce="{nonce}", stale="{told}"'
            + ("" if algorithm == "MD5" else f", algorithm={algorithm}")
            for algorithm in self.algorithms
        ]

    def judge(self, method: str, target: str, header: str, source: str) -> Judgement:
        """Judge one request's login, and remember it when it is wrong.

        Args:
            method: The request's method.
            target: The request target as sent, query included.
            header: The Authorization header; empty when there is none.
            source: The address that the request comes from.
        """
        scheme, _, rest = header.partition(" ")
        if scheme.lower() != "digest":
            return Judgement(Verdict.MISSING)
        fields = _fields(rest)
        key = self.key(header, source)
        if self.unlock_time(key):
            return Judgement(Verdict.LOCKED)
        user = self.users.get(fields.get("username", ""))
        if user is None or not self._answers(fields, user, method, target):
            self._fail(key)
            return Judgement(Verdict.WRONG, user)
        if not self._is_fresh(fields["nonce"]):
            return Judgement(Verdict.STALE, user)
        self._failed.pop(key, None)
        return Judgement(Verdict.ACCEPTED, user)

    def key(self, header: str, source: str) -> str:
        """Return what a request's wrong logins are counted under."""
        if self.lock_by == "source":
            return source
        return _fields(header).get("username", "")

    def unlock_time(self, key: str) -> int:
        """Return the seconds until a locked account or source is free; 0 when it is."""
        failed = self._failed.get(key)
        if failed is None or failed.locked_until is None:
            return 0
        left = (failed.locked_until - datetime.now(UTC)).total_seconds()
        if left <= 0:
            del self._failed[key]
        return max(0, round(left))

    def attempts_left(self, key: str) -> int:
        """Return how many more wrong logins the account or source has."""
        failed = self._failed.get(key)
        return self.max_failures - (failed.count if failed else 0)

    def expire_nonces(self) -> None:
        """Make every nonce given out so far a stale one."""
        self._nonces.clear()

    def unlock(self) -> None:
        """Forget every wrong login."""
        self._failed.clear()

    def _fail(self, key: str) -> None:
        """Count one wrong login, and lock after the last one allowed."""
        self.failures += 1
        failed = self._failed.setdefault(key, _Failures())
        failed.count += 1
        if failed.count >= self.max_failures:
            failed.locked_until = datetime.now(UTC) + self.lock_time

    def _is_fresh(self, nonce: str) -> bool:
        """Tell whether the nonce is one of ours and still good."""
        given = self._nonces.get(nonce)
        return given is not None and datetime.now(UTC) - given < self.nonce_time

    def _answers(
        self, fields: dict[str, str], user: User, method: str, target: str
    ) -> bool:
        """Tell whether the response is the right one for this user and request."""
        algorithm = fields.get("algorithm", "MD5").upper()
        if algorithm not in self.algorithms or fields.get("uri") != target:
            return False
        expected = _response(_HASHES[algorithm], fields, user, self.realm, method)
        return secrets.compare_digest(expected, fields.get("response", ""))


def authorization(challenge: str, user: User, method: str, target: str) -> str:
    """Return what a device that posts answers to a challenge with qop auth (3.2).

    Args:
        challenge: The value of the WWW-Authenticate header.
        user: The account that the device was told.
        method: The request's method.
        target: What stands in the request line.
    """
    asked = _fields(challenge)
    realm = asked.get("realm", "")
    fields = {
        "username": user.name,
        "realm": realm,
        "nonce": asked.get("nonce", ""),
        "uri": target,
        "nc": "00000001",
        "cnonce": secrets.token_hex(8),
        "qop": "auth",
    }
    fields["response"] = _response("md5", fields, user, realm, method)
    if "opaque" in asked:
        fields["opaque"] = asked["opaque"]
    return "Digest " + ", ".join(f'{key}="{text}"' for key, text in fields.items())


def _fields(header: str) -> dict[str, str]:
    """Return the directives of an Authorization header."""
    return {found[1]: found[2] or found[3] or "" for found in _FIELD.finditer(header)}


def _response(
    hash_name: str,
    fields: dict[str, str],
    user: User,
    realm: str,
    method: str,
) -> str:
    """Return the response that the right password gives (RFC 7616, 3.4.1)."""

    def hexed(*parts: str) -> str:
        return hashlib.new(hash_name, ":".join(parts).encode()).hexdigest()

    secret = hexed(user.name, realm, user.password)
    request = hexed(method, fields["uri"])
    nonce = fields.get("nonce", "")
    if "qop" not in fields:
        return hexed(secret, nonce, request)
    counted = (fields.get("nc", ""), fields.get("cnonce", ""), fields["qop"])
    return hexed(secret, nonce, *counted, request)
