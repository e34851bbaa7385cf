"""Know by a model's name whether the device can read plates, or record who does.

The families of reference 0.3 and 8.1; a name alone proves nothing, and is used to
decide only what is offered without having been asked for.
"""

import re
from typing import Final

FAMILIES: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        # DeepinView: iDS-2CD7A46G0/P-IZHS, iDS-2CD9396; DS-2CD7026G0/P.
        "deepinview": r"iDS-2CD[789]|DS-2CD7[A-Z0-9]+/P",
        # DS-2CD4A26FWD-IZS/P: those without the P have the menus, but read nothing.
        "ds_2cd4a26": r"DS-2CD4A26[A-Z0-9-]*/P",
        # Entrance and traffic: DS-TCG406-E, iDS-TCM403, iDS-TCV.
        "traffic": r"DS-TCG|iDS-TC",
        # Recorders of the K, I and M series: DS-7608NI-K2, DS-7616NXI-I2/16P/S.
        "recorder": r"i?DS-(?:7[67]|96)\d\dN\w*-[KIM]\d",
    }.items()
}


def family(model: str | None) -> str | None:
    """Return the family of plate readers, or their recorders, that a model belongs to, or None."""
    return next(
        (name for name, pattern in FAMILIES.items() if pattern.match(model or "")),
        None,
    )
