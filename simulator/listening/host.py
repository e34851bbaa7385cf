"""Read one slot of the httpHosts: where the device posts to, and how."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from simulator.configuration import text_of

#: Addresses that mean "nobody".
_NOWHERE: Final = frozenset({"", "0.0.0.0", "::"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningHost:
    """Hold one slot; texts are as on the wire (reference 3.2).

    Attributes:
        number: The slot's id.
        url: Path and query, or a full URL.
        address: IP address or host name.
        resends: Whether the device uploads again what the host did not take.
        picture_type: Which pictures are posted along.
        document: The slot's document as the device keeps it, password included.
    """

    number: int
    url: str
    protocol: str
    format: str
    address: str
    port: int
    user: str
    password: str
    authentication: str
    enabled: bool
    resends: bool
    picture_type: str
    document: bytes

    @property
    def is_somebody(self) -> bool:
        """Tell whether the slot names a host that can be posted to."""
        known = self.protocol in {"HTTP", "HTTPS"} and self.address not in _NOWHERE
        return known and self.url != ""

    @property
    def in_use(self) -> bool:
        """Tell whether the device posts to this host."""
        return self.enabled and self.is_somebody

    @property
    def target(self) -> str:
        """Return what stands in the request line."""
        whole = self.url.startswith(("/", "http://", "https://"))
        return self.url if whole else f"/{self.url}"

    @property
    def authority(self) -> str:
        """Return the value of the Host header."""
        name = f"[{self.address}]" if ":" in self.address else self.address
        return f"{name}:{self.port}"

    @property
    def whole_url(self) -> str:
        """Return where it is posted to."""
        if not self.target.startswith("/"):
            return self.target
        return f"{self.protocol.lower()}://{self.authority}{self.target}"


def listening_host(number: int, element: etree._Element) -> ListeningHost:
    """Return what the element of a slot says."""

    def text(name: str, default: str = "") -> str:
        return text_of(element, name) or default

    named = text("addressingFormatType") == "hostname"
    protocol = text("protocolType")
    resends = {text("httpBroken"), text("checkResponseEnabled")}
    return ListeningHost(
        number=number,
        url=text("url"),
        protocol=protocol,
        format=text("parameterFormatType"),
        address=text("hostName") if named else text("ipAddress", text("ipv6Address")),
        port=int(text("portNo", "443" if protocol == "HTTPS" else "80")),
        user=text("userName"),
        password=text("password"),
        authentication=text("httpAuthenticationMethod"),
        enabled=text("enabled", "true") == "true",
        resends="true" in resends,
        picture_type=text("detectionUpLoadPicturesType", "all"),
        document=etree.tostring(element, with_tail=False),
    )
