"""From a seed to a whole day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sandbox.day import canonical, erp_sales, expected, shopify, shopify_sales, stripe, stripe_sales
from sandbox.day.chance import Chance
from sandbox.day.day import Day, Parked
from sandbox.day.documents import Documents
from sandbox.day.facts import Facts, Order
from sandbox.day.sales import Sale
from sandbox.day.shops import ACME, BOREA, CONNECTION_OF, LATE, SOURCES
from sandbox.day.shuffle import arrive, strangers
from sandbox.day.tellings import Telling

SMALLEST: Final = 120
"""Below this, a source would not come round to all the situations that it is there to show."""

PER_CENT: Final = {"acme-stripe": 35, "acme-shop": 21, "acme-erp": 18, "borea-shop": 15, "borea-erp": 11}

Sold = Sale | erp_sales.ErpSale
Told = tuple[Facts, list[Telling]]


def generate(seed: int, now: datetime, orders: int = 220) -> Day:
    """The day that ended at `now` (with a zone): the same arguments give the same day, byte for byte.

    Raises:
        ValueError: for fewer than 120 orders, too few for every situation, or a `now` without a zone.
    """
    if orders < SMALLEST:
        raise ValueError(f"a day has at least {SMALLEST} orders")
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    sources = [_source(seed, source.name, place, now, orders) for place, source in enumerate(SOURCES)]
    facts = Facts(
        orders=tuple(order for made, _ in sources for order in made.orders),
        payments=tuple(payment for made, _ in sources for payment in made.payments),
        refunds=tuple(refund for made, _ in sources for refund in made.refunds),
    )
    told = [telling for _, tellings in sources for telling in tellings]
    chance = Chance(seed, "arrival")
    told += [*stripe.small_talk(chance, now), *strangers(chance, told)]
    documents = expected.documents(facts)
    return Day(
        seed=seed,
        now=now,
        connections=(ACME, BOREA),
        sources=SOURCES,
        facts=facts,
        deliveries=arrive(chance, told, now),
        expected=documents,
        expected_parked=_parked(told),
        late_mappings=(LATE,),
        released=_released(facts, documents),
    )


def _source(seed: int, name: str, place: int, now: datetime, orders: int) -> Told:
    chance = Chance(seed, name)
    count = -(-orders * PER_CENT[name] // 100)
    if name == "acme-stripe":
        billed = stripe_sales.sell(chance, now, count)
        return _facts([one.sale for one in billed]), [told for one in billed for told in stripe.tell(chance, one)]
    if name.endswith("-shop"):
        shopped = shopify_sales.sell(chance, name, place, now, count)
        return _facts([one.sale for one in shopped]), [told for one in shopped for told in shopify.tell(chance, one)]
    sold = erp_sales.sell(chance, name, place, now, count)
    return _facts(sold), [told for i, one in enumerate(sold) for told in _erp_tellings(chance, name, one, i)]


def _facts(sales: Sequence[Sold]) -> Facts:
    return Facts(
        orders=tuple(order for one in sales for order in one.orders),
        payments=tuple(payment for one in sales for payment in one.payments),
        refunds=tuple(refund for one in sales for refund in one.refunds),
    )


def _erp_tellings(chance: Chance, name: str, sale: erp_sales.ErpSale, place: int) -> list[Telling]:
    if name == "acme-erp":
        return canonical.tell_on_kafka(sale)
    return canonical.tell_over_http(chance, sale, canonical.MODES[place % 3])


def _parked(told: list[Telling]) -> tuple[Parked, ...]:
    """What waits for a person before the late mapping is made: orders of unmapped goods, and the unreadable."""
    parked: list[Parked] = []
    for one in told:
        alias = CONNECTION_OF[one.source].alias
        if one.expect == "unreadable":
            parked.append(Parked(alias, one.source, one.note, "unreadable"))
        if one.expect == "parked":
            orders = [fact for fact in one.facts if fact.startswith("order:")]
            parked += [Parked(alias, one.source, fact, "unmapped_item") for fact in orders]
    return tuple(parked)


def _waited(order: Order) -> bool:
    return CONNECTION_OF[order.source].alias == LATE.connection and any(line.sku == LATE.sku for line in order.lines)


def _released(facts: Facts, documents: Documents) -> tuple[str, ...]:
    """The markers of the waiting orders' invoices, payments and refunds."""
    waited = {(order.source, order.key): order for order in facts.orders if _waited(order)}
    markers = {expected.invoice_marker(order) for order in waited.values()}
    markers |= {
        expected.payment_marker(payment)
        for payment in facts.payments
        if any((payment.source, share.order) in waited for share in payment.shares)
    }
    markers |= {refund.key for refund in facts.refunds if (refund.source, refund.order) in waited}
    return tuple(one.marker for one in documents.all() if one.marker in markers and one.connection == LATE.connection)
