"""The shop that is measured: its connections and sources in a trail, and its orders as intake accepts them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import httpx

from bench import payments
from bench.orders import SECRET, body, headers
from consumers.intake import Accepted, DeliveryStatus, Position
from handlers.registry import explain_translate
from schemas.deliveries import Delivery, Told
from schemas.sources import Source
from service.clock import SystemClock
from service.configuration.declaring import declare
from service.configuration.file import Secrets, WrongFile, read_file
from service.kafka.topics import TOPICS
from service.sealing import KeyRing, seal_delivery
from service.trail import positions
from service.trail.database import Trail, open_trail

SOURCE: Final = "shop-0"
PATH: Final = f"/webhooks/{SOURCE}"
_PORTABLE: Final = {"BENCH_SECRET": SECRET, "BENCH_STRIPE_SECRET": payments.SECRET}

_CONNECTION: Final = """
[connections.{alias}]
rutter_connection_id = "{rutter_id}"
access_token = {{ env = "BENCH_TOKEN" }}
platform = "QUICKBOOKS"
time_zone = "America/New_York"
home_currency = "USD"
refund_policy = "credit_memo"
calls_per_minute = 60000
in_flight = {in_flight}
items = {{ fallback = "Sales", shipping = "Shipping", tax = "Sales tax", by_sku = {{ "SHIRT-M" = "Sales" }} }}
clearing = [{{ account = "Undeposited Funds" }}]
[sources.{alias}]
kind = "shopify"
connection = "{alias}"
secrets = [{{ env = "BENCH_SECRET" }}]
"""
_STRIPE: Final = """
[sources.stripe-0]
kind = "stripe"
connection = "shop-0"
secrets = [{ env = "BENCH_STRIPE_SECRET" }]
"""
IN_FLIGHT: Final = 16


@dataclass(frozen=True, slots=True)
class Company:
    """A company in the sandbox."""

    url: str
    rutter_id: str = "nobody"
    access_token: str = "no-token"  # noqa: S105 - of nobody


def found(sandbox_url: str) -> Company:
    """Found a company in the sandbox, with the default chart of accounts and items."""
    plan = {"platform": "QUICKBOOKS", "name": "bench", "currencies": ["USD"]}
    answer = httpx.post(f"{sandbox_url}/_sandbox/connections", json=plan, trust_env=False).raise_for_status().json()
    return Company(sandbox_url, answer["connection_id"], answer["access_token"])


def furnish(
    where: str,
    keys: KeyRing,
    *,
    connections: int = 1,
    company: Company | None = None,
    begin_at: Mapping[int, int] | None = None,
) -> None:
    """Make the trail's schema, declare the connections `shop-0`, `shop-1` … with a Shopify source each of the same
    name, and the Stripe source `stripe-0` for the first.

    `begin_at`: partition -> offset of `ledgerhook.events` from which the inbox is to read.
    """
    company = company or Company("")
    parts = [
        _CONNECTION.format(alias=f"shop-{n}", rutter_id=f"{company.rutter_id}{n or ''}", in_flight=IN_FLIGHT)
        for n in range(connections)
    ]
    secrets = Secrets(_PORTABLE | {"BENCH_TOKEN": company.access_token})
    declarations = read_file("\n".join((*parts, _STRIPE)), secrets)
    if isinstance(declarations, WrongFile):
        raise TypeError("; ".join(declarations.lines))
    trail = open_trail(where, keys, SystemClock(), migrate=True)
    moved = [Position(TOPICS.events, partition, offset) for partition, offset in (begin_at or {}).items()]
    try:
        trail.submit(lambda c: declare(c, keys, declarations, trail.clock.now())).result()
        trail.submit(lambda c: positions.move(c, moved)).result()
    finally:
        trail.shut()


def accepted(keys: KeyRing, numbers: Sequence[int], *, connections: int = 1) -> Iterator[Accepted]:
    """The orders as intake hands them on: translated, sealed, spread over the connections."""
    for number in numbers:
        alias = f"shop-{number % connections}"
        content = body(number)
        now = datetime.now(UTC)
        source = Source(name=alias, kind="shopify", connection=alias, namespace=alias, secrets=(SECRET,))
        delivery = Delivery(
            id=f"bench-{alias}-{number}", source=alias, received_at=now, headers=headers(content), body=content
        )
        told = explain_translate(delivery, source)
        if not isinstance(told, Told):
            raise TypeError(f"the bench's order means nothing: {told}")
        yield Accepted(
            id=delivery.id,
            source=alias,
            connection=alias,
            received_at=now,
            status=DeliveryStatus.TOLD,
            sealed=seal_delivery(keys, delivery.id, delivery.headers, content),
            events=told.events,
        )


def visiting(where: str, keys: KeyRing) -> Trail:
    """The trail, opened beside the process that owns it."""
    return open_trail(where, keys, SystemClock(), visitor=True)
