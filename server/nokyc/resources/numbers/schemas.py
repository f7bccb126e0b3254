"""Numbers and available numbers as the API shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from nokyc.http.schema import Body, Country, ListQuery, Metadata
from nokyc.kit import e164, ids
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd
from nokyc.kit.periods import BillingPeriod
from nokyc.resources.accounts.schemas import Usd

Addon = Literal["ai-pickup", "ai-screen", "ai-summary", "ai-trans"]
LineType = Literal["mobile", "landline"]
Tier = Literal["standard", "premium"]
Status = Literal["active", "paused", "released"]

ADDON_ORDER: tuple[Addon, ...] = ("ai-pickup", "ai-screen", "ai-summary", "ai-trans")


class Number(Struct, frozen=True, kw_only=True):
    """A leased number."""

    id: str
    object: Literal["number"] = "number"
    number: str
    display: str
    country: str
    type: LineType
    tier: Tier
    tier_pattern: str | None
    status: Status
    billing_period: BillingPeriod
    renews_at: str
    auto_renew: bool
    addons: list[Addon]
    ai_enabled: bool
    webhook_url: str | None
    on_off: dict[str, Any] | None
    metadata: Annotated[Raw | None, Meta(extra_json_schema={"type": ["object", "null"]})]
    created_at: str
    webhook_secret: str | UnsetType = UNSET
    """Signing secret of webhook_url, only in the answer that set the URL."""


class Prices(Struct, frozen=True, kw_only=True):
    """What each billing period costs."""

    monthly: Usd
    quarterly: Usd
    yearly: Usd


class AvailableNumber(Struct, frozen=True, kw_only=True):
    """A number for sale, and a price for half an hour."""

    id: str
    object: Literal["available_number"] = "available_number"
    number: str
    display: str
    country: str
    type: LineType
    tier: Tier
    tier_pattern: str | None
    prices: Prices
    expires_at: str


class AvailableQuery(ListQuery, frozen=True, kw_only=True):
    """Filters of GET /v1/numbers/available."""

    country: Country
    type: LineType | None = None
    tier: Tier | None = None
    tier_pattern: str | None = None
    contains: Annotated[str, Meta(pattern=r"^\+?[0-9]{1,15}$")] | None = None


class NumberQuery(ListQuery, frozen=True, kw_only=True):
    """Filters of GET /v1/numbers."""

    country: Country | None = None
    type: LineType | None = None
    status: Status | None = None


class NumberCreate(Body, frozen=True, kw_only=True):
    """Body of POST /v1/numbers."""

    available_id: str
    billing_period: BillingPeriod
    addons: list[Addon] | None = None
    webhook_url: str | None = None
    auto_renew: bool | None = None
    metadata: Metadata | None = None


class NumberUpdate(Body, frozen=True, kw_only=True):
    """Body of PATCH /v1/numbers/{id}."""

    auto_renew: bool | UnsetType = UNSET
    webhook_url: str | UnsetType | None = UNSET
    addons: list[Addon] | UnsetType = UNSET
    on_off: dict[str, Any] | UnsetType | None = UNSET
    status: Status | UnsetType = UNSET
    metadata: Metadata | UnsetType | None = UNSET


class NumberRenew(Body, frozen=True, kw_only=True):
    """Body of POST /v1/numbers/{id}/renew."""

    billing_period: BillingPeriod | None = None


def effective_status(row: Any) -> Status:
    """The status that customers see: a number inside an off window reads paused."""
    if row["status"] == "active" and row["off_now"]:
        return "paused"
    status: Status = row["status"]
    return status


def show_number(row: Any, *, webhook_secret: str | None = None) -> Number:
    return Number(
        id=ids.show("num", row["id"]),
        number=row["e164"],
        display=e164.display(row["e164"]),
        country=row["country"],
        type=row["type"],
        tier=row["tier"],
        tier_pattern=row["tier_pattern"],
        status=effective_status(row),
        billing_period=row["billing_period"],
        renews_at=format_instant(row["renews_at"]),
        auto_renew=row["auto_renew"],
        addons=row["addons"],
        ai_enabled=bool(row["addons"]),
        webhook_url=row["webhook_url"],
        on_off=row["on_off"],
        metadata=show_metadata(row["metadata"]),
        created_at=format_instant(row["created_at"]),
        webhook_secret=UNSET if webhook_secret is None else webhook_secret,
    )


def show_metadata(text: str | None) -> Raw | None:
    """Stored JSON, byte for byte."""
    return None if text is None else Raw(text.encode())


def show_available(row: Any, quote_id: int, expires_at: datetime, prices: dict[BillingPeriod, int]) -> AvailableNumber:
    return AvailableNumber(
        id=ids.show("navail", quote_id),
        number=row["e164"],
        display=e164.display(row["e164"]),
        country=row["country"],
        type=row["type"],
        tier=row["tier"],
        tier_pattern=row["tier_pattern"],
        prices=Prices(monthly=usd(prices["monthly"]), quarterly=usd(prices["quarterly"]), yearly=usd(prices["yearly"])),
        expires_at=format_instant(expires_at),
    )
