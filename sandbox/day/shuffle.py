"""The day as it arrives: late orders, late payments, the same delivery twice, and what does not belong."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sandbox.day.chance import Chance
from sandbox.day.stripe_sales import SOURCE as STRIPE
from sandbox.day.tellings import Telling

DUPLICATES: Final = 14
LATE_EACH: Final = 4
ORDERS_LATE_BY: Final = timedelta(minutes=25)

Fact = tuple[str, str]
"""A source's name and what it tells."""


def arrive(chance: Chance, told: Iterable[Telling], now: datetime) -> tuple[Telling, ...]:
    """The tellings in order of arrival.

    Some orders come after their payments, and some payments after their refunds; deliveries are repeated;
    forged and unreadable ones and small talk are mixed in by the caller. Which telling of a fact is the
    first, and so `accepted`, is settled here.
    """
    line = sorted(told, key=lambda one: one.at)
    orders, payments = _some_orders(chance, line), _some_refunded_payments(chance, line)
    whole_day = now - line[0].at

    def arrives(one: Telling) -> datetime:
        facts = {(one.source, fact) for fact in one.facts}
        if facts & payments:
            return one.at + whole_day
        return one.at + ORDERS_LATE_BY if facts & orders else one.at

    return tuple(_repeated(chance, _marked(sorted(line, key=arrives))))


def _some_orders(chance: Chance, line: Sequence[Telling]) -> set[Fact]:
    """Orders that shall arrive after their payments, some of every source."""
    late: set[Fact] = set()
    for source in sorted({one.source for one in line}):
        facts = [one.facts[0] for one in line if one.source == source and _tells(one, "order:")]
        late.update((source, fact) for fact in chance.several(facts, min(len(facts), LATE_EACH)))
    return late


def _some_refunded_payments(chance: Chance, line: Sequence[Telling]) -> set[Fact]:
    """Payments that shall arrive when the day is over, so after the refunds of them, some of every source."""
    late: set[Fact] = set()
    for source in sorted({one.source for one in line}):
        refunded = [money for one in line if one.source == source for money in one.pays_back]
        chosen = chance.several(refunded, min(len(refunded), LATE_EACH))
        late.update((source, f"payment:{key}") for key in chosen)
    return late


def _tells(one: Telling, what: str) -> bool:
    """Whether its first fact is such a one, and it is no batch of a whole sale."""
    return bool(one.facts) and one.facts[0].startswith(what) and not one.note.startswith("batch")


def _marked(line: Sequence[Telling]) -> list[Telling]:
    """`accepted` for the first telling of a fact to arrive, `retold` for the others."""
    seen: set[tuple[str, str]] = set()
    marked: list[Telling] = []
    for one in line:
        facts = {(one.source, fact) for fact in one.facts}
        if one.expect in ("accepted", "retold"):
            one = replace(one, expect="accepted" if facts - seen else "retold")  # noqa: PLW2901
        seen |= facts
        marked.append(one)
    return marked


def _repeated(chance: Chance, line: Sequence[Telling]) -> list[Telling]:
    """The line with some deliveries coming a second time, byte for byte, a while later."""
    among = [place for place, one in enumerate(line) if one.expect == "accepted" and not one.forged]
    again = {place: chance.number(1, 40) for place in chance.several(among, min(len(among), DUPLICATES))}
    copies = {
        min(place + later, len(line) - 1): replace(line[place], expect="duplicate", note=f"again: {line[place].note}")
        for place, later in again.items()
    }
    whole: list[Telling] = []
    for place, one in enumerate(line):
        whole.append(one)
        if place in copies:
            whole.append(copies[place])
    return whole


def strangers(chance: Chance, told: Sequence[Telling]) -> list[Telling]:
    """Deliveries that are not what they say: forged ones, and authentic ones with a field that cannot be read."""
    charges = [one for one in told if one.kind == "stripe" and one.note.startswith("charge.succeeded")]
    orders = [one for one in told if one.headers.get("X-Shopify-Topic") == "orders/paid"]
    return [
        _forged_charge(chance, chance.pick(charges)),
        _forged_order(chance, chance.pick(orders)),
        _unreadable_charge(chance, chance.pick(charges)),
        _unreadable_order(chance, chance.pick(orders)),
    ]


def _forged_charge(chance: Chance, model: Telling) -> Telling:
    event = json.loads(model.body)
    event["id"] = chance.token("evt_1")
    event["data"]["object"] |= {"id": chance.token("ch_3"), "amount": 1, "amount_captured": 1}
    return replace(
        model,
        body=json.dumps(event, indent=2).encode(),
        note="charge.succeeded: signed with another secret",
        expect="rejected",
        facts=(),
        forged=True,
    )


def _forged_order(chance: Chance, model: Telling) -> Telling:
    return replace(
        model,
        headers=model.headers | {"X-Shopify-Webhook-Id": chance.uuid()},
        note="orders/paid: signed with another secret",
        expect="rejected",
        facts=(),
        forged=True,
    )


def _unreadable_charge(chance: Chance, model: Telling) -> Telling:
    event = json.loads(model.body)
    event["id"] = chance.token("evt_1")
    event["data"]["object"] |= {"id": chance.token("ch_3"), "amount": "a lot", "amount_captured": "a lot"}
    return replace(
        model,
        source=STRIPE,
        body=json.dumps(event, indent=2).encode(),
        note="charge.succeeded: an amount that is no number",
        expect="unreadable",
        facts=(),
    )


def _unreadable_order(chance: Chance, model: Telling) -> Telling:
    order = json.loads(model.body)
    order["id"] = int(chance.wide_id())
    order["name"] = "#LOST"
    order["total_price"] = "12,50 EUR"
    order["total_price_set"]["shop_money"]["amount"] = "12,50 EUR"
    return replace(
        model,
        body=json.dumps(order, ensure_ascii=False).encode(),
        headers=model.headers | {"X-Shopify-Webhook-Id": chance.uuid()},
        note="orders/paid: a total that is no amount",
        expect="unreadable",
        facts=(),
    )
