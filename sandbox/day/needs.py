"""What the day needs to be set up before it starts: connections, sources and mappings."""

from dataclasses import dataclass
from typing import Literal

RefundPolicy = Literal["credit_memo", "customer_refund"]
TaxMode = Literal["header", "line"]
Platform = Literal["QUICKBOOKS", "XERO"]
SourceKind = Literal["stripe", "shopify", "cloudevents"]


@dataclass(frozen=True)
class ConnectionNeed:
    """One merchant's books.

    `items` maps a SKU to the name of an item in the books. A SKU that is not there is sold under
    `fallback_item`, or parks its order where `park_unmapped` is set. `clearing` maps a gateway to the name
    of a clearing account. To be in the books before the day: the clearing accounts (`accounts`: name and
    type; those that a new company does not have), the items of `items` and of the late mapping, and the
    cash customer. `number_prefix` stands before every document number.
    """

    alias: str
    platform: Platform
    time_zone: str
    home_currency: str
    currencies: tuple[str, ...]
    refund_policy: RefundPolicy
    tax_mode: TaxMode
    number_prefix: str
    cash_customer: str
    fallback_item: str
    park_unmapped: bool
    items: tuple[tuple[str, str], ...]
    shipping_item: str
    tip_item: str
    discount_item: str
    rounding_item: str
    tax_item: str
    clearing: tuple[tuple[str, str], ...]
    default_clearing: str
    accounts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SourceNeed:
    """One sender. For `cloudevents` the secret is a bearer token; `publishes` means it writes to Kafka."""

    name: str
    kind: SourceKind
    connection: str
    secret: str
    publishes: bool = False


@dataclass(frozen=True)
class LateMapping:
    """The mapping that a person adds in the evening: it frees what had to wait for it."""

    connection: str
    sku: str
    item: str
