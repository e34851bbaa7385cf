"""Post to one host: one alert after the other, again, and late."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from simulator.faults import Fault
from simulator.message import Alert
from simulator.passage import Passage

from .post import Poster
from .slots import HostSlots

#: Passages that are kept for a host that is away, the newest ones.
_MOST_WAITING: Final = 1000


class Postman:
    """Carry alerts to one slot's host.

    Attributes:
        waiting: The passages that the host has not taken yet, oldest first.
    """

    def __init__(
        self,
        number: int,
        slots: HostSlots,
        poster: Poster,
        late: Callable[[Passage], Alert],
    ) -> None:
        """Serve the slot of this number.

        Args:
            number: The slot.
            slots: All slots; this one may change meanwhile.
            poster: Who does the posting.
            late: Makes the alert of a passage that is uploaded late.
        """
        self.waiting: deque[Passage] = deque(maxlen=_MOST_WAITING)
        self._number, self._slots = number, slots
        self._poster, self._late = poster, late
        self._queue: asyncio.Queue[Alert | None] = asyncio.Queue()
        self._held: Alert | None = None
        self._task: asyncio.Task[None] | None = None

    def take(self, alert: Alert) -> None:
        """Take an alert to be posted; off the network it can only wait."""
        if self._task is None:
            self._keep(alert)
        else:
            self._queue.put_nowait(alert)

    def start(self) -> None:
        """Begin to post."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Post no more; what was not posted waits, if it may."""
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if self._held is not None:
            self._keep(self._held)
            self._held = None
        while not self._queue.empty():
            self._keep(self._queue.get_nowait())
            self._queue.task_done()

    async def drain(self) -> None:
        """Wait until all that was taken is posted, has failed, or is held back."""
        await self._queue.join()

    async def retry(self) -> None:
        """Try at once what waits, and wait for the outcome."""
        if self._task is not None:
            self._queue.put_nowait(None)
            await self.drain()

    async def _run(self) -> None:
        """Post what comes, and try again what waits."""
        patience = self._poster.profile.listening.retry_seconds
        while True:
            try:
                async with asyncio.timeout(patience if self.waiting else None):
                    alert = await self._queue.get()
            except TimeoutError:
                await self._upload_late()
                continue
            try:
                await self._handle(alert)
            finally:
                self._queue.task_done()

    async def _handle(self, alert: Alert | None) -> None:
        """Post an alert, or hold it back until the next one was posted."""
        if alert is None:
            await self._upload_late()
            return
        reordered = Fault.POST_REORDERED
        if self._held is None and self._poster.faults.strikes(reordered):
            self._held = alert
            return
        await self._deliver(alert)
        if self._held is not None:
            held, self._held = self._held, None
            await self._deliver(held)

    async def _deliver(self, alert: Alert) -> None:
        """Post an alert; while its host does not take it, it waits."""
        self._keep(alert)
        if not await self._post(alert):
            return
        if alert.passage is not None and alert.passage in self.waiting:
            self.waiting.remove(alert.passage)
        await self._upload_late()

    async def _upload_late(self) -> None:
        """Upload what waits, until the host fails again (reference 3.4)."""
        while self.waiting:
            if not await self._post(self._late(self.waiting[0])):
                return
            self.waiting.popleft()

    async def _post(self, alert: Alert) -> bool:
        """Tell whether the host took an alert, at the second go at last.

        A host that was reached but gave no good answer is sent the same again, if its
        slot says so.
        """
        host = self._slots.host(self._number)
        if not host.in_use:
            return False
        body = self._poster.body(host, alert)
        post = await self._poster.post(host, body)
        if not post.taken and post.connected and host.resends:
            post = await self._poster.post(host, body)
        return post.taken

    def _keep(self, alert: Alert | None) -> None:
        """Let a passage wait, if the slot says so; other events are lost."""
        resends = self._slots.host(self._number).resends
        if resends and alert is not None and alert.passage is not None:
            self.waiting.append(alert.passage)
