"""Give Home Assistant a language that the integration does not have."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.helpers import translation

from custom_components.hikvision_anpr.const import DOMAIN

_LOAD = translation._load_translations_files_by_language  # noqa: SLF001


@contextmanager
def spoken(language: str, texts: dict[str, Any]) -> Iterator[None]:
    """Let the integration have some texts in a language, as one of its files would."""

    def load(files: dict[str, dict[str, Path]]) -> dict[str, dict[str, Any]]:
        loaded = _LOAD({key: paths for key, paths in files.items() if key != language})
        return {**loaded, language: {DOMAIN: texts}} if language in files else loaded

    with patch.object(translation, "_load_translations_files_by_language", load):
        yield
