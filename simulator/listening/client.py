"""Post every alert to every listening host that is in use (reference 3)."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from simulator.document import Tree, render
from simulator.faults import Faults
from simulator.message import Alert
from simulator.passage import Passage
from simulator.profiles import Profile

from .host import ListeningHost
from .post import Post, Poster
from .postman import Postman
from .rules import is_address
from .slots import HOST, HostSlots


class ListeningClient:
    """Post to the hosts of one device.

    Attributes:
        slots: The hosts.
        late: Makes the alert of a passage that is uploaded late.
    """

    late: Callable[[Passage], Alert]

    def __init__(self, profile: Profile, faults: Faults) -> None:
        """Know no host, and be off the network."""
        self.slots = HostSlots(profile.listening, profile.namespace, profile.newline)
        self._poster = Poster(profile, faults)
        self._postmen: dict[int, Postman] = {}

    @property
    def hosts(self) -> Sequence[ListeningHost]:
        """Return every slot."""
        return self.slots.hosts

    @property
    def posts(self) -> Sequence[Post]:
        """Return every POST so far, tests included, in the order of their ends."""
        return self._poster.posts

    @property
    def waiting(self) -> Sequence[Passage]:
        """Return the passages that a host has not taken yet, oldest first."""
        return [passage for one in self._postmen.values() for passage in one.waiting]

    def post_to(
        self,
        url: str,
        *,
        slot: int = 1,
        picture_type: str = "all",
        resends: bool = False,
    ) -> None:
        """Fill a slot, as a client does with PUT.

        Args:
            url: The whole address, such as http://127.0.0.1:8123/api/webhook/1.
            slot: The slot's number.
            picture_type: Which pictures to post along, in the model's words.
            resends: Whether to upload again what the host did not take.

        Raises:
            ValueError: The model does not take this.
        """
        tree = _described(url, slot, resends=resends)
        if self.slots.settings.picture_types:
            tree["ANPR"] = {"detectionUpLoadPicturesType": picture_type}
        text = render(HOST, tree, namespace=self.slots.namespace)
        self.slots.put(slot, text.encode())

    def post(self, alert: Alert) -> None:
        """Post an alert to every host that is in use; return at once."""
        for host in self.slots.in_use:
            self._postman(host.number).take(alert)

    async def test(self, host: ListeningHost, alert: Alert) -> str:
        """Post an alert to a host at once, and return what HttpHostTestResult says."""
        post = await self._poster.post(host, self._poster.body(host, alert))
        if post.taken:
            return "ok"
        return post.error or f"HTTP status {post.status}"

    async def drain(self) -> None:
        """Wait until all that is to be posted was posted, or has failed."""
        for postman in [*self._postmen.values()]:
            await postman.drain()

    async def upload_late(self) -> None:
        """Try at once what hosts have not taken, and wait for the outcome."""
        for postman in [*self._postmen.values()]:
            await postman.retry()

    def open(self, address: str) -> None:
        """Begin to post, from this address: what waits and what comes."""
        self._poster.address = address
        for postman in self._postmen.values():
            postman.start()

    async def close(self) -> None:
        """Post no more; passages that were not posted wait, where they may."""
        self._poster.address = ""
        for postman in self._postmen.values():
            await postman.stop()

    def _postman(self, number: int) -> Postman:
        """Return who posts to a slot, at work if the device is on the network."""
        if number not in self._postmen:
            made = Postman(number, self.slots, self._poster, self.late)
            self._postmen[number] = made
        if self._poster.address:
            self._postmen[number].start()
        return self._postmen[number]


def _described(url: str, slot: int, *, resends: bool) -> Tree:
    """Return the elements of a slot that posts to a URL."""
    parts = urlsplit(url)
    name, query = parts.hostname or "", f"?{parts.query}" if parts.query else ""
    named: Tree = {"addressingFormatType": "hostname", "hostName": name}
    if is_address(name):
        named = {"addressingFormatType": "ipaddress", "ipAddress": name}
    return {
        "id": str(slot),
        "url": f"{parts.path or '/'}{query}",
        "protocolType": parts.scheme.upper(),
        "parameterFormatType": "XML",
        **named,
        "portNo": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "userName": "",
        "httpAuthenticationMethod": "none",
        "httpBroken": "true" if resends else "false",
    }
