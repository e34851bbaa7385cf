"""Start and stop a real hass process in a configuration folder of its own."""

import asyncio
from collections.abc import Sequence
import contextlib
from dataclasses import dataclass
import json
from pathlib import Path
import re
import shutil
import signal
import socket
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CONFIGURATION: Final = Path(__file__).with_name("configuration.yaml")
BIN: Final = ROOT / ".venv-demo" / "bin"

#: Lines that a healthy home never logs.
BAD_LINE: Final = re.compile(
    r" (ERROR|CRITICAL) |Detected blocking call|Detected that custom integration"
    r"|non-daemonic threads"
)
#: What Home Assistant says when everything is set up.
INITIALIZED: Final = "Home Assistant initialized"

START_SECONDS: Final = 120
STOP_SECONDS: Final = 30
#: With this code it ends to be started again: after a restart or a restore was asked for.
RESTART: Final = 100


class HomeError(Exception):
    """Home Assistant did not do what it should; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Hold how to get in: a login for a browser, a token for programs."""

    username: str
    password: str
    token: str


def free_port(wanted: Sequence[int]) -> int:
    """Return the first of these ports of 127.0.0.1 that is free.

    Raises:
        HomeError: None of them is.
    """
    for port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError, OverflowError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise HomeError(f"Port {wanted[0]} cannot be used: name another with --port.")


class Home:
    """One Home Assistant, whose folder outlives it.

    Attributes:
        folder: The configuration folder.
        port: Where it answers on 127.0.0.1.
        log: What it has said since it was made, line by line.
    """

    def __init__(self, folder: Path, port: int) -> None:
        """Describe a home; it does not run yet."""
        self.folder = folder
        self.port = port
        self.log: list[str] = []
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._initialized = asyncio.Event()

    @property
    def url(self) -> str:
        """Return the address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def bad_lines(self) -> list[str]:
        """Return the lines of the log that must not be there."""
        return [line for line in self.log if BAD_LINE.search(line)]

    @property
    def access(self) -> Access:
        """Return how to get in."""
        path = self.folder / "access.json"
        return Access(**json.loads(path.read_text(encoding="utf-8")))

    @property
    def is_furnished(self) -> bool:
        """Tell whether the folder is already that of a home."""
        return (self.folder / "access.json").exists()

    async def furnish(self) -> None:
        """Make the folder: configuration, owner, and our integration.

        Raises:
            HomeError: The owner could not be made.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(self._write_configuration)
        await asyncio.to_thread(self._copy_integration)
        if not self.is_furnished:
            await self._run_seed()

    async def start(self) -> None:
        """Start it and wait until everything is set up.

        Raises:
            HomeError: It ended, or took too long.
        """
        self._initialized.clear()
        await asyncio.to_thread(self._write_address)
        self._process = await asyncio.create_subprocess_exec(
            *(BIN / "hass", "--config", self.folder, "--skip-pip", "--log-no-color"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            process_group=0,
        )
        self._reader = asyncio.create_task(self._read(self._process))
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._initialized.wait()
        except TimeoutError as err:
            await self.stop()
            raise HomeError(self._last_words("took too long to start")) from err
        if self._process.returncode == RESTART:
            await self.start()
        elif self._process.returncode is not None:
            raise HomeError(self._last_words("ended while it started"))

    async def stop(self) -> None:
        """Stop it as a user would, and wait for its end."""
        if self._process is None or self._reader is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
        await self._reader
        self._process = self._reader = None

    async def wait(self) -> None:
        """Wait until it ends by itself, and start it again where a user asks for that."""
        while self._process and self._reader:
            await self._reader
            if self._process.returncode != RESTART:
                return
            await self.start()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Keep what it says until it ends."""
        assert process.stdout is not None
        async for line in process.stdout:
            text = line.decode(errors="replace").rstrip()
            self.log.append(text)
            if INITIALIZED in text:
                self._initialized.set()
        await process.wait()
        self._initialized.set()

    async def _run_seed(self) -> None:
        """Make the owner with Home Assistant's own code."""
        process = await asyncio.create_subprocess_exec(
            *(BIN / "python", "-m", "scripts.demo_home.seed", self.folder),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if process.returncode:
            self.log.extend(output.decode(errors="replace").splitlines())
            raise HomeError(self._last_words("could not be given an owner"))

    def _write_configuration(self) -> None:
        """Put the configuration where Home Assistant looks for it."""
        text = CONFIGURATION.read_text(encoding="utf-8")
        (self.folder / "configuration.yaml").write_text(text, encoding="utf-8")

    def _copy_integration(self) -> None:
        """Copy our integration as it is now; a backup is not restored over a link."""
        components = self.folder / "custom_components"
        if components.is_symlink():
            components.unlink()
        shutil.rmtree(components, ignore_errors=True)
        shutil.copytree(ROOT / "custom_components", components)

    def _write_address(self) -> None:
        """Bind it to loopback; YAML would do so for a trial of five minutes only.

        Version 1 of the store is the plain form; Home Assistant completes it.
        """
        address = {"server_host": ["127.0.0.1"], "server_port": self.port}
        store = {"version": 1, "minor_version": 1, "key": "http", "data": address}
        path = self.folder / ".storage" / "http"
        path.write_text(json.dumps(store), encoding="utf-8")

    def _last_words(self, what: str) -> str:
        """Return a reason with the end of the log."""
        said = "\n".join(f"  {line}" for line in self.log[-15:])
        return f"Home Assistant {what}; its last words:\n{said}"
