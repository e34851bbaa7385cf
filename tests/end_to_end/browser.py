"""Steer a headless Chromium over its debugging protocol, logged in to a home."""

import asyncio
import base64
from collections.abc import AsyncIterator
import contextlib
from itertools import count
import json
from pathlib import Path
import shutil
from typing import Any, Final

import aiohttp

from scripts.demo_home.home import Home

CHROMIUM: Final = shutil.which("chromium")
WIDTH, HEIGHT = 1440, 1150
PATIENCE: Final = 60

#: Every text and picture of the page, shadow roots included, is looked through.
_SHOWS: Final = """
new Promise((resolve) => {
  const texts = %s;
  const roots = (node) => [node, ...[...node.querySelectorAll("*")]
    .filter((element) => element.shadowRoot)
    .flatMap((element) => roots(element.shadowRoot))];
  const shown = () => {
    const all = roots(document);
    const text = all.map((root) => root.textContent).join(" ");
    const images = all.flatMap((root) => [...root.querySelectorAll("img")]);
    return texts.every((part) => text.includes(part)) &&
      images.length > 0 && images.every((image) => image.complete);
  };
  const look = () => shown() ? setTimeout(resolve, 1000) : setTimeout(look, 100);
  look();
})
"""


class Browser:
    """One page of a browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Steer the page behind a debugging connection."""
        self._socket = socket
        self._ids = count(1)

    async def send(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command and return its result."""
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            message = await self._socket.receive_json()
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    async def log_in(self, home: Home) -> None:
        """Give the page the owner's token before it asks for a login."""
        tokens = {
            "access_token": home.access.token,
            "token_type": "Bearer",
            "expires_in": 86400,
            "expires": 4102444800000,
            "hassUrl": home.url,
            "clientId": f"{home.url}/",
            "refresh_token": "",
        }
        script = f"localStorage.hassTokens = {json.dumps(json.dumps(tokens))}"
        await self.send("Page.enable")
        await self.send("Page.addScriptToEvaluateOnNewDocument", source=script)

    async def open(self, url: str, *texts: str) -> None:
        """Open a page and wait until it shows these texts and its pictures."""
        await self.send("Page.navigate", url=url)
        shows = _SHOWS % json.dumps(texts)
        async with asyncio.timeout(PATIENCE):
            await self.send("Runtime.evaluate", expression=shows, awaitPromise=True)

    async def address(self) -> str:
        """Return the address of the page that is shown."""
        found = await self.send("Runtime.evaluate", expression="location.href")
        return str(found["result"]["value"])

    async def screenshot(self) -> bytes:
        """Return what the page shows as a PNG."""
        return base64.b64decode((await self.send("Page.captureScreenshot"))["data"])


@contextlib.asynccontextmanager
async def running_browser(folder: Path) -> AsyncIterator[Browser]:
    """Start a browser that reaches loopback alone, and stop it in the end."""
    process = await asyncio.create_subprocess_exec(
        *(CHROMIUM or "chromium", "--headless=new", "--no-sandbox", "--disable-gpu"),
        *("--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}"),
        *("--remote-debugging-port=0", f"--user-data-dir={folder}"),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "about:blank",
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        port = await _debugging_port(process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as response:
                pages = await response.json()
            page = next(page for page in pages if page["type"] == "page")
            url = page["webSocketDebuggerUrl"]
            async with session.ws_connect(url, max_msg_size=0) as socket:
                yield Browser(socket)
    finally:
        process.terminate()
        await process.communicate()


async def _debugging_port(process: asyncio.subprocess.Process) -> int:
    """Read on which port the browser listens."""
    assert process.stderr is not None
    async for line in process.stderr:
        if line.startswith(b"DevTools listening on "):
            return int(line.split(b"//")[1].split(b"/")[0].rpartition(b":")[2])
    raise AssertionError("The browser ended before it listened")
