"""Test that real devices' documents are written back as they came.

They are no part of the repository: without them the module is skipped.
"""

from pathlib import Path
from typing import Final

from lxml import etree
import pytest

from custom_components.hikvision_anpr.isapi.writable_document import (
    parse,
    serialize,
    writable,
)

SAMPLES: Final = Path(__file__).parents[3] / "shared" / "isapi" / "samples"

if not SAMPLES.is_dir():
    pytest.skip("No messages of real devices at hand", allow_module_level=True)

DOCUMENTS: Final = sorted(
    sample for sample in SAMPLES.glob("*.xml") if "_request_" not in sample.stem
)
"""What devices said; what clients asked is not always well-formed."""

_LIMITS: Final = {"opt", "min", "max", "def"}


def canonical(body: bytes) -> bytes:
    """Return a document in its canonical form, from its root on."""
    body = body.strip(b"\xef\xbb\xbf \t\r\n\0")
    return etree.tostring(etree.fromstring(body), method="c14n")


@pytest.mark.parametrize("sample", DOCUMENTS, ids=lambda path: path.stem)
def test_nothing_changed(sample: Path) -> None:
    """Send what came, down to its comments, its order, and the blanks in between."""
    body = sample.read_bytes()
    root = parse(body)
    assert canonical(serialize(root)) == canonical(body)
    named = {str(name) for one in root.iter(etree.Element) for name in one.attrib}
    if not _LIMITS & named:
        assert canonical(writable(root)) == canonical(body)


def test_there_are_documents() -> None:
    """Do not pass because nothing was read."""
    assert len(DOCUMENTS) > 30
