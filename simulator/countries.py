"""Name countries with three letters, as the plates query does (reference 1.8, 4.1)."""

from typing import Final

#: By index from 1: those of Europe and its neighbours, in the order of the vendor.
_FROM_1: Final = """
    CZE FRA DEU ESP ITA NLD POL SVK BLR MDA RUS UKR BEL BGR DNK FIN GBR GRC HRV HUN
    ISR LUX MKD NOR PRT ROU SRB AZE GEO KAZ LTU TKM UZB LVA EST ALB AUT BIH IRL ISL
    VAT MLT SWE CHE CYP TUR SVN MNE XKX AND ARM MCO LIE SMR
"""

_LETTERS: Final = {
    str(index): name for index, name in enumerate(_FROM_1.split(), start=1)
}


def three_letters(country: str) -> str:
    """Return an index as three letters; letters stay; empty when it is not known."""
    return country if country.isalpha() else _LETTERS.get(country, "")
