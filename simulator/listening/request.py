"""Write the request of a POST byte by byte, as the models do (reference 3.4)."""

from base64 import b64encode

from simulator.digest import User, authorization

from .body import Body
from .host import ListeningHost
from .settings import PostShape


def request(
    host: ListeningHost, body: Body, shape: PostShape, challenge: str = ""
) -> bytes:
    """Return a whole request: its line, its headers and its body.

    Blanks in the query are not encoded (reference 1.10). Without authentication
    there are no credentials at all.

    Args:
        host: Whom it is for.
        body: What it carries.
        shape: Which headers the model sends, in which order.
        challenge: The WWW-Authenticate header that it answers; empty for none.
    """
    target = _target(host, body)
    values = {
        "Accept": "*/*",
        "Connection": "close",
        "Content-Length": str(len(body.data)),
        "Content-Type": body.content_type,
        "Host": host.authority,
        "User-Agent": "cpp-httplib/0.9",
    }
    lines = [f"POST {target} HTTP/1.1"]
    lines += [f"{name}: {values[name]}" for name in shape.headers if values[name]]
    if credentials := _credentials(host, target, challenge):
        lines.append(f"Authorization: {credentials}")
    return "\r\n".join([*lines, "", ""]).encode() + body.data


def _target(host: ListeningHost, body: Body) -> str:
    """Return what stands in the request line."""
    if not body.query:
        return host.target
    return f"{host.target}{'&' if '?' in host.target else '?'}{body.query}"


def _credentials(host: ListeningHost, target: str, challenge: str) -> str:
    """Return the value of the Authorization header; empty for none."""
    if host.authentication == "basic":
        return f"Basic {b64encode(f'{host.user}:{host.password}'.encode()).decode()}"
    if not challenge:
        return ""
    user = User(name=host.user, password=host.password)
    return authorization(challenge, user, "POST", target)
