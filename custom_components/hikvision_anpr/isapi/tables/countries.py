"""Turn a device's country codes into ISO 3166-1 alpha-2 (reference 1.8)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Every run starts at the index of its first entry, alpha-2 and alpha-3 side by side.
# Indices of a region belong to its country: 96 Sikkim to India, 162 the Canary
# Islands to Spain, 163 the Azores and 164 Madeira to Portugal, 251 Hawaii to the
# United States. 81 is Turkey a second time. Kosovo (49) has the user-assigned XK;
# 209, the Netherlands Antilles, keeps the withdrawn AN: its successors Curaçao and
# Sint Maarten have indices of their own, so naming one of them would be a guess.
_RUNS: Final[Mapping[int, str]] = {
    1: (
        "CZ CZE, FR FRA, DE DEU, ES ESP, IT ITA, NL NLD, PL POL, SK SVK, BY BLR, "
        "MD MDA, RU RUS, UA UKR, BE BEL, BG BGR, DK DNK, FI FIN, GB GBR, GR GRC, "
        "HR HRV, HU HUN, IL ISR, LU LUX, MK MKD, NO NOR, PT PRT, RO ROU, RS SRB, "
        "AZ AZE, GE GEO, KZ KAZ, LT LTU, TM TKM, UZ UZB, LV LVA, EE EST, AL ALB, "
        "AT AUT, BA BIH, IE IRL, IS ISL, VA VAT, MT MLT, SE SWE, CH CHE, CY CYP, "
        "TR TUR, SI SVN, ME MNE, XK XKX, AD AND, AM ARM, MC MCO, LI LIE, SM SMR"
    ),
    59: (
        "CN CHN, BH BHR, KR KOR, LB LBN, NP NPL, TH THA, PK PAK, AE ARE, BT BTN, "
        "OM OMN, KP PRK, PH PHL, KH KHM, QA QAT, KG KGZ, MV MDV, MY MYS, MN MNG, "
        "SA SAU, BN BRN, LA LAO, JP JPN, TR TUR, PS PSE, TJ TJK, KW KWT, SY SYR, "
        "IN IND, ID IDN, AF AFG, LK LKA, IQ IRQ, VN VNM, IR IRN, YE YEM, JO JOR, "
        "MM MMR, IN IND, BD BGD, SG SGP, TL TLS"
    ),
    104: (
        "EG EGY, LY LBY, SD SDN, TN TUN, DZ DZA, MA MAR, ET ETH, ER ERI, SO SOM, "
        "DJ DJI, KE KEN, TZ TZA, UG UGA, RW RWA, BI BDI, SC SYC, TD TCD, CF CAF, "
        "CM CMR, GQ GNQ, GA GAB, CG COG, CD COD, ST STP, MR MRT, EH ESH, SN SEN, "
        "GM GMB, ML MLI, BF BFA, GN GIN, GW GNB, CV CPV, SL SLE, LR LBR, CI CIV, "
        "GH GHA, TG TGO, BJ BEN, NE NER, ZM ZMB, AO AGO, ZW ZWE, MW MWI, MZ MOZ, "
        "BW BWA, NA NAM, ZA ZAF, SZ SWZ, LS LSO, MG MDG, KM COM, MU MUS, NG NGA, "
        "SS SSD, SH SHN, YT MYT, RE REU, ES ESP, PT PRT, PT PRT"
    ),
    169: (
        "CA CAN, GL GRL, PM SPM, US USA, BM BMU, MX MEX, GT GTM, BZ BLZ, SV SLV, "
        "HN HND, NI NIC, CR CRI, PA PAN, BS BHS, TC TCA, CU CUB, JM JAM, KY CYM, "
        "HT HTI, DO DOM, PR PRI, VI VIR, VG VGB, AI AIA, AG ATG, MF MAF, SX SXM, "
        "BL BLM, KN KNA, MS MSR, GP GLP, DM DMA, MQ MTQ, LC LCA, VC VCT, GD GRD, "
        "BB BRB, TT TTO, CW CUW, AW ABW, AN ANT, CO COL, VE VEN, GY GUY, SR SUR, "
        "GF GUF, EC ECU, PE PER, BO BOL, PY PRY, CL CHL, BR BRA, UY URY, AR ARG"
    ),
    227: (
        "AU AUS, NZ NZL, PG PNG, SB SLB, VU VUT, NC NCL, PW PLW, FM FSM, MH MHL, "
        "MP MNP, GU GUM, NR NRU, KI KIR, FJ FJI, TO TON, TV TUV, WF WLF, WS WSM, "
        "AS ASM, TK TKL, NU NIU, CK COK, PF PYF, PN PCN, US USA"
    ),
    256: "TW TWN, HK HKG, MO MAC",
}

# Countries of ISO 3166-1 that have no index; only text can name them.
_WITHOUT_INDEX: Final = (
    "AQ ATA, AX ALA, BQ BES, BV BVT, CC CCK, CX CXR, FK FLK, FO FRO, GG GGY, GI GIB, "
    "GS SGS, HM HMD, IM IMN, IO IOT, JE JEY, NF NFK, SJ SJM, TF ATF, UM UMI"
)

# Middle East firmware names the emirate in place of the country (reference 1.4).
# The two-letter emirates (AD, AM, SJ) are left to ISO, which means other countries.
_EMIRATES: Final = "AJM AUH DXB FJR FUJ RAK SHJ UAE UAQ UMW"


def _pairs(run: str) -> list[tuple[str, str]]:
    """Split a run into its pairs of alpha-2 and alpha-3."""
    return [(alpha2, alpha3) for alpha2, alpha3 in map(str.split, run.split(","))]


_ALPHA3: Final = {
    alpha3: alpha2
    for run in (*_RUNS.values(), _WITHOUT_INDEX)
    for alpha2, alpha3 in _pairs(run)
}

COUNTRIES: Final[Mapping[int, str]] = MappingProxyType(
    {
        index: alpha2
        for start, run in _RUNS.items()
        for index, (alpha2, _) in enumerate(_pairs(run), start)
    }
)
"""Index of `country` and `CRIndex` -> ISO 3166-1 alpha-2 (reference 1.8)."""

_ALPHA2: Final = frozenset(_ALPHA3.values())

_BY_TEXT: Final[Mapping[str, str]] = MappingProxyType(
    {str(index): alpha2 for index, alpha2 in COUNTRIES.items()}
    | dict.fromkeys(_EMIRATES.split(), "AE")
    | {alpha2: alpha2 for alpha2 in _ALPHA2}
    | _ALPHA3
)


def country_code(
    country: str | None, cr_index: str | None = None, iso: str | None = None
) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a read's country, None when unknown.

    `country` is an index or a code of two or three letters, `cr_index` the index of
    `CRIndex`, `iso` the text of `ISO-CR`. A valid `iso` wins; `cr_index` speaks where
    `country` is absent, unknown or 253, "read CRIndex" (reference 1.4).
    """
    alpha2 = _fold(iso)
    if alpha2 in _ALPHA2:
        return alpha2
    return _BY_TEXT.get(_fold(country)) or _BY_TEXT.get(_fold(cr_index))


def _fold(text: str | None) -> str:
    """Return a code in capitals without the blanks around it."""
    return (text or "").strip().upper()
