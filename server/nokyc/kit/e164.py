"""Phone numbers in E.164 (ITU-T E.164 §6): what may be dialled, where it is and how it is shown."""

import re
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ShortNumberCost, shortnumberinfo

Kind = Literal["ok", "unsupported", "forbidden"]
LineType = Literal["mobile", "landline"]

CACHE_SIZE = 16_384
"""Numbers remembered by each question; an entry takes a few hundred bytes."""

SIMULATED_PREFIX = "+1500555"
"""The simulated carrier's own block, whatever the numbering plan says of it."""

FORBIDDEN_TYPES = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})

OFFSHORE = ("+870", "+878", "+881", "+882", "+883", "+888")
"""Satellites, and networks of no country: dollars a minute, and a favourite of whoever steals calls."""

UNDIALLED_COUNTRIES = frozenset({"aq", "bv", "gs", "hm", "pn", "tf", "um"})
"""In ISO 3166 but without a numbering plan of their own."""

COUNTRIES = frozenset(region.lower() for region in phonenumbers.SUPPORTED_REGIONS) | UNDIALLED_COUNTRIES
"""ISO 3166-1 alpha-2 in lower case, with the reserved codes that have a numbering plan (`ac`, `ta`, `xk`)."""

CALLING_CODES = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
"""No code is the beginning of another one."""

_SHAPE = re.compile(r"\+[1-9][0-9]{6,14}")


def parse(text: str) -> str:
    """The text itself if it has the shape of E.164 with its plus; nothing is trimmed or guessed.

    Raises:
        ValueError: any other shape.
    """
    if _SHAPE.fullmatch(text):
        return text
    raise ValueError("not E.164: a plus, then 7 to 15 digits of which the first is not 0")


@lru_cache(CACHE_SIZE)
def kind(e164: str) -> Kind:
    """Whether we may dial it: `unsupported`: in no numbering plan, `forbidden`: emergency or costs extra."""
    if e164.startswith(SIMULATED_PREFIX):
        return "ok"
    written = _as_written(e164)
    line_type = phonenumbers.number_type(written) if written else PhoneNumberType.UNKNOWN
    if line_type != PhoneNumberType.UNKNOWN:
        return "forbidden" if line_type in FORBIDDEN_TYPES else "ok"
    number = _read(e164)
    if number is None:
        return "unsupported"
    if phonenumbers.is_valid_number(number):  # +330612… is read as +33612…; a carrier would not be so kind
        return "forbidden" if phonenumbers.number_type(number) in FORBIDDEN_TYPES else "unsupported"
    return "forbidden" if _is_special_short_number(number) else "unsupported"


@lru_cache(CACHE_SIZE)
def display(e164: str) -> str:
    """The international format, such as `+33 6 47 18 90 22`; itself if in no numbering plan."""
    number = _read(e164)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else e164


@lru_cache(CACHE_SIZE)
def country(e164: str) -> str | None:
    """ISO 3166-1 alpha-2 in lower case; None for satellite and other worldwide numbers."""
    number = _read(e164)
    region = phonenumbers.region_code_for_number(number) if number else None
    return region.lower() if region and region.isalpha() else None


@lru_cache(CACHE_SIZE)
def line_type(e164: str) -> LineType | None:
    """What the numbering plan says; None where it does not tell (all of North America)."""
    number = _read(e164)
    match phonenumbers.number_type(number) if number else None:
        case PhoneNumberType.MOBILE:
            return "mobile"
        case PhoneNumberType.FIXED_LINE:
            return "landline"
    return None


@lru_cache(CACHE_SIZE)
def national(e164: str) -> str:
    """The digits after the country code (all digits if that is unknown)."""
    number = _read(e164)
    return _national(number) if number else e164.removeprefix("+")


def _as_written(e164: str) -> PhoneNumber | None:
    """Country code and national digits without the parser's guesses, at a quarter of its price."""
    for length in (1, 2, 3):
        code, digits = e164[1 : 1 + length], e164[1 + length :]
        if code in CALLING_CODES and digits.isdecimal():
            zeros = len(digits) - len(digits.lstrip("0"))
            return PhoneNumber(
                country_code=int(code),
                national_number=int(digits),
                italian_leading_zero=zeros > 0,
                number_of_leading_zeros=zeros or None,
            )
    return None


def _read(e164: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None


def _national(number: PhoneNumber) -> str:
    return phonenumbers.national_significant_number(number)


def _is_special_short_number(number: PhoneNumber) -> bool:
    """+44999, +3381234: an emergency or premium short code behind a country code."""
    digits = _national(number)
    for region in phonenumbers.region_codes_for_country_code(number.country_code or 0):
        if shortnumberinfo.is_emergency_number(digits, region):
            return True
        if shortnumberinfo.expected_cost_for_region(number, region) == ShortNumberCost.PREMIUM_RATE:
            return True
    return False
