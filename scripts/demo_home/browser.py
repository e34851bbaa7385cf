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

from .home import Home

CHROMIUM: Final = shutil.which("chromium")
WIDTH, HEIGHT = 1440, 1150
PATIENCE: Final = 60

#: Everything of the page, shadow roots included.
ROOTS: Final = """
  const roots = (node) => [node, ...[...node.querySelectorAll("*")]
    .filter((element) => element.shadowRoot)
    .flatMap((element) => roots(element.shadowRoot))];
"""

#: Every text and picture of the page is looked through.
_SHOWS: Final = (
    """
new Promise((resolve) => {
  const [texts, least] = %s;"""
    + ROOTS
    + """
  const shown = () => {
    const all = roots(document);
    const text = all.map((root) => root.textContent).join(" ");
    const images = all.flatMap((root) => [...root.querySelectorAll("img")]);
    return texts.every((part) => text.includes(part)) &&
      images.length >= least && images.every((image) => image.complete);
  };
  const look = () => shown() ? setTimeout(resolve, 1000) : setTimeout(look, 100);
  look();
})
"""
)

#: What says exactly this, or is labelled so; the last one, which lies on top.
_CLICK: Final = (
    """
(() => {
  const wanted = %s;"""
    + ROOTS
    + """
  const says = (element) => [...element.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.textContent).join("").trim();
  const found = roots(document)
    .flatMap((root) => [...root.querySelectorAll("*")])
    .filter((element) => element.getClientRects().length)
    .filter((element) => says(element) === wanted ||
      element.getAttribute("aria-label") === wanted)
    .at(-1);
  found?.click();
  return Boolean(found);
})()
"""
)


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
        script = (
            f"localStorage.hassTokens = {json.dumps(json.dumps(tokens))};"
            """localStorage.dockedSidebar = '"always_hidden"'"""
        )
        await self.send("Page.enable")
        await self.send("Page.addScriptToEvaluateOnNewDocument", source=script)

    async def resize(self, width: int, height: int) -> None:
        """Give the page this size in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1}
        await self.send("Emulation.setDeviceMetricsOverride", **size, mobile=False)

    async def open(self, url: str, *texts: str, images: int = 1) -> None:
        """Open a page and wait until it shows these texts and its pictures."""
        await self.send("Page.navigate", url=url)
        await self.wait_for(*texts, images=images)

    async def wait_for(self, *texts: str, images: int = 0) -> None:
        """Wait until the page shows these texts and its pictures, so many at least."""
        shows = _SHOWS % json.dumps([texts, images])
        async with asyncio.timeout(PATIENCE):
            await self.send("Runtime.evaluate", expression=shows, awaitPromise=True)

    async def click(self, text: str) -> None:
        """Click what says exactly this, once it is there."""
        click = _CLICK % json.dumps(text)
        async with asyncio.timeout(PATIENCE):
            while not await self.evaluate(click):
                await asyncio.sleep(0.1)

    async def evaluate(self, expression: str) -> Any:
        """Return what an expression is on the page."""
        found = await self.send("Runtime.evaluate", expression=expression)
        return found["result"].get("value")

    async def address(self) -> str:
        """Return the address of the page that is shown."""
        return str(await self.evaluate("location.href"))

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
