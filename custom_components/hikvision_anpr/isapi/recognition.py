"""Read and change for which plates a channel reads: a region, and a country (reference 7.3).

A wrong one does not fail: plates are read wrongly. Where a device keeps it differs; the
country is an index of the vendor's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from .client import IsapiClient
from .errors import NOT_TOLD, NotTakenError
from .offers import Offer, async_get_offers_by_path
from .stored_document import (
    NotOfferedError,
    UnknownSettingError,
    async_read,
    async_store,
    set_text,
)
from .writable_document import Element, text
from .written_documents import WrittenDocuments

type Setting = Literal["plate_region", "country"]

_BASIC: Final[Mapping[Setting, str]] = {"plate_region": "region", "country": "CRIndex"}
_PARAM: Final[Mapping[Setting, str]] = {"country": "countryIndex"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Hold a document with some of the settings, and what the device offers for them."""

    path: str
    root_name: str
    root: Element
    names: Mapping[Setting, str]
    offers: Mapping[str, Offer]

    def value(self, setting: Setting) -> str | None:
        """Return what is set; None where the document has no place for it."""
        name = self.names.get(setting)
        return text(self.root, name) if name else None

    def offer(self, setting: Setting) -> Offer:
        """Return what is offered."""
        return self.offers.get(self.names[setting], Offer())


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Hold the documents of a channel, the first of which that has a setting counts."""

    client: IsapiClient
    documents: tuple[Document, ...]

    def place(self, setting: Setting) -> Document | None:
        """Return the document that has a setting."""
        return next(
            (one for one in self.documents if one.value(setting) is not None), None
        )

    def change(self, values: Mapping[Setting, str]) -> None:
        """Put values into the documents; nothing is written yet.

        Raises UnknownSettingError for what the device has no place for, and
        NotOfferedError for what it does not offer.
        """
        for setting, value in values.items():
            if (document := self.place(setting)) is None:
                raise UnknownSettingError(setting)
            if not document.offer(setting).holds(value):
                raise NotOfferedError(setting, value)
            set_text(document.root, (document.names[setting],), value, setting)

    async def async_write(self, values: Mapping[Setting, str]) -> bool:
        """Send each document with a changed value back, and read it again.

        Tells whether the device wants a restart. Raises NotTakenError where it shows
        another value afterwards, PartlyWrittenError where it took one document of two,
        and the errors of the client.
        """
        written = WrittenDocuments()
        for document in self.documents:
            of_it = {
                name: value
                for name, value in values.items()
                if self.place(name) is document
            }
            if of_it:
                await written.async_add(of_it, self._async_write_one(document, of_it))
        return written.wants_restart

    async def _async_write_one(
        self, document: Document, values: Mapping[Setting, str]
    ) -> bool:
        """Send a document back, and read it again."""
        wants_restart = await async_store(self.client, document.path, document.root)
        kept = await async_read(self.client, document.path, document.root_name)
        shown = replace(document, root=kept)
        if not wants_restart and any(
            shown.value(setting) != value for setting, value in values.items()
        ):
            raise NotTakenError("The device keeps its own", path=document.path)
        return wants_restart


async def async_get_recognition(client: IsapiClient, channel: int) -> Recognition:
    """Ask for which plates a channel reads; there may be no document that says it.

    Raises the errors of the client.
    """
    basic = f"/ISAPI/Traffic/channels/{channel}/basic"
    param, query = "/ISAPI/ITC/plateRecognitionParam", f"?channelID={channel}"
    found = (
        await _async_document(client, basic, "", "BasicInfo", _BASIC),
        await _async_document(client, param, query, "PlateRecognitionParam", _PARAM),
    )
    return Recognition(client=client, documents=tuple(filter(None, found)))


async def _async_document(
    client: IsapiClient,
    path: str,
    query: str,
    root_name: str,
    names: Mapping[Setting, str],
) -> Document | None:
    """Return a document; None where the device has none."""
    try:
        root = await async_read(client, f"{path}{query}", root_name)
    except NOT_TOLD:
        return None
    offers = await async_get_offers_by_path(client, f"{path}/capabilities{query}")
    return Document(
        path=f"{path}{query}",
        root_name=root_name,
        root=root,
        names=names,
        offers=offers,
    )
