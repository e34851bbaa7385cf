"""Say where a device's web server is."""

from dataclasses import dataclass

from yarl import URL


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAddress:
    """Hold where a device's web server is; `host` is a name, an IPv4 or an IPv6."""

    host: str
    port: int
    ssl: bool = False
    verify_ssl: bool = True

    @property
    def url(self) -> URL:
        """Return the root of the device.

        Raises ValueError where host or port are none.
        """
        scheme = "https" if self.ssl else "http"
        root = URL.build(scheme=scheme, host=self.host.strip("[]"))
        return root.with_port(self.port)

    def at(self, path: str) -> URL:
        """Return a path, with its query, on this device.

        Of a full address only path and query count: the login stays with the
        device it belongs to, and devices name themselves by addresses that are
        of no use beyond their own network. Raises ValueError as `url` does.
        """
        root, wanted = self.url, URL(path)
        return URL.build(
            scheme=root.scheme,
            authority=root.raw_authority,
            path=wanted.raw_path,
            query_string=wanted.raw_query_string,
            encoded=True,
        )
