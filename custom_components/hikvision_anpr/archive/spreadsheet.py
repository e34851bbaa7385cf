"""Write cells that no spreadsheet evaluates as a formula."""

from typing import Final

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet may take for the beginning of a formula, and what keeps it from."""

BYTE_ORDER_MARK: Final = "\ufeff"


def safe_cell(cell: str) -> str:
    """Return a cell with a quote before what might be a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def bare_cell(cell: str) -> str:
    """Return a cell without the quote that `safe_cell` put before it."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in DANGEROUS else cell
