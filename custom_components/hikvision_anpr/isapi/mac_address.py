"""Read hardware addresses, however devices write them."""

import re


def read_mac_address(text: str) -> str | None:
    """Return an address in lower case with colons, or None (reference 9.1, 9.4)."""
    digits = re.sub(r"[:.\s-]", "", text).lower()
    if not re.fullmatch("[0-9a-f]{12}", digits) or not int(digits, 16):
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
