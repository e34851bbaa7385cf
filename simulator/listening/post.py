"""Post to a host once: connect, log in if asked, wait for the answer."""

import asyncio
from dataclasses import dataclass, field

from simulator.faults import Fault, Faults
from simulator.message import Alert
from simulator.profiles import Profile

from .body import Body, post_body
from .exchange import Answer, Line, reason
from .host import ListeningHost
from .request import request


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Record one POST and what became of it.

    Attributes:
        slot: The host's number; 0 when a test names another host.
        url: Where it went.
        uuid: The passage's identity; empty for other events.
        size: Bytes of its body.
        connected: Whether the host was reached.
        status: What it answered; None when no answer arrived.
        error: Why no answer arrived; empty when one did.
    """

    slot: int
    url: str
    uuid: str
    size: int
    connected: bool
    status: int | None
    error: str

    @property
    def taken(self) -> bool:
        """Tell whether the host took it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(slots=True)
class Poster:
    """Post for one device, and remember every POST.

    Attributes:
        address: The device's own address; empty while it is off the network.
        posts: Every POST so far, in the order of their ends.
    """

    profile: Profile
    faults: Faults
    address: str = ""
    posts: list[Post] = field(default_factory=list)

    def body(self, host: ListeningHost, alert: Alert) -> Body:
        """Return what tells a host of an alert; it may be posted more than once."""
        return post_body(alert, host, self.profile, self.faults)

    async def post(self, host: ListeningHost, body: Body) -> Post:
        """Post a body and return what became of it."""
        connected, status, error = False, None, ""
        try:
            async with asyncio.timeout(self.profile.listening.answer_seconds):
                line = await Line.open(host, self.address)
                connected = True
                try:
                    status = await self._converse(line, host, body)
                finally:
                    line.close()
        except (OSError, EOFError) as problem:
            error = reason(problem)
        post = Post(
            slot=host.number,
            url=host.whole_url,
            uuid=body.uuid,
            size=len(body.data),
            connected=connected,
            status=status,
            error=error,
        )
        self.posts.append(post)
        return post

    async def _converse(self, line: Line, host: ListeningHost, body: Body) -> int:
        """Send a body and return the status that it is answered.

        Raises:
            OSError: The host went away.
            EOFError: No answer arrived.
        """
        whole = request(host, body, self.profile.listening.shape)
        if self.faults.strikes(Fault.POST_CUT):
            await line.send(whole[: len(whole) - len(body.data) // 2])
            raise EOFError("Connection cut")
        answer = await line.ask(whole)
        if answer.challenge and host.authentication == "MD5digest":
            answer = await self._logged_in(host, body, answer)
        if self.faults.strikes(Fault.POST_ANSWER_LOST):
            raise EOFError("Answer lost")
        return answer.status

    async def _logged_in(
        self, host: ListeningHost, body: Body, refusal: Answer
    ) -> Answer:
        """Send a body again with the login that the host asks for."""
        line = await Line.open(host, self.address)
        try:
            shape = self.profile.listening.shape
            return await line.ask(request(host, body, shape, refusal.challenge))
        finally:
            line.close()
