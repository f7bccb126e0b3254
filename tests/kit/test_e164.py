"""Shape, plan and price of numbers."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc.kit import e164

MOBILES = [
    (region, phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    if (example := phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE))
]
EXAMPLES = [
    phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in phonenumbers.PhoneNumberType.values()
    if (example := phonenumbers.example_number_for_type(region, kind))
]
SAMPLES = ["+12025550143", "+33612345678", "+33647189022", "+33611112222"]
MAGIC = [f"+1500555{n:04d}" for n in (*range(1, 7), *range(10, 16))]


@pytest.mark.parametrize("text", [*SAMPLES, *MAGIC, "+1234567", "+" + "9" * 15])
def test_parse_returns_what_has_the_shape(text: str) -> None:
    assert e164.parse(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "33612345678",
        "0033612345678",
        "0612345678",
        "+0612345678",
        "+123456",
        "+1234567890123456",
        "+33 612345678",
        " +33612345678",
        "+33612345678\n",
        "+33-612345678",
        "+３３612345678",
        "+٣٣٦١٢٣٤٥٦٧٨",
        "tel:+33612345678",
        "+33612345678;ext=1",
    ],
)
def test_parse_refuses_any_other_shape(text: str) -> None:
    with pytest.raises(ValueError, match=r"E\.164"):
        e164.parse(text)


@pytest.mark.parametrize("number", [*SAMPLES, *MAGIC, "+14155552671", "+447911123456", "+390612345678"])
def test_ordinary_numbers_are_ok(number: str) -> None:
    assert e164.kind(number) == "ok"


@pytest.mark.parametrize(
    "number",
    ["+999123456789", "+15550001111", "+3361234567", "+336123456789", "+330612345678", "+4407911123456"],
)
def test_numbers_outside_every_plan_are_unsupported(number: str) -> None:
    assert e164.kind(number) == "unsupported"


@pytest.mark.parametrize(
    "number",
    [
        *("+33112", "+44999", "+1911", "+49110", "+61000"),  # emergency behind a country code
        *("+19005551234", "+33899123456", "+3381234"),  # premium rate, the last one a short code
        "+33884012345",  # shared cost
    ],
)
def test_emergency_and_premium_numbers_are_forbidden(number: str) -> None:
    assert e164.kind(number) == "forbidden"


@pytest.mark.parametrize(("region", "number"), MOBILES)
def test_every_country_s_mobiles_are_ok_and_know_where_they_are(region: str, number: str) -> None:
    assert e164.kind(e164.parse(number)) == "ok"
    country = e164.country(number)  # small islands share their neighbour's plan, so compare the plans
    assert country in e164.COUNTRIES
    assert phonenumbers.country_code_for_region(country.upper()) == phonenumbers.country_code_for_region(region)
    assert number.endswith(e164.national(number))


@given(st.from_regex(r"\+[0-9]{0,17}", fullmatch=True))
def test_no_digits_raise(number: str) -> None:
    assert e164.kind(number) in ("ok", "unsupported", "forbidden")
    assert e164.display(number)
    assert e164.line_type(number) in ("mobile", "landline", None)
    assert (e164.country(number) or "fr") in e164.COUNTRIES
    assert e164.national(number).isdigit() or number == "+"


def test_display_country_and_line_type() -> None:
    assert e164.display("+33647189022") == "+33 6 47 18 90 22"
    assert e164.display("+12025550143") == "+1 202-555-0143"
    assert e164.display("+999123456789") == "+999123456789"
    assert e164.country("+33647189022") == "fr"
    assert e164.country("+12025550143") == "us"
    assert e164.country("+15005550001") == "us"
    assert e164.country("+881612345678") is None  # satellite
    assert e164.line_type("+33647189022") == "mobile"
    assert e164.line_type("+33123456789") == "landline"
    assert e164.line_type("+12025550143") is None  # North America does not tell
    assert e164.national("+33647189022") == "647189022"


def test_countries_are_iso_3166() -> None:
    assert len(e164.COUNTRIES - {"ac", "ta", "xk"}) == 249
    assert {"fr", "us", "gb", "aq", "tf"} <= e164.COUNTRIES
    assert not {"uk", "eu", "zz", "FR", "001"} & e164.COUNTRIES


@given(st.sampled_from(EXAMPLES), st.integers(1, 3), st.text("0123456789", min_size=1, max_size=3))
def test_the_verdict_is_the_parser_s(example: str, start: int, digits: str) -> None:
    """The short way to a verdict says what the numbering plans' own parser says of the number as it is written."""
    number = example[: -start - len(digits)] + digits + example[len(example) - start :]
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        assert e164.kind(number) != "ok"
        return
    as_written = number == f"+{parsed.country_code}{phonenumbers.national_significant_number(parsed)}"
    costs_extra = phonenumbers.number_type(parsed) in e164.FORBIDDEN_TYPES
    is_ok = as_written and phonenumbers.is_valid_number(parsed) and not costs_extra
    assert (e164.kind(number) == "ok") == is_ok
