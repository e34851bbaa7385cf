"""Write cells that no spreadsheet evaluates as a formula."""

import re
from typing import Final

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet may take for the beginning of a formula, and what keeps it from."""

_UNWRITABLE: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)
"""What no workbook can hold (XML 1.0, 2.2), and JSON of a device may."""

BYTE_ORDER_MARK: Final = "\ufeff"


def safe_cell(cell: str) -> str:
    """Return a cell with a quote before what might be a formula.

    Characters that a workbook cannot hold are left out.
    """
    if not cell.isprintable():
        cell = _UNWRITABLE.sub("", cell)
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def bare_cell(cell: str) -> str:
    """Return a cell without the quote that `safe_cell` put before it."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in DANGEROUS else cell
