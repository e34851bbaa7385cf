"""Test settings of recognition that are in two documents."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import NotSupportedError
from custom_components.hikvision_anpr.isapi.recognition import async_get_recognition

from .conftest import MakeClient

BASIC = "/ISAPI/Traffic/channels/2/basic"
PARAM = "/ISAPI/ITC/plateRecognitionParam?channelID=2"


@pytest.fixture
def kept() -> Iterator[dict[str, bytes]]:
    """Return what a device keeps, by path: the region here and the country there."""
    kept = {
        BASIC: b"<BasicInfo><region>EU</region></BasicInfo>",
        PARAM: b"<PlateRecognitionParam><countryIndex>3</countryIndex></PlateRecognitionParam>",
    }

    async def get(_client: IsapiClient, path: str) -> bytes:
        if path not in kept:
            raise NotSupportedError("Not here", path=path)
        return kept[path]

    async def put(_client: IsapiClient, path: str, body: bytes) -> None:
        kept[path] = body

    with (
        patch.object(IsapiClient, "get_bytes", get),
        patch.object(IsapiClient, "put", put),
    ):
        yield kept


async def test_two_documents(make_client: MakeClient, kept: dict[str, bytes]) -> None:
    """Write each setting where it is kept."""
    found = await async_get_recognition(make_client(80), 2)
    found.change({"plate_region": "ME", "country": "46"})
    assert await found.async_write({"plate_region": "ME", "country": "46"}) is False
    assert b"<region>ME</region>" in kept[BASIC]
    assert b"<countryIndex>46</countryIndex>" in kept[PARAM]


async def test_what_is_not_named_stays(
    make_client: MakeClient, kept: dict[str, bytes]
) -> None:
    """Write no document of which nothing changes."""
    before = kept[BASIC]
    found = await async_get_recognition(make_client(80), 2)
    found.change({"country": "46"})
    await found.async_write({"country": "46"})
    assert kept[BASIC] is before
