"""The tables of the configuration file, as they are written in TOML.

Secrets are references, never values: `{ env = "NAME" }` or `{ file = "path" }`. A name in the books is a string, or
`{ code = "…" }` or `{ id = "…" }`.
"""

import re
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from schemas.mapping import Named
from schemas.money import EXPONENTS
from schemas.sources import NOUNS, Kind, Noun
from service.wrong_values import did_you_mean

PLATFORMS: Final = (
    "QUICKBOOKS QUICKBOOKS_DESKTOP XERO NETSUITE SAGE_INTACCT SAGE_INTACCT_V2 DYNAMICS365 FRESHBOOKS ZOHOBOOKS "
    "SAGE_BUSINESS_CLOUD SAGE_50 SAGE200CLOUD FREEAGENT EXACTONLINE KASHFLOW MONEYBIRD WAVE TALLY ODOO DUALENTRY"
).split()
"""Rutter's platform names for accounts receivable."""


def _is_alias(value: str) -> str:
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,62}", value) is None:
        raise ValueError("must be 1 to 63 lower-case letters, digits, dots, dashes or underscores")
    return value


Alias = Annotated[str, AfterValidator(_is_alias)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SecretReference(_Strict):
    """Where a secret is kept."""

    env: str | None = None
    file: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _never_a_value(cls, value: object) -> object:
        if not isinstance(value, dict) or set(value) not in ({"env"}, {"file"}):
            raise ValueError('a secret is never written here: give { env = "NAME" } or { file = "path" }')
        return value


_HOW_NAMED: Final = 'give its name in the books, or { code = "…" } or { id = "…" }'


class NamedEntry(_Strict):
    """A thing in the books, by exactly one of these."""

    name: str | None = None
    code: str | None = None
    id: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [part for part in (self.name, self.code, self.id) if part is not None]
        if len(given) != 1 or not given[0]:
            raise ValueError(_HOW_NAMED)
        return self

    def named(self) -> Named:
        """As the mapping holds it."""
        return Named(name=self.name, code=self.code, id=self.id)


def _by_name(value: object) -> object:
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict):
        raise ValueError(_HOW_NAMED)  # noqa: TRY004 - pydantic turns a ValueError into a line, a TypeError into a crash
    return value


InBooks = Annotated[NamedEntry, BeforeValidator(_by_name)]
"""A bare string is a name."""


class ItemsTable(_Strict):
    """`[connections.X.items]`: what each part of an order is sold under."""

    fallback: InBooks | None = None
    by_sku: dict[str, InBooks] = Field(default_factory=dict)
    match_sku: bool = True
    require_mapping: bool = False
    shipping: InBooks | None = None
    tip: InBooks | None = None
    discount: InBooks | None = None
    rounding: InBooks | None = None
    tax: InBooks | None = None
    gift_card: InBooks | None = None


class ClearingTable(_Strict):
    """`[[connections.X.clearing]]`: the account of a gateway's money; the first that fits wins."""

    account: InBooks
    gateway: str | None = None
    method: str | None = None
    currency: str | None = None


class ConnectionTable(_Strict):
    """`[connections.X]`: one merchant's books."""

    rutter_connection_id: Annotated[str, StringConstraints(min_length=1)]
    access_token: SecretReference
    platform: str
    time_zone: str
    home_currency: str | None = None
    refund_policy: Literal["credit_memo", "customer_refund"] | None = None
    tax: Literal["header", "line"] | None = None
    number_prefix: Annotated[str, StringConstraints(max_length=8)] = ""
    receivable: InBooks | None = None
    cash_customer: InBooks | None = None
    calls_per_minute: int = Field(480, ge=1, le=100_000)
    in_flight: int = Field(16, ge=1, le=200)
    hold_hours: int = Field(72, ge=1, le=24 * 90)
    state: Literal["waiting", "ready", "paused"] = "ready"
    items: ItemsTable = ItemsTable()
    clearing: tuple[ClearingTable, ...] = ()

    @field_validator("platform")
    @classmethod
    def _known_platform(cls, value: str) -> str:
        if value not in PLATFORMS:
            meant = did_you_mean(value.upper(), PLATFORMS) or f"; one of {', '.join(PLATFORMS)}"
            raise ValueError(f"no platform of Rutter's{meant}")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError('no time zone; use a name like "America/New_York"') from error
        return value

    @field_validator("home_currency")
    @classmethod
    def _known_currency(cls, value: str | None) -> str | None:
        if value is not None and value not in EXPONENTS:
            raise ValueError("no ISO 4217 currency; write its code in capitals, like USD")
        return value


class SourceTable(_Strict):
    """`[sources.X]`: one sender of webhooks."""

    kind: Kind
    connection: Alias
    namespace: Alias | None = None
    tells: tuple[Noun, ...] = tuple(sorted(NOUNS))
    secrets: tuple[SecretReference, ...] = ()
    tolerance_seconds: int = Field(300, ge=1, le=86_400)
    exponents: dict[str, Annotated[int, Field(ge=0, le=4)]] = Field(default_factory=dict)
    order_reference: str | None = None
    commerce_connection: str | None = None
    auth: Literal["bearer", "hmac"] = "bearer"

    @model_validator(mode="after")
    def _of_one_shop(self) -> Self:
        if self.kind == "rutter" and self.commerce_connection is None:
            raise ValueError("a source of kind rutter needs commerce_connection, Rutter's id of the shop's connection")
        return self


RESERVED: Final = "rutter"
"""The source of Rutter's own webhooks: it is there when the client secret is."""


class File(_Strict):
    """The whole file."""

    connections: dict[Alias, ConnectionTable] = Field(default_factory=dict)
    sources: dict[Alias, SourceTable] = Field(default_factory=dict)

    @field_validator("sources")
    @classmethod
    def _not_reserved(cls, value: dict[str, SourceTable]) -> dict[str, SourceTable]:
        if RESERVED in value:
            raise ValueError(
                f"{RESERVED} is kept for Rutter's own webhooks, which LEDGERHOOK_RUTTER_CLIENT_SECRET turns on; "
                "choose another name"
            )
        return value


FIELDS: Final = frozenset(
    name
    for table in (File, ConnectionTable, ItemsTable, ClearingTable, SourceTable, SecretReference, NamedEntry)
    for name in table.model_fields
)
"""Every name that can stand before an equals sign."""
