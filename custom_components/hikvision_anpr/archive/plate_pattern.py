"""Parse what users enter to find a plate, and match plates against it."""

from collections.abc import Sequence
from dataclasses import dataclass
import re
from typing import Final, Self

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ..intake.folding import fold_plate
from ..intake.passage import normalize_plate
from .errors import SearchError
from .plate_hash import PlateHash

LONGEST: Final = 64
MOST_DISTANCE: Final = 2
_QUOTED: Final = re.compile(r'"([^"]*)"')
_WILDCARDS: Final = re.compile(r"([*?])")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatePattern:
    """Hold the pieces of a plate: literal text in capitals, `*` and `?` between them.

    `folded` compares look-alikes as equal, `distance` allows so many edits. `hashed` is
    the token of the plate, where it may be a whole one.
    """

    pieces: tuple[str, ...]
    folded: bool = False
    distance: int = 0
    hashed: str | None = None

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        look_alikes: bool = False,
        distance: int = 0,
        plate_hash: PlateHash | None = None,
    ) -> Self:
        """Read a part of a plate, a mask with `*` and `?`, or a whole plate in quotes.

        Separators and spaces never matter. Raises SearchError where nothing is left.
        """
        if len(text) > LONGEST:
            raise SearchError("plate_too_long")
        quoted = _QUOTED.fullmatch(text.strip())
        pieces = _pieces(quoted[1] if quoted else text)
        if not any(piece not in "*?" for piece in pieces):
            raise SearchError("plate_without_characters")
        if distance and not all(piece not in "*?" for piece in pieces):
            raise SearchError("distance_with_wildcards")
        if not quoted and not distance and len(pieces) == 1:
            pieces = ["*", *pieces, "*"]
        folded = look_alikes or distance > 0
        literals = [piece for piece in pieces if piece != "*"]
        is_whole = len(literals) == 1 and literals != ["?"]
        return cls(
            pieces=tuple(map(fold_plate, pieces)) if folded else tuple(pieces),
            folded=folded,
            distance=distance,
            hashed=plate_hash.token(literals[0]) if plate_hash and is_whole else None,
        )

    @property
    def like(self) -> str:
        """Return the pattern for SQL's LIKE; no piece holds a sign of its own."""
        return "".join({"*": "%", "?": "_"}.get(piece, piece) for piece in self.pieces)

    @property
    def literals(self) -> list[str]:
        """Return the pieces that are text."""
        return [piece for piece in self.pieces if piece not in "*?"]

    @property
    def is_whole(self) -> bool:
        """Tell whether it is one plate, without anything left open."""
        return len(self.pieces) == 1 and self.pieces[0] not in "*?"

    @property
    def is_part(self) -> bool:
        """Tell whether it is a text with anything around it."""
        return len(self.literals) == 1 and self.pieces[::2] == ("*", "*")

    def matches(self, normalized: str | None) -> bool:
        """Compare a normalized plate."""
        if normalized is None:
            return False
        plate = fold_plate(normalized) if self.folded else normalized
        if self.distance:
            return bool(self.places_near([plate]))
        expression = "".join(
            {"*": ".*", "?": "."}.get(piece) or re.escape(piece)
            for piece in self.pieces
        )
        return re.fullmatch(expression, plate) is not None

    def places_near(self, folded: Sequence[str]) -> list[int]:
        """Return the places of those folded plates that are within the distance."""
        found = process.extract(
            "".join(self.pieces),
            folded,
            scorer=Levenshtein.distance,
            score_cutoff=self.distance,
            limit=None,
        )
        return [place for _, _, place in found]


def _pieces(text: str) -> list[str]:
    """Split a text at its wildcards; several stars in a row are one."""
    pieces: list[str] = []
    for part in _WILDCARDS.split(text):
        piece = part if part and part in "*?" else normalize_plate(part)
        if piece and not (piece == "*" and pieces[-1:] == ["*"]):
            pieces.append(piece)
    return pieces
