"""Setting the stage: the merchant's company in the sandbox, and the connection and sources as they are declared."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from sandbox.day.needs import SourceNeed
from sandbox.month.merchant import ACCOUNTS, BY_SKU, CLEARING, FALLBACK, ITEMS, RATES, TWINS, Merchant
from sandbox.month.scribe import SOURCE
from sandbox.month.shops import SECRETS
from schemas.connections import Connection, ConnectionState
from schemas.mapping import Clearing, Items, Mapping, Named, Policies, TaxRule, Tracking, When
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform
from schemas.sources import Source
from service.configuration.declaring import declare, mismatches
from service.configuration.file import Declarations
from service.trail.database import Trail

SENDERS: Final = {
    SOURCE: SourceNeed(SOURCE, "cloudevents", "acme", "bearer-month-erp-c07d35"),
    **{
        name: SourceNeed(name, "stripe" if kind == "stripe" else "shopify", "acme", secret)
        for name, (kind, secret) in SECRETS.items()
    },
}
CALLS_A_MINUTE: Final = 60_000
"""Our own bound on calls: far above any platform's, so that a month takes minutes."""


class StageError(Exception):
    """The sandbox would not do what the month needs."""


@dataclass(frozen=True, slots=True)
class Company:
    """The merchant's company in the sandbox: Rutter's id of the connection, its token, and ids by name."""

    id: str
    token: str = field(repr=False)
    accounts: dict[str, str]


async def found(http: httpx.AsyncClient, merchant: Merchant, webhook_url: str | None) -> Company:
    """Open the company with the accounts, items, tax rates and customers that must be there."""
    asked = {
        "platform": merchant.platform,
        "name": merchant.alias,
        "home_currency": merchant.home,
        "currencies": list(merchant.currencies),
        **({"webhook_url": webhook_url} if webhook_url else {}),
    }
    made = await control(http, "connections", asked)
    company = Company(made["connection_id"], made["access_token"], dict(made["accounts"]))
    for name, kind in ACCOUNTS:
        fields = {"name": name, "account_type": kind, "currency_code": merchant.home}
        company.accounts[name] = (await _make(http, company, "account", fields))["id"]
    for name, account in ITEMS.items():
        sold = {"account_id": company.accounts[account]}
        await _make(http, company, "item", {"name": name, "type": "service", "invoice_item": sold})
    for name, rate in RATES.items() if merchant.tax_rates else ():
        await _make(http, company, "tax_rate", {"name": name, "total_tax_rate": float(rate)})
    first, second, email = TWINS
    for name, mail in ((merchant.cash_customer, None), (first, email), (second, email)):
        person: dict[str, Any] = {"contact_name": name, "customer_name": name, **({"email": mail} if mail else {})}
        person["additional_fields"] = {"currency_code": merchant.home, "language": "en"}
        await _make(http, company, "customer", person)
    return company


async def control(http: httpx.AsyncClient, what: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One of the sandbox's controls.

    Raises:
        StageError: it would not.
    """
    answer = await http.post(f"/_sandbox/{what}", json=asked)
    if not answer.is_success:
        raise StageError(f"/_sandbox/{what}: {answer.status_code} {answer.text[:300]}")
    said: dict[str, Any] = answer.json()
    return said


async def _make(http: httpx.AsyncClient, company: Company, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    return await control(http, "documents/create", {"connection_id": company.id, "type": kind, "fields": fields})


async def declare_all(trail: Trail, merchant: Merchant, company: Company) -> None:
    """The connection with its whole mapping, and the sources."""
    connection = Connection(
        alias=merchant.alias,
        rutter_id=company.id,
        platform=merchant.platform,
        time_zone=merchant.time_zone,
        home_currency=merchant.home,
        mapping=mapping_of(merchant),
        state=ConnectionState.READY,
        access_token=company.token,
        calls_per_minute=CALLS_A_MINUTE,
    )
    sources = tuple(
        Source(name=one.name, kind=one.kind, connection=merchant.alias, namespace=one.name, secrets=(one.secret,))
        for one in SENDERS.values()
    )
    wanted = Declarations((connection,), sources)
    try:
        await trail.run(lambda c: declare(c, trail.keys, wanted, datetime.now(UTC)))
    except Exception as error:
        wrong = mismatches(error)
        if wrong is None:
            raise
        raise StageError("; ".join(wrong)) from error


def mapping_of(merchant: Merchant) -> Mapping:
    """How the merchant wants sales booked, in the service's words."""
    software = platform(merchant.platform)
    return Mapping(
        items=Items(
            fallback=Named(name=FALLBACK),
            by_sku=tuple((sku, Named(name=item)) for sku, item in BY_SKU.items()),
            require_mapping=True,
            shipping=Named(name="Shipping"),
            tip=Named(name="Tip"),
            discount=Named(name="Discount"),
            rounding=Named(name="Rounding"),
            tax=Named(name="Sales tax"),
            gift_card=Named(name="Gift card"),
            fee=Named(name="Handling fee"),
            payment_reversal=Named(name="Money taken back"),
        ),
        clearing=tuple(
            Clearing(account=Named(name=account), when=When(gateway=gateway)) for gateway, account in CLEARING.items()
        ),
        cash_customer=Named(name=merchant.cash_customer),
        tax_rates=tuple(TaxRule(use=Named(name=code), code=code) for code in RATES) if merchant.tax_rates else (),
        tracking=(Tracking(dimension="class", tag="class"),) if software.has(Feature.LINE_CLASS) else (),
        policies=Policies(
            refund=merchant.refund,
            chargeback=merchant.chargeback,
            overpayment=merchant.overpayment,
            closed_books=merchant.closed,
        ),
    )
