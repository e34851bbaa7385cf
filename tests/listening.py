"""Walk through the options that make a camera post to Home Assistant."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.camera import SimulatedCamera
from simulator.listening.host import ListeningHost

OTHER = "http://192.0.2.99:80/other"


class Dialog:
    """Walk through the options of an entry."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        """Begin before the first form."""
        self._hass = hass
        self._entry = entry
        self.shown: ConfigFlowResult

    async def choose(self, intake: str) -> ConfigFlowResult:
        """Open the options and choose how reads come in."""
        flows = self._hass.config_entries.options
        self.shown = await flows.async_init(self._entry.entry_id)
        return await self.submit(intake=intake)

    async def pick(self, option: str) -> ConfigFlowResult:
        """Choose from the menu that is shown."""
        assert self.shown["type"] is FlowResultType.MENU
        assert option in self.shown["menu_options"]
        return await self.submit(next_step_id=option)

    async def submit(self, **form: Any) -> ConfigFlowResult:
        """Fill in what is shown."""
        flows = self._hass.config_entries.options
        self.shown = await flows.async_configure(self.shown["flow_id"], form)
        return self.shown

    async def set_up_device(self, intake: str = "listening") -> None:
        """Let the device be set up, and agree to everything."""
        await self.choose(intake)
        await self.pick("on_device")
        await self.submit(pictures="all")
        await self.submit()
        assert self.shown["step_id"] == "result"
        result = await self.submit()
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await self._hass.async_block_till_done()

    async def done(self) -> None:
        """Wait until what was chosen acts."""
        await self._hass.async_block_till_done()

    @property
    def placeholders(self) -> dict[str, str]:
        """Return the values in the text that is shown."""
        return dict(self.shown["description_placeholders"] or {})

    @property
    def suggested(self) -> dict[str, Any]:
        """Return the values that the form suggests."""
        schema = self.shown["data_schema"]
        assert schema is not None
        return {
            str(field): (field.description or {}).get("suggested_value")
            for field in schema.schema
        }


def documents(camera: SimulatedCamera) -> list[bytes]:
    """Return the slots of a camera as it keeps them."""
    return [host.document for host in camera.listening.hosts]


def occupy(camera: SimulatedCamera, *slots: int) -> None:
    """Let other systems use slots."""
    for slot in slots:
        camera.listening.post_to(f"{OTHER}{slot}", slot=slot)


def ours(camera: SimulatedCamera, entry: MockConfigEntry) -> ListeningHost:
    """Return the one slot that leads to us."""
    path = f"/api/webhook/{entry.data[CONF_WEBHOOK_ID]}"
    (host,) = (host for host in camera.listening.hosts if host.url == path)
    return host
