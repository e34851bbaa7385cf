"""Hold the rules that hassfest has for translations, over flattened files."""

from collections.abc import Iterator
import re
from string import Formatter
from typing import Final

_STEP: Final = r"""step\.K\.(?:title|description|submit
    |(?:data|data_description|menu_options|menu_option_descriptions)\.K
    |sections\.K\.(?:name|description|(?:data|data_description)\.K))"""
_FLOW: Final = rf"(?:{_STEP}|(?:error|abort|progress|create_entry)\.K)"
_DESCRIBED: Final = r"(?:name|description|(?:fields|sections)\.K\.(?:name|description))"
_PATHS: Final = rf"""
    title
    |config\.(?:flow_title|{_FLOW})
    |options\.{_FLOW}
    |config_subentries\.K\.(?:entry_type|initiate_flow\.K|{_FLOW})
    |entity\.K\.K\.(?:name|unit_of_measurement|state\.K
        |state_attributes\.K\.(?:name|state\.K))
    |device\.K\.name
    |exceptions\.K\.message
    |issues\.K\.(?:title|description|fix_flow\.{_FLOW})
    |(?:services|triggers|conditions)\.K\.{_DESCRIBED}
    |selector\.K\.(?:options\.K|fields\.K\.(?:name|description))
    |system_health\.info\.K
"""
PATH: Final = re.compile(_PATHS.replace("K", "[a-z0-9_-]+"), re.VERBOSE)
FAULTS: Final = {
    "holds HTML": re.compile(r"</?[a-zA-Z][^>]*>"),
    "holds a URL": re.compile(r"\b(?:https?|ftp)://|\bwww\."),
    "holds a reference that only core resolves": re.compile(r"\[%key:"),
    "quotes a placeholder": re.compile(r"'\{\w+\}'"),
    "begins or ends with a blank": re.compile(r"^\s|\s$"),
    "is empty": re.compile(r"^$"),
}


def faults(texts: dict[str, str]) -> Iterator[str]:
    """Yield what hassfest would refuse, with the path of the text."""
    for path, text in texts.items():
        if not PATH.fullmatch(path):
            yield f"{path} is no key of a translation"
        for fault, pattern in FAULTS.items():
            if pattern.search(text):
                yield f"{path} {fault}"
    yield from (f"{path} has no description" for path in undescribed_fields(texts))
    yield from (f"{path} describes no field" for path in orphan_descriptions(texts))


def undescribed_fields(texts: dict[str, str]) -> set[str]:
    """Return the fields of a form that lack the sentence below them."""
    fields = {path for path in texts if re.search(r"\.data\.[^.]+$", path)}
    return {path for path in fields if _description(path) not in texts}


def orphan_descriptions(texts: dict[str, str]) -> set[str]:
    """Return the sentences that stand below no field."""
    described = {path for path in texts if re.search(r"\.data_description\.", path)}
    return {
        path
        for path in described
        if path.replace(".data_description.", ".data.") not in texts
    }


def _description(path: str) -> str:
    """Return the path of the sentence below a field."""
    head, _, field = path.rpartition(".data.")
    return f"{head}.data_description.{field}"


def placeholders(text: str) -> set[str]:
    """Return the names in curly brackets."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
