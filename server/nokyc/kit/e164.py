"""Phone numbers in E.164 (ITU-T E.164 §6): what may be dialled, where it is and how it is shown."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import (
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberDesc,
    PhoneNumberFormat,
    PhoneNumberType,
    ShortNumberCost,
    shortnumberinfo,
)

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

NOTHING = "(?!)"
"""A pattern that nothing matches."""

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
    if (verdict := _as_written(e164)) is not None:
        return verdict
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


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers of one type in one region's plan."""

    lengths: frozenset[int]
    pattern: re.Pattern[str]

    def have(self, digits: str) -> bool:
        return (not self.lengths or len(digits) in self.lengths) and self.pattern.fullmatch(digits) is not None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A region's numbering plan, compiled once: `phonenumbers` finds the type of a number at five times the price."""

    leading: re.Pattern[str] | None
    all: _Numbers
    premium: _Numbers
    free: _Numbers
    shared: _Numbers
    others: tuple[_Numbers, ...]

    def verdict(self, digits: str) -> Kind | None:
        """None: there is no such number."""
        if not self.all.have(digits):
            return None
        if self.premium.have(digits) or (self.shared.have(digits) and not self.free.have(digits)):
            return "forbidden"
        for numbers in self.others:
            if numbers.have(digits):
                return "ok"
        return None


def _as_written(e164: str) -> Kind | None:
    """The verdict without the parser's guesses; None: there is no such number."""
    for length in (1, 2, 3):
        code, digits = e164[1 : 1 + length], e164[1 + length :]
        if code in CALLING_CODES and digits.isdecimal():
            plans = _plans(int(code))
            if len(plans) == 1:
                return plans[0].verdict(digits)
            for plan in plans:
                if plan.leading is None:
                    if (verdict := plan.verdict(digits)) is not None:
                        return verdict
                elif plan.leading.match(digits):
                    return plan.verdict(digits)
    return None


@cache
def _plans(code: int) -> tuple[_Plan, ...]:
    """Those of the regions that share a calling code, in the order in which they are asked."""
    return tuple(
        _plan(metadata)
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
        if (metadata := PhoneMetadata.metadata_for_region_or_calling_code(code, region)) is not None
    )


def _plan(metadata: PhoneMetadata) -> _Plan:
    others = [
        metadata.mobile, metadata.fixed_line, metadata.toll_free, metadata.voip, metadata.personal_number,
        metadata.pager, metadata.uan, metadata.voicemail,
    ]  # fmt: skip
    return _Plan(
        leading=re.compile(metadata.leading_digits) if metadata.leading_digits else None,
        all=_numbers(metadata.general_desc),
        premium=_numbers(metadata.premium_rate),
        free=_numbers(metadata.toll_free),
        shared=_numbers(metadata.shared_cost),
        others=tuple(_numbers(one) for one in others if one is not None),
    )


def _numbers(one: PhoneNumberDesc | None) -> _Numbers:
    if one is None or not one.national_number_pattern:
        return _Numbers(frozenset(), re.compile(NOTHING))
    return _Numbers(frozenset(one.possible_length), re.compile(one.national_number_pattern))


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
