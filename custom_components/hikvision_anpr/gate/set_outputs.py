"""Remember which alarm outputs of a device were set and are not let go yet."""

from typing import Final, Literal

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

type Why = Literal["held", "pulse"]

FORGET_SECONDS: Final = 10.0
_VERSION: Final = 1


class SetOutputs:
    """Know of each output why it is set, also after Home Assistant was killed.

    It outlives a reload of the entry. What is set is written at once, that it was let
    go a while later: letting go twice does no harm.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; nothing is read yet."""
        self._hass = hass
        self._store = Store[dict[str, Why]](
            hass, _VERSION, f"{DOMAIN}.outputs.{entry_id}", private=True
        )
        self._why: dict[int, Why] = {}
        self._is_loaded = False

    async def async_load(self) -> tuple[int, ...]:
        """Return the outputs whose pulse an earlier Home Assistant did not end."""
        if self._is_loaded:
            return ()
        self._is_loaded = True
        stored = await self._store.async_load() or {}
        self._why |= {int(output): why for output, why in stored.items()}
        return tuple(one for one, why in self._why.items() if why == "pulse")

    def is_held(self, output: int) -> bool:
        """Tell whether an output stays set until the user lets it go."""
        return self._why.get(output) == "held"

    def note(self, output: int, why: Why) -> None:
        """Note that an output is set now; what is sent to the device waits for nothing."""
        self._why[output] = why
        self._hass.async_create_task(
            self._store.async_save(self._written()),
            f"{DOMAIN} note output {output}",
            eager_start=False,
        )

    def forget(self, output: int) -> None:
        """Note that an output was let go."""
        if self._why.pop(output, None):
            self._store.async_delay_save(self._written, FORGET_SECONDS)

    async def async_remove(self) -> tuple[int, ...]:
        """Forget all; return the outputs that are still set."""
        await self.async_load()
        left = tuple(self._why)
        self._why.clear()
        await self._store.async_remove()
        return left

    def _written(self) -> dict[str, Why]:
        """Return what is known, ready for JSON."""
        return {str(output): why for output, why in self._why.items()}


SET_OUTPUTS: HassKey[dict[str, SetOutputs]] = HassKey(f"{DOMAIN}_set_outputs")


def async_get_set_outputs(hass: HomeAssistant, entry_id: str) -> SetOutputs:
    """Return what is known of the outputs of an entry's device."""
    known = hass.data.setdefault(SET_OUTPUTS, {})
    return known.setdefault(entry_id, SetOutputs(hass, entry_id))
