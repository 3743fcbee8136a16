"""A small shop to plan for: its books, and its facts built from a few words."""

from collections import abc
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from consumers.planning import plan as make_plan
from schemas.books import Applied, Books, Entry, Link, LookUp
from schemas.connections import Connection, ConnectionState
from schemas.documents import Ref, Write
from schemas.events import (
    Event,
    OrderCompleted,
    OrderData,
    PaymentData,
    PaymentReceived,
    RefundData,
    RefundIssued,
    natural_key,
)
from schemas.facts import (
    Application,
    Customer,
    Order,
    OrderLine,
    Payment,
    Refund,
    RefundLine,
    RefundMoney,
    Shipping,
    Tax,
)
from schemas.mapping import Clearing, Items, Mapping, Named, Policies, When
from schemas.money import Money
from schemas.plans import Park, Plan, Post

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ADA = Customer(id="c-9", name="Ada Byron", email="ada@example.com")

ITEMS = Items(
    fallback=Named(name="Sales"),
    by_sku=(("MUG", Named(name="Blue mug")),),
    shipping=Named(name="Shipping"),
    tip=Named(name="Tips"),
    discount=Named(name="Discounts"),
    rounding=Named(name="Rounding"),
    tax=Named(name="Sales tax"),
    gift_card=Named(name="Gift cards"),
    fee=Named(name="Fees"),
)
MAPPING = Mapping(
    items=ITEMS,
    clearing=(
        Clearing(account=Named(name="Stripe clearing"), when=When(gateway="stripe")),
        Clearing(account=Named(code="1130"), when=When(gateway="paypal")),
        Clearing(account=Named(name="Other clearing")),
    ),
    cash_customer=Named(name="Till"),
    policies=Policies(refund="credit_memo"),
)
"""What most tests plan with; a test says what it changes."""


def connection(platform: str = "QUICKBOOKS", mapping: Mapping = MAPPING, home: str | None = "USD") -> Connection:
    """New York, US dollars."""
    return Connection(
        alias="acme",
        rutter_id="11111111-1111-4111-8111-111111111111",
        platform=platform,
        time_zone="America/New_York",
        home_currency=home,
        mapping=mapping,
        state=ConnectionState.READY,
    )


def found(*entries: tuple[str, Entry]) -> dict[LookUp, tuple[Entry, ...]]:
    """The merchant's lists, as (object, entry), answering by id, name, code and e-mail as they are written there."""
    answers: dict[LookUp, tuple[Entry, ...]] = {}
    for kind, entry in entries:
        for field in ("id", "name", "code", "email"):
            value = getattr(entry, field)
            if value is not None:
                look_up = LookUp(kind, field, value)
                answers[look_up] = (*answers.get(look_up, ()), entry)
    return answers


LISTS: tuple[tuple[str, Entry], ...] = (
    ("item", Entry(id="i-sales", name="Sales")),
    ("item", Entry(id="i-mug", name="Blue mug")),
    ("item", Entry(id="i-tee", name="Tee shirt", code="TEE")),
    ("item", Entry(id="i-ship", name="Shipping")),
    ("item", Entry(id="i-tip", name="Tips")),
    ("item", Entry(id="i-disc", name="Discounts")),
    ("item", Entry(id="i-round", name="Rounding")),
    ("item", Entry(id="i-tax", name="Sales tax")),
    ("item", Entry(id="i-gift", name="Gift cards")),
    ("item", Entry(id="i-fee", name="Fees")),
    ("account", Entry(id="a-stripe", name="Stripe clearing", currency="USD")),
    ("account", Entry(id="a-paypal", name="PayPal", code="1130")),
    ("account", Entry(id="a-other", name="Other clearing")),
    ("customer", Entry(id="cu-till", name="Till")),
)


def books(
    facts: Sequence[Event] = (),
    *,
    of: Connection | None = None,
    links: Sequence[Link] = (),
    applied: abc.Mapping[str, tuple[Applied, ...]] | None = None,
    refunds: Sequence[RefundIssued] = (),
    lists: Sequence[tuple[str, Entry]] = LISTS,
    conflicted: frozenset[str] = frozenset(),
    closed_through: date | None = None,
) -> Books:
    """A snapshot."""
    by_order: dict[str, tuple[Event, ...]] = {}
    for refund in refunds:
        order_id = refund.data.refund.order_id or ""
        by_order[order_id] = (*by_order.get(order_id, ()), refund)
    return Books(
        connection=of or connection(),
        links={link.key: link for link in links},
        facts={fact.key: fact for fact in facts},
        conflicted=conflicted,
        applied=applied or {},
        refunds=by_order,
        closed_through=closed_through,
        found=found(*lists),
    )


def invoiced(
    order_id: str = "1001", total: int | None = None, currency: str = "USD", *, different: bool = False
) -> Link:
    """The order's invoice is in the books."""
    money = None if total is None else Money(total, currency)
    return Link(key=f"invoice:{order_id}", rutter_id=f"inv-{order_id}", total=money, different=different)


def ada_linked(currency: str = "USD") -> Link:
    """Ada is in the books."""
    return Link(key=f"customer:c-9:{currency}", rutter_id="cu-ada")


def line(total: int, tax: int = 0, *, sku: str | None = "MUG", number: int = 1, **more: Any) -> OrderLine:
    """An order's line of one."""
    fields: dict[str, Any] = {
        "id": str(number),
        "sku": sku,
        "description": f"line {number}",
        "quantity": None,
        "unit_price": None,
        "total": total,
        "taxes": taxes(tax),
    }
    return OrderLine(**fields | more)


def taxes(amount: int, **more: Any) -> tuple[Tax, ...]:
    """One tax, or none."""
    return (Tax(code="NY", rate="0.08", amount=amount, **more),) if amount else ()


def order(
    *lines: OrderLine,
    total: int,
    order_id: str = "1001",
    shipping: int = 0,
    shipping_taxes: tuple[Tax, ...] = (),
    **more: Any,
) -> OrderCompleted:
    """An order of Ada's."""
    fields: dict[str, Any] = {
        "id": order_id,
        "number": order_id,
        "completed_at": NOON,
        "currency": "USD",
        "customer": ADA,
        "lines": lines,
        "shipping": Shipping(total=shipping, taxes=shipping_taxes),
        "total": total,
    }
    fact = Order(**fields | more)
    return OrderCompleted(
        id=natural_key("order", fact.id), source="shop", connection="acme", time=NOON, data=OrderData(order=fact)
    )


def payment(amount: int, *applies: tuple[str, int], payment_id: str = "pi_1", **more: Any) -> PaymentReceived:
    """Money through Stripe. No `applies`: it pays no order."""
    fields: dict[str, Any] = {
        "id": payment_id,
        "received_at": NOON,
        "currency": "USD",
        "amount": amount,
        "gateway": "stripe",
        "method": "card",
        "reference": None,
        "applies_to": tuple(Application(order_id=order_id, amount=minor) for order_id, minor in applies),
    }
    fact = Payment(**fields | more)
    return PaymentReceived(
        id=natural_key("payment", fact.id), source="shop", connection="acme", time=NOON, data=PaymentData(payment=fact)
    )


def returned(total: int, tax: int = 0, *, of: str | None = "1", **more: Any) -> RefundLine:
    """A refunded line."""
    fields: dict[str, Any] = {
        "order_line_id": of,
        "sku": None,
        "description": f"line {of}",
        "quantity": None,
        "total": total,
        "taxes": taxes(tax),
    }
    return RefundLine(**fields | more)


def through(amount: int, payment_id: str | None = "pi_1", gateway: str | None = "stripe") -> RefundMoney:
    """Money back."""
    return RefundMoney(payment_id=payment_id, gateway=gateway, method=None, amount=amount)


def refund(amount: int, *lines: RefundLine, money: Sequence[RefundMoney] = (), **more: Any) -> RefundIssued:
    """A refund of order 1001; without lines, the amount only."""
    fields: dict[str, Any] = {
        "id": "re_1",
        "issued_at": NOON,
        "currency": "USD",
        "amount": amount,
        "reason": "returned",
        "order_id": "1001",
        "lines": lines or None,
        "shipping": Shipping(total=0),
        "money": tuple(money),
    }
    fact = Refund(**fields | more)
    return RefundIssued(
        id=natural_key("refund", fact.id), source="shop", connection="acme", time=NOON, data=RefundData(refund=fact)
    )


def posted(plan: Plan) -> Post:
    """The plan, which must be to post."""
    assert isinstance(plan, Post), plan
    return plan


def parked(event: Event, snapshot: Books) -> Park:
    """The plan, which must be to park."""
    planned = make_plan(event, snapshot)
    assert isinstance(planned, Park), planned
    return planned


def last_write(plan: Plan) -> Write:
    """The plan's last document."""
    return posted(plan).writes[-1]


def _id(of: Ref | str) -> str:
    return of.key if isinstance(of, Ref) else of


def shown(plan: Plan) -> str:
    """A plan as a table: each document's key and total, then its lines or links with their amounts."""
    rows: list[str] = []
    for write in posted(plan).writes:
        rows.append(f"{write.key:<34}{write.total.major if write.total else '-':>9}")
        for one in write.body.get("line_items", ()):
            item = one["item"]
            factors = f"{item['quantity']} x {item['unit_amount']}"
            rate = f" + {one['tax_rate_id']}" if "tax_rate_id" in one else ""
            stated = one.get("additional_fields", {}).get("tax_amount")
            rate += "" if stated is None else f" = {stated}"
            rows.append(f"  {one['description']:<24}{_id(item['id']):<10}{factors:>12}{one['total_amount']:>9}{rate}")
        extra = write.body.get("additional_fields", {})
        rows += [
            f"  {f'{name} in the header':<46}{extra[f'{name}_amount']:>9}"
            for name in ("discount", "shipping", "tax")
            if f"{name}_amount" in extra
        ]
        for linked in write.body.get("linked_invoices", ()):
            amount = linked.get("amount", linked.get("allocated_amount"))
            assert isinstance(linked["id"], Ref)
            rows.append(f"  on {linked['id'].key:<43}{amount:>9}")
    return "\n".join(rows) + "\n"
