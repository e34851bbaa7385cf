"""Keep who is told of something."""

from collections.abc import Iterator

from homeassistant.core import CALLBACK_TYPE, callback


class Listeners[Listener]:
    """Hold listeners; who comes or goes while all are told, counts from the next time."""

    def __init__(self) -> None:
        """Begin without any."""
        self._all: tuple[Listener, ...] = ()

    def __iter__(self) -> Iterator[Listener]:
        """Iterate over those who are there now."""
        return iter(self._all)

    @callback
    def add(self, listener: Listener) -> CALLBACK_TYPE:
        """Tell one more; return how to stop."""
        self._all = (*self._all, listener)

        @callback
        def stop() -> None:
            self._all = tuple(one for one in self._all if one is not listener)

        return stop
