"""Keep the slots of the httpHosts, as written, and refuse what devices refuse."""

from copy import deepcopy
from dataclasses import dataclass, field
import re
from typing import Final

from lxml import etree

from simulator.answers import BAD_CONTENT, BAD_FORMAT, HOSTS_FULL, NOT_SUPPORT, Status
from simulator.configuration import local_name, parse
from simulator.document import PROLOG, Tree, render

from .host import ListeningHost, listening_host
from .rules import acceptable
from .settings import ListeningSettings

HOST: Final = "HttpHostNotification"
HOST_LIST: Final = "HttpHostNotificationList"

_SELF_CLOSED_USER: Final = re.compile(rb"<(\w+:)?userName\s*/>")


class RefusedError(ValueError):
    """Say that a document is not taken.

    Attributes:
        status: What the device answers.
    """

    def __init__(self, status: Status) -> None:
        """Refuse with this status."""
        super().__init__(status.sub_code)
        self.status = status


@dataclass(slots=True)
class HostSlots:
    """Hold the slots of one device; what was not written is as it left the factory."""

    settings: ListeningSettings
    namespace: str
    newline: str
    _written: dict[int, etree._Element] = field(default_factory=dict)

    @property
    def hosts(self) -> list[ListeningHost]:
        """Return every slot."""
        numbers = range(1, self.settings.slots + 1)
        return [listening_host(number, self._element(number)) for number in numbers]

    @property
    def in_use(self) -> list[ListeningHost]:
        """Return the slots that are posted to."""
        return [host for host in self.hosts if host.in_use]

    def host(self, number: int) -> ListeningHost:
        """Return one slot.

        Raises:
            RefusedError: There is no such slot.
        """
        self._check(number)
        return listening_host(number, self._element(number))

    def read(self, body: bytes) -> ListeningHost:
        """Return the host that a document describes, without keeping it.

        Raises:
            RefusedError: The device would not take it.
        """
        return listening_host(0, self._host(self._parsed(body)))

    def replace_all(self, body: bytes) -> None:
        """Take a whole list; slots that it leaves out are empty then (reference 3.1).

        Raises:
            RefusedError: The list, or one of its hosts, is not taken.
        """
        root = self._parsed(body)
        hosts = [self._host(child) for child in root.iterchildren("{*}*")]
        taken = {_number(host): host for host in hosts}
        numbers = range(1, self.settings.slots + 1)
        if local_name(root) != HOST_LIST or not taken.keys() <= {*numbers}:
            raise RefusedError(BAD_CONTENT)
        if len(taken) < len(hosts):
            raise RefusedError(BAD_CONTENT)
        self._written = taken

    def put(self, number: int, body: bytes) -> None:
        """Take one slot as a whole; what the document leaves out is gone.

        Raises:
            RefusedError: There is no such slot, or the document is not taken.
        """
        self._check(number)
        host = self._host(self._parsed(body))
        if _number(host) != number:
            raise RefusedError(BAD_CONTENT)
        self._written[number] = host

    def add(self, body: bytes) -> None:
        """Take a host into the first slot that is free, whatever id it names.

        Raises:
            RefusedError: Every slot is in use, or the document is not taken.
        """
        host = self._host(self._parsed(body))
        free = next((slot.number for slot in self.hosts if not slot.in_use), None)
        if free is None:
            raise RefusedError(HOSTS_FULL)
        host.find("{*}id").text = str(free)  # type: ignore[union-attr]  # acceptable
        self._written[free] = host

    def empty(self, number: int) -> None:
        """Empty one slot.

        Raises:
            RefusedError: There is no such slot.
        """
        self._check(number)
        self._written.pop(number, None)

    def clear(self) -> None:
        """Empty every slot."""
        self._written.clear()

    def list_document(self) -> str:
        """Return the list as it is read; each host names its namespace again."""
        hosts = (self._shown(number + 1) for number in range(self.settings.slots))
        head = f'<{HOST_LIST} version="2.0" xmlns="{self.namespace}">'
        return self.newline.join([PROLOG, head, *hosts, f"</{HOST_LIST}>", ""])

    def document(self, number: int) -> str:
        """Return one slot as it is read.

        Raises:
            RefusedError: There is no such slot.
        """
        self._check(number)
        return self.newline.join([PROLOG, self._shown(number), ""])

    def _check(self, number: int) -> None:
        """Refuse a slot that the device does not have."""
        if not 1 <= number <= self.settings.slots:
            raise RefusedError(NOT_SUPPORT)

    def _parsed(self, body: bytes) -> etree._Element:
        """Return a document, unless the device refuses its very bytes."""
        try:
            root = parse(body)
        except etree.XMLSyntaxError as error:
            raise RefusedError(BAD_FORMAT) from error
        if self.settings.refuses_self_closed and _SELF_CLOSED_USER.search(body):
            raise RefusedError(BAD_CONTENT)
        return root

    def _host(self, element: etree._Element) -> etree._Element:
        """Return a host in the device's namespace, unless it is not acceptable."""
        if not acceptable(element, self.settings):
            raise RefusedError(BAD_CONTENT)
        return _moved(element, etree.QName(element).namespace, self.namespace)

    def _element(self, number: int) -> etree._Element:
        """Return the element of a slot, as written or as it left the factory."""
        written = self._written.get(number)
        if written is not None:
            return written
        tree = _factory(number, self.settings)
        text = render(
            HOST, tree, namespace=self.namespace, prolog="", newline=self.newline
        )
        return parse(text.encode())

    def _shown(self, number: int) -> str:
        """Return a slot as it is read: no password, nothing self-closed."""
        shown = deepcopy(self._element(number))
        for secret in shown.findall("{*}password"):
            shown.remove(secret)
        if self.settings.options_in_get:
            for kind in shown.iter("{*}detectionUpLoadPicturesType"):
                kind.set("opt", ",".join(self.settings.picture_types))
        for element in shown.iter("{*}*"):
            element.text = element.text or ""
        return etree.tostring(shown, encoding="unicode", with_tail=False)


def _factory(number: int, settings: ListeningSettings) -> Tree:
    """Return a slot that is not in use."""
    host: Tree = {
        "id": str(number),
        "url": "/",
        "protocolType": "HTTP",
        "parameterFormatType": "XML",
        "addressingFormatType": "ipaddress",
        "ipAddress": "0.0.0.0",
        "portNo": "80",
        "userName": "",
        "httpAuthenticationMethod": "none",
        **settings.extras,
    }
    if settings.picture_types:
        host["ANPR"] = {"detectionUpLoadPicturesType": "all"}
    return host


def _number(host: etree._Element) -> int:
    """Return a host's id; 0 when it is no number."""
    text = (host.findtext("{*}id") or "").strip()
    return int(text) if text.isascii() and text.isdigit() else 0


def _moved(element: etree._Element, own: str | None, namespace: str) -> etree._Element:
    """Return a copy in the device's namespace; foreign children keep their own.

    Args:
        element: The element.
        own: The namespace that is replaced.
        namespace: The device's namespace.
    """
    before = etree.QName(element).namespace
    after = namespace if before == own else before
    tag = etree.QName(after, local_name(element))
    moved = etree.Element(tag, dict(element.attrib), {None: after} if after else None)
    moved.text, moved.tail = element.text, element.tail
    moved.extend(
        _moved(child, own, namespace) for child in element.iterchildren("{*}*")
    )
    return moved
