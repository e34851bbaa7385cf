"""Recognize the words that programs write into files."""

from collections.abc import Mapping
import re
from typing import Final
from unicodedata import combining, normalize

from ..intake.passage import ListName

_LISTS: Final[dict[ListName, str]] = {
    "allow": "allow, allowed, allowlist, allow list, white, whitelist, white list, 1,"
    " erlaubt, weiss, liste blanche, lista blanca, bianca, witte lijst, biala lista,"
    " белый, 白名单",
    "block": "block, blocked, blocklist, block list, black, blacklist, black list, 0,"
    " gesperrt, schwarz, liste noire, lista negra, nera, zwarte lijst, czarna lista,"
    " черный, 黑名单",
    "none": "none, no, other, keine, aucune, ninguna, nessuna, geen, brak",
}
_NOT_A_WORD: Final = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """Return a name without capitals, marks and signs, as names are compared."""
    letters = normalize("NFKD", name.casefold().replace("ł", "l"))
    bare = "".join(letter for letter in letters if not combining(letter))
    return _NOT_A_WORD.sub(" ", bare).strip()


def by_word[T](words: Mapping[T, str]) -> dict[str, T]:
    """Return what each word stands for; those of one meaning are parted by commas."""
    return {
        plain(word): meaning
        for meaning, written in words.items()
        for word in written.split(",")
    }


_LIST_OF: Final = by_word(_LISTS)


def list_of(value: str) -> ListName | None:
    """Return the list that a word or code of a device means."""
    return _LIST_OF.get(plain(value))
