"""Ask and set the alarm inputs and outputs of a device (reference 6.4)."""

from typing import Final, Literal

from .client import IsapiClient

type PortKind = Literal["inputs", "outputs"]

IO: Final = "/ISAPI/System/IO"


async def async_get_port(client: IsapiClient, kind: PortKind, port: int) -> bool | None:
    """Ask whether a port is active; None where the device says neither.

    Raises the errors of the client; NotSupportedError where the device does not tell.
    """
    answer = await client.get(f"{IO}/{kind}/{port}/status")
    state = (answer.value("ioState") or "").lower()
    return {"active": True, "inactive": False}.get(state)


async def async_set_output(client: IsapiClient, output: int, *, high: bool) -> None:
    """Switch an output, which stays so until told otherwise (trap 73).

    Raises the errors of the client.
    """
    state = "high" if high else "low"
    body = f"<IOPortData><outputState>{state}</outputState></IOPortData>"
    await client.command(f"{IO}/outputs/{output}/trigger", body.encode())
