"""The tables of the configuration file, as they are written in TOML.

Secrets are references, never values: `{ env = "NAME" }` or `{ file = "path" }`. A name in the books is a string, or
`{ code = "…" }` or `{ id = "…" }`.
"""

from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.sources import NOUNS, Kind, Noun
from service.configuration.mapping_tables import (
    ClearingTable,
    Currency,
    ItemRuleTable,
    ItemsTable,
    MappingTable,
    TaxRateTable,
    TrackingTable,
)
from service.configuration.named import Alias, NamedEntry, Strict
from service.wrong_values import did_you_mean

PLATFORMS: Final = (
    "QUICKBOOKS QUICKBOOKS_DESKTOP XERO NETSUITE SAGE_INTACCT SAGE_INTACCT_V2 DYNAMICS365 FRESHBOOKS ZOHOBOOKS "
    "SAGE_BUSINESS_CLOUD SAGE_50 SAGE200CLOUD FREEAGENT EXACTONLINE KASHFLOW MONEYBIRD WAVE TALLY ODOO DUALENTRY"
).split()
"""Rutter's platform names for accounts receivable."""


class SecretReference(Strict):
    """Where a secret is kept."""

    env: str | None = None
    file: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _never_a_value(cls, value: object) -> object:
        if not isinstance(value, dict) or set(value) not in ({"env"}, {"file"}):
            raise ValueError('a secret is never written here: give { env = "NAME" } or { file = "path" }')
        return value


class ConnectionTable(MappingTable):
    """`[connections.X]`: one merchant's books.

    Of a connection that is linked already, `rutter_connection_id`, `access_token` and `platform` may be left out: what
    is known of it stays.
    """

    rutter_connection_id: Annotated[str, StringConstraints(min_length=1)] | None = None
    access_token: SecretReference | None = None
    platform: str | None = None
    time_zone: str
    home_currency: Currency | None = None
    calls_per_minute: int = Field(480, ge=1, le=100_000)
    calls_per_day: int | None = Field(None, ge=1, le=10_000_000)
    in_flight: int = Field(16, ge=1, le=200)
    hold_hours: int = Field(72, ge=1, le=24 * 90)
    state: Literal["waiting", "ready", "paused"] = "ready"

    @model_validator(mode="after")
    def _all_of_it_or_nothing(self) -> Self:
        given = {name: getattr(self, name) for name in ("rutter_connection_id", "access_token", "platform")}
        missing = [name for name, value in given.items() if value is None]
        if missing and len(missing) < len(given):
            raise ValueError(f"{' and '.join(missing)} missing; a connection that is linked already needs none of them")
        return self

    @field_validator("platform")
    @classmethod
    def _known_platform(cls, value: str | None) -> str | None:
        if value is not None and value not in PLATFORMS:
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


class SourceTable(Strict):
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
OURS: Final = "ledgerhook"
"""The namespace of what we ask for ourselves: accounts and items to be made."""


class File(Strict):
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
        if any(OURS in (name, source.namespace) for name, source in value.items()):
            raise ValueError(f"the namespace {OURS} is kept for what a person asks for here; choose another")
        return value


_TABLES: Final = (
    File,
    ConnectionTable,
    ItemsTable,
    ItemRuleTable,
    ClearingTable,
    TaxRateTable,
    TrackingTable,
    SourceTable,
    SecretReference,
    NamedEntry,
)
FIELDS: Final = frozenset(name for table in _TABLES for name in table.model_fields)
"""Every name that can stand before an equals sign."""
