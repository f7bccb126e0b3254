"""The account and its usage as the API shows them."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from nokyc.http.schema import Body, Country, Query
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd

Usd = Annotated[Decimal, Meta(description="US dollars.")]
"""Micro-dollars inside, an exact JSON number outside."""

Dollars = Annotated[float, Meta(ge=0, le=1_000_000, extra_json_schema={"format": "decimal"})]

Period = Literal["current", "last_30d", "last_90d"]


class Account(Struct, frozen=True, kw_only=True):
    """Who pays."""

    object: Literal["account"] = "account"
    email_hash: str | None
    balance_usd: Usd
    default_country: str | None
    balance_low_threshold_usd: Usd | None
    daily_spend_cap_usd: Usd | None
    allowed_countries: list[str] | None
    destination_velocity_per_hour: int | None
    opt_out_everywhere: bool
    max_segments: int
    active_numbers: int
    monthly_call_minutes: int
    monthly_sms_segments: int
    created_at: str


class AccountUpdate(Body, frozen=True, kw_only=True):
    """Body of PATCH /v1/account."""

    balance_low_threshold_usd: Dollars | UnsetType | None = UNSET
    default_country: Country | UnsetType | None = UNSET
    daily_spend_cap_usd: Dollars | UnsetType | None = UNSET
    """What a day (UTC) may cost; renewals that the account agreed to are paid all the same."""
    allowed_countries: Annotated[list[Country], Meta(max_length=300)] | UnsetType | None = UNSET
    """Where messages and calls may go; null is anywhere."""
    destination_velocity_per_hour: Annotated[int, Meta(ge=1, le=1_000_000)] | UnsetType | None = UNSET
    """Messages in an hour to destinations that share their first six digits."""
    opt_out_everywhere: bool | UnsetType = UNSET
    """Whether stop words count on all numbers, not only where carriers demand it."""
    max_segments: Annotated[int, Meta(ge=1, le=10)] | UnsetType = UNSET


class UsageQuery(Query, frozen=True, kw_only=True):
    period: Period = "current"


class CallUsage(Struct, frozen=True, kw_only=True):
    count: int
    inbound: int
    outbound: int
    minutes: int
    cost_usd: Usd


class SmsUsage(Struct, frozen=True, kw_only=True):
    count: int
    inbound: int
    outbound: int
    segments: int
    cost_usd: Usd


class NumberUsage(Struct, frozen=True, kw_only=True):
    active: int
    cost_usd: Usd


class AddonUsage(Struct, frozen=True, kw_only=True):
    cost_usd: Usd


class Day(Struct, frozen=True, kw_only=True):
    """One day, UTC."""

    date: str
    calls: int
    minutes: int
    sms: int
    segments: int
    cost_usd: Usd


class Usage(Struct, frozen=True, kw_only=True):
    """What was used, by kind and by day; the totals are the sums of the days and of the ledger."""

    object: Literal["usage"] = "usage"
    period: Period
    starts_at: str
    ends_at: str
    calls: CallUsage
    sms: SmsUsage
    numbers: NumberUsage
    addons: AddonUsage
    total_cost_usd: Usd
    daily: list[Day]


class ClockAdvance(Body, frozen=True, kw_only=True):
    """Body of POST /v1/test/clock/advance."""

    seconds: Annotated[int, Meta(ge=1, le=10 * 366 * 86_400)]


class TestClock(Struct, frozen=True, kw_only=True):
    """The sandbox's clock."""

    object: Literal["test_clock"] = "test_clock"
    now: str
    advanced_seconds: int


def show_account(row: Any, figures: dict[str, int]) -> Account:
    return Account(
        email_hash=row["email_hash"],
        balance_usd=usd(row["balance_micro"]),
        default_country=row["default_country"],
        balance_low_threshold_usd=_usd(row["low_threshold_micro"]),
        daily_spend_cap_usd=_usd(row["daily_cap_micro"]),
        allowed_countries=row["allowed_countries"],
        destination_velocity_per_hour=row["destination_velocity"],
        opt_out_everywhere=row["opt_out_everywhere"],
        max_segments=row["max_segments"],
        active_numbers=figures["active_numbers"],
        monthly_call_minutes=figures["call_minutes"],
        monthly_sms_segments=figures["sms_segments"],
        created_at=format_instant(row["created_at"]),
    )


def _usd(micro: int | None) -> Decimal | None:
    return None if micro is None else usd(micro)
