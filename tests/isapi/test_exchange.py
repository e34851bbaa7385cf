"""Test what breaks on the wire: TLS, connections and HTTP itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
import ipaddress
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest

from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    CertificateError,
    IsapiError,
    UnreachableError,
)

from .conftest import MakeClient
from .web_server import RawServer, Script

INFO = "/ISAPI/System/deviceInfo"
GATE = "/ISAPI/Parking/channels/1/barrierGate"
CHALLENGE = (
    b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n"
    b'WWW-Authenticate: Digest qop="auth", realm="T", nonce="n", stale="FALSE"\r\n\r\n'
    b"<p/>\n"
)
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<DeviceInfo/>"

type StartRaw = Callable[..., Awaitable[tuple[RawServer, int]]]


@pytest.fixture
async def start_raw(socket_enabled: None) -> AsyncIterator[StartRaw]:
    """Return how to start a server that follows a script."""
    async with AsyncExitStack() as stack:

        async def start(
            script: Script, tls: ssl.SSLContext | None = None
        ) -> tuple[RawServer, int]:
            """Start a server, and return it and its port."""
            raw_server = RawServer(script=script, tls=tls)
            server = await stack.enter_async_context(await raw_server.start())
            stack.callback(server.close_clients)
            return raw_server, server.sockets[0].getsockname()[1]

        yield start


def answering(*answers: bytes) -> Script:
    """Return a script that challenges, and gives its answers to logins in turn."""
    remaining = list(answers)

    async def script(request: bytes, writer: asyncio.StreamWriter) -> None:
        """Answer a request; hang up where no answer remains."""
        if b"Authorization: Digest" not in request:
            writer.write(CHALLENGE)
        elif remaining:
            writer.write(remaining.pop(0))
        else:
            writer.close()

    return script


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """Sign a certificate as devices do, by themselves."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    now = datetime.now(UTC)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "camera.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_untrusted_certificate(
    start_raw: StartRaw, make_client: MakeClient, tls: ssl.SSLContext
) -> None:
    """Refuse a certificate nobody vouches for, and send nothing."""
    server, port = await start_raw(answering(GOOD), tls)
    with pytest.raises(CertificateError):
        await make_client(port, ssl=True).get(INFO)
    assert not server.requests


async def test_untrusted_certificate_that_the_user_accepts(
    start_raw: StartRaw, make_client: MakeClient, tls: ssl.SSLContext
) -> None:
    """Speak TLS without verification where the user says so."""
    _, port = await start_raw(answering(GOOD), tls)
    client = make_client(port, ssl=True, verify_ssl=False)
    assert (await client.get(INFO)).name == "DeviceInfo"


async def test_port_without_tls(socket_enabled: None, make_client: MakeClient) -> None:
    """Tell a port that speaks no TLS from a certificate that is not trusted."""

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer a TLS greeting in plain HTTP."""
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        with pytest.raises(UnreachableError) as raised:
            await make_client(port, ssl=True).get(INFO)
    assert raised.type is UnreachableError


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"this is no HTTP\r\n\r\n", BadAnswerError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<De", UnreachableError),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n<DeviceInfo/>",
            BadAnswerError,
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nno gzip!!",
            UnreachableError,
        ),
    ],
)
async def test_broken_answer(
    start_raw: StartRaw,
    make_client: MakeClient,
    answer: bytes,
    expected: type[IsapiError],
) -> None:
    """Raise our own errors where an answer breaks HTTP or breaks off."""

    async def script(request: bytes, writer: asyncio.StreamWriter) -> None:
        """Challenge, then answer badly and hang up."""
        if b"Authorization: Digest" not in request:
            writer.write(CHALLENGE)
            return
        writer.write(answer)
        writer.close()

    _, port = await start_raw(script)
    with pytest.raises(IsapiError) as raised:
        await make_client(port).get(INFO)
    assert raised.type is expected
    assert raised.value.path == INFO


async def test_change_is_not_sent_again(
    start_raw: StartRaw, make_client: MakeClient
) -> None:
    """Show a barrier its command once, though the connection broke before an answer."""
    server, port = await start_raw(answering())
    with pytest.raises(UnreachableError, match="unknown"):
        await make_client(port).put(GATE, b"<open/>")
    logins = [head for head in server.requests if b"Authorization: Digest" in head]
    assert len(logins) == 1


async def test_reading_is_sent_again(
    start_raw: StartRaw, make_client: MakeClient
) -> None:
    """Ask once more for a document when the connection broke."""
    attempts = 0

    async def script(request: bytes, writer: asyncio.StreamWriter) -> None:
        """Hang up at the first login."""
        nonlocal attempts
        if b"Authorization: Digest" not in request:
            writer.write(CHALLENGE)
            return
        attempts += 1
        if attempts == 1:
            writer.close()
        else:
            writer.write(GOOD)

    _, port = await start_raw(script)
    assert (await make_client(port).get(INFO)).name == "DeviceInfo"


async def test_change_on_a_worn_connection(
    start_raw: StartRaw, make_client: MakeClient
) -> None:
    """Send a change again that broke before the login: no device acts without one."""
    attempts = 0

    async def script(request: bytes, writer: asyncio.StreamWriter) -> None:
        """Hang up at the first request."""
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            writer.close()
        elif b"Authorization: Digest" not in request:
            writer.write(CHALLENGE)
        else:
            writer.write(GOOD)

    server, port = await start_raw(script)
    await make_client(port).put(GATE, b"<open/>")
    assert len(server.requests) == 3
    assert b"Authorization" in server.requests[-1]


async def test_connection_refused_between_the_legs(
    start_raw: StartRaw, make_client: MakeClient
) -> None:
    """Report that the device went away after its challenge."""
    listener: list[asyncio.Server] = []

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Challenge, hang up, and listen no more."""
        await reader.readuntil(b"\r\n\r\n")
        listener[0].close()
        writer.write(CHALLENGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        writer.close()

    listener.append(await asyncio.start_server(plain, "127.0.0.1", 0))
    port = listener[0].sockets[0].getsockname()[1]
    with pytest.raises(UnreachableError, match="reached"):
        await make_client(port).put(GATE, b"<open/>")


async def test_refusal_too_large(start_raw: StartRaw, make_client: MakeClient) -> None:
    """Stop reading a refusal that does not end."""

    async def script(request: bytes, writer: asyncio.StreamWriter) -> None:
        """Refuse at length."""
        writer.write(CHALLENGE.replace(b"Length: 5", b"Length: 999999"))
        writer.write(b"x" * 999_999)

    _, port = await start_raw(script)
    with pytest.raises(BadAnswerError, match="large"):
        await make_client(port).get(INFO)
