"""Check the texts of the user interface as hassfest does."""

from pathlib import Path
from typing import Final

from homeassistant.util.json import load_json_object
import pytest

from .house import ENGLISH, INTEGRATION, flat_json
from .text_rules import faults, placeholders

LANGUAGES: Final = sorted(ENGLISH.parent.glob("*.json"))
GOOD: Final = {
    "config.step.user.data.host": "Host",
    "config.step.user.data_description.host": "The address of {name}.",
}


def test_english_obeys_hassfest() -> None:
    """Keep to known keys and to plain text, each field with its description."""
    assert list(faults(flat_json(ENGLISH))) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.step.user.heading", "Unknown key"),
        ("config.step.user.data.port", "Port"),
        ("config.step.user.data_description.user", "Of no field"),
        ("config.step.Upper.title", "Upper case"),
        ("config.step.user.title", "A <b>bold</b> word"),
        ("config.step.user.title", "See https://example.com"),
        ("config.step.user.title", "Sign in to '{host}'"),
        ("config.step.user.title", "Blank "),
        ("config.step.user.title", ""),
        ("config.error.cannot_connect", "[%key:common::config_flow::error%]"),
    ],
)
def test_faults_are_found(path: str, text: str) -> None:
    """Refuse what hassfest refuses, and nothing else."""
    assert list(faults(GOOD)) == []
    assert list(faults({**GOOD, path: text})) != []


def test_no_step_is_titled_with_the_brand() -> None:
    """Leave the integration's name out: the dialog shows it already."""
    name = load_json_object(INTEGRATION / "manifest.json")["name"]
    titles = {path for path, text in flat_json(ENGLISH).items() if text == name} - {
        "title"
    }
    assert not titles


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_language_says_the_same(path: Path) -> None:
    """Give each language exactly the English keys and placeholders."""
    english, other = flat_json(ENGLISH), flat_json(path)
    assert set(other) == set(english)
    assert {key: placeholders(text) for key, text in other.items()} == {
        key: placeholders(text) for key, text in english.items()
    }
