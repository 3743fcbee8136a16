"""Any valid event, and any books, for hypothesis. Ids and names come from a few, so that things meet."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from schemas.books import Applied, Books, Entry, Link, LookUp
from schemas.connections import Connection, ConnectionState
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
    Fee,
    Order,
    OrderLine,
    Payment,
    Refund,
    RefundLine,
    RefundMoney,
    Shipping,
    Tax,
)
from schemas.mapping import Clearing, ItemRule, Items, Mapping, Named, Numbers, Policies, TaxRule, Tracking, When
from schemas.money import MAX_MINOR, Money

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF"])
IDS = st.sampled_from(["1", "2", "gid://3", "50%"])
TEXTS = st.sampled_from(["", "a", "Ada", "Ada (EUR)", "\n x", "ü" * 300, "(", "SHIRT", "ada@example.com"])
MAYBE_TEXT = st.none() | TEXTS
SKUS = st.none() | st.sampled_from(["SHIRT", "MUG", 'quo"ted'])
SMALL = st.integers(-5000, 5000)
MINOR = SMALL | st.sampled_from([MAX_MINOR, -MAX_MINOR, 0])
POSITIVE = st.integers(1, 9000) | st.just(MAX_MINOR)
DECIMALS = st.none() | st.sampled_from(["1", "2", "0", "-1", "0.5", "12.34", "1E+30", "1E-30", "1E+999999", "-0"])
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
TIMES = st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31), timezones=ZONES)  # noqa: DTZ001 - hypothesis wants naive bounds

TAXES = st.lists(
    st.builds(
        Tax,
        code=MAYBE_TEXT,
        rate=st.sampled_from([None, "0.08", "0.2", "0", "-0.1", "1E-30", "1E+999999"]),
        amount=MINOR,
        remitted_by=st.sampled_from(["seller", "seller", "seller", "marketplace"]),
    ),
    max_size=2,
).map(tuple)
TAGS = st.dictionaries(st.sampled_from(["class", "Region"]), TEXTS, max_size=2)
SHIPPINGS = st.builds(Shipping, total=MINOR, taxes=TAXES)
CUSTOMERS = st.builds(Customer, id=st.none() | IDS, name=MAYBE_TEXT, email=MAYBE_TEXT, phone=MAYBE_TEXT)
LINES = st.builds(
    OrderLine,
    id=IDS,
    kind=st.sampled_from(["goods", "gift_card", "fee"]),
    sku=SKUS,
    description=TEXTS,
    quantity=DECIMALS,
    unit_price=DECIMALS,
    total=MINOR,
    taxes=TAXES,
)
REFUND_LINES = st.builds(
    RefundLine,
    order_line_id=st.none() | IDS,
    sku=SKUS,
    description=TEXTS,
    quantity=DECIMALS,
    total=MINOR,
    taxes=TAXES,
)


def _sum(order: Order) -> int:
    taxes = sum(tax.amount for line in order.lines for tax in line.taxes)
    taxes += sum(tax.amount for tax in order.shipping.taxes)
    return (
        sum(line.total for line in order.lines)
        + taxes
        + order.shipping.total
        + order.tip
        + order.rounding
        - order.discount
    )


def tied(order: Order) -> Order:
    """The same order with a total that ties, where there can be one."""
    whole = _sum(order)
    return order.model_copy(update={"total": whole}) if 0 <= whole <= MAX_MINOR else order


def _envelope(noun: str, identifier: str) -> dict[str, object]:
    return {
        "id": natural_key(noun, identifier),
        "source": "shop",
        "connection": "acme",
        "time": datetime(2026, 11, 2, tzinfo=UTC),
    }


ORDERS = st.builds(
    Order,
    id=IDS,
    number=TEXTS,
    completed_at=TIMES,
    due_at=st.none() | TIMES,
    currency=CURRENCIES,
    customer=CUSTOMERS,
    lines=st.lists(LINES, max_size=4).map(tuple),
    tags=TAGS,
    shipping=SHIPPINGS,
    tip=MINOR,
    discount=MINOR,
    rounding=MINOR,
    total=st.integers(0, 20000),
    memo=MAYBE_TEXT,
)
TIED_ORDERS = ORDERS.map(tied)
ORDER_EVENTS = (ORDERS | TIED_ORDERS | TIED_ORDERS).map(
    lambda order: OrderCompleted(**_envelope("order", order.id), data=OrderData(order=order))  # type: ignore[arg-type]  # of an envelope
)
PAYMENT_EVENTS = st.builds(
    Payment,
    id=IDS,
    received_at=TIMES,
    currency=CURRENCIES,
    amount=POSITIVE,
    gateway=MAYBE_TEXT,
    method=MAYBE_TEXT,
    reference=MAYBE_TEXT,
    customer=st.none() | CUSTOMERS,
    applies_to=st.none() | st.lists(st.builds(Application, order_id=IDS, amount=POSITIVE), max_size=3).map(tuple),
    fee=st.none() | st.builds(Fee, currency=CURRENCIES, amount=st.integers(0, 9)),
).map(lambda payment: PaymentReceived(**_envelope("payment", payment.id), data=PaymentData(payment=payment)))  # type: ignore[arg-type]  # as above
REFUND_EVENTS = st.builds(
    Refund,
    id=IDS,
    issued_at=TIMES,
    currency=CURRENCIES,
    amount=POSITIVE,
    reason=MAYBE_TEXT,
    order_id=st.none() | IDS,
    customer=st.none() | CUSTOMERS,
    lines=st.none() | st.lists(REFUND_LINES, max_size=3).map(tuple),
    shipping=SHIPPINGS,
    tip=SMALL,
    adjustment=SMALL,
    money=st.lists(
        st.builds(RefundMoney, payment_id=st.none() | IDS, gateway=MAYBE_TEXT, method=MAYBE_TEXT, amount=POSITIVE),
        max_size=2,
    ).map(tuple),
).map(lambda refund: RefundIssued(**_envelope("refund", refund.id), data=RefundData(refund=refund)))  # type: ignore[arg-type]  # as above
EVENTS: st.SearchStrategy[Event] = ORDER_EVENTS | PAYMENT_EVENTS | REFUND_EVENTS

NAMED = st.one_of(
    TEXTS.filter(bool).map(lambda text: Named(name=text)),
    st.builds(lambda text: Named(id=text), IDS),
    st.builds(lambda text: Named(code=text), IDS),
)
MAYBE_NAMED = st.none() | NAMED
WHENS = st.just(When()) | st.builds(
    When, currency=st.none() | CURRENCIES, sku=SKUS, tag=st.none() | st.tuples(st.just("class"), TEXTS)
)
DIMENSIONS = st.sampled_from(["class", "department", "location", "Region"])
MAPPINGS = st.builds(
    Mapping,
    items=st.builds(
        Items,
        rules=st.lists(
            st.builds(ItemRule, item=NAMED, when=WHENS, role=st.sampled_from([None, "shipping", "tax"])), max_size=1
        ).map(tuple),
        create=st.booleans(),
        fallback=MAYBE_NAMED,
        by_sku=st.lists(st.tuples(st.sampled_from(["SHIRT", "MUG"]), NAMED), max_size=2).map(tuple),
        match_sku=st.booleans(),
        require_mapping=st.booleans(),
        shipping=MAYBE_NAMED,
        tip=MAYBE_NAMED,
        discount=MAYBE_NAMED,
        rounding=MAYBE_NAMED,
        tax=MAYBE_NAMED,
        gift_card=MAYBE_NAMED,
        fee=MAYBE_NAMED,
        payment_reversal=MAYBE_NAMED,
    ),
    income=MAYBE_NAMED,
    tax_liability=MAYBE_NAMED,
    tax_rates=st.lists(
        st.builds(TaxRule, use=NAMED, code=MAYBE_TEXT, rate=st.sampled_from([None, "0", "0.08"]), when=WHENS),
        max_size=2,
    ).map(tuple),
    tracking=st.lists(
        st.builds(
            Tracking,
            dimension=DIMENSIONS,
            tag=st.sampled_from([None, "class", "region"]),
            otherwise=MAYBE_NAMED,
            required=st.booleans(),
            when=WHENS,
        ),
        max_size=2,
    ).map(tuple),
    terms=MAYBE_NAMED,
    due_days=st.none() | st.integers(0, 3650),
    clearing=st.lists(
        st.builds(Clearing, account=NAMED, when=st.builds(When, gateway=MAYBE_TEXT, currency=st.none() | CURRENCIES)),
        max_size=2,
    ).map(tuple),
    receivable=MAYBE_NAMED,
    cash_customer=MAYBE_NAMED,
    tax=st.sampled_from(["rates", "header", "line", None]),
    numbers=st.builds(Numbers, prefix=st.sampled_from(["", "SHOP-"])),
    policies=st.builds(
        Policies,
        refund=st.sampled_from(["credit_memo", "customer_refund", None]),
        closed_books=st.sampled_from(["hold", "first_open_day", "ask"]),
    ),
)
CONNECTIONS = st.builds(
    Connection,
    alias=st.just("acme"),
    rutter_id=st.just("r"),
    platform=st.sampled_from(
        ["QUICKBOOKS", "XERO", "QUICKBOOKS_DESKTOP", "NETSUITE", "ZOHOBOOKS", "FRESHBOOKS", "ODOO"]
    ),
    time_zone=st.sampled_from(["America/New_York", "Pacific/Kiritimati"]),
    home_currency=st.none() | CURRENCIES,
    mapping=MAPPINGS,
    state=st.just(ConnectionState.READY),
)
KEYS = st.builds(
    natural_key, st.sampled_from(["invoice", "payment", "credit_memo", "order", "refund"]), IDS
) | st.builds(lambda one, currency: f"{natural_key('customer', one)}:{currency}", IDS | st.just(""), CURRENCIES)
LINKS = st.builds(
    Link,
    key=KEYS,
    rutter_id=st.none() | st.just("r-1"),
    total=st.none() | st.builds(Money, SMALL, CURRENCIES),
    different=st.sampled_from([False, False, True]),
)
ENTRIES = st.builds(
    Entry,
    id=IDS,
    name=MAYBE_TEXT,
    email=MAYBE_TEXT,
    currency=st.none() | CURRENCIES,
    active=st.sampled_from([True, True, False]),
    rate=st.sampled_from([None, "8", "0", "1E+999999", "eight"]),
    days=st.none() | st.integers(0, 10**6),
)
LOOK_UPS = st.builds(
    LookUp,
    st.sampled_from(["item", "customer", "account", "tax_rate", "class", "payment_term"]),
    st.sampled_from(["id", "name", "code", "email"]),
    IDS | TEXTS,
)
ANSWERS = st.lists(ENTRIES, max_size=2).map(tuple)


class Anything(dict[LookUp, tuple[Entry, ...]]):
    """Lists in which every name means exactly one thing."""

    def get(self, key: LookUp, default: object = None) -> tuple[Entry, ...]:  # noqa: ARG002 - dict's shape
        """It."""
        return (Entry(id=f"{key.object}-1", name=key.value, email=key.value, rate="8", days=30),)


def all_keys(facts: Sequence[Event]) -> dict[str, Event]:
    """Facts by key."""
    return {fact.key: fact for fact in facts}


BOOKS = st.builds(
    Books,
    connection=CONNECTIONS,
    links=st.lists(LINKS, max_size=6).map(lambda links: {link.key: link for link in links}),
    facts=st.lists(ORDER_EVENTS | PAYMENT_EVENTS, max_size=3).map(all_keys),
    conflicted=st.frozensets(KEYS, max_size=1),
    applied=st.dictionaries(IDS, st.lists(st.builds(Applied, by=KEYS, minor=SMALL), max_size=2).map(tuple), max_size=2),
    refunds=st.dictionaries(IDS, st.lists(REFUND_EVENTS, max_size=2).map(tuple), max_size=2),
    closed_through=st.none() | st.dates(),
    found=st.dictionaries(LOOK_UPS, ANSWERS, max_size=6) | st.builds(Anything),
)
