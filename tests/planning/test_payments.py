"""Payments become invoice payments, once what they pay is in the books and open enough."""

from dataclasses import replace
from decimal import Decimal

import pytest

from consumers.freezing import Frozen, MissingLink, freeze
from consumers.planning import plan, references
from schemas.books import Applied, Entry, Link
from schemas.documents import Applies, Ref
from schemas.events import PaymentReceived
from schemas.facts import Customer
from schemas.mapping import Clearing, Named
from schemas.plans import Cause, Hold
from tests.planning.shop import (
    LISTS,
    MAPPING,
    ada_linked,
    books,
    connection,
    invoiced,
    last_write,
    line,
    order,
    parked,
    payment,
    shown,
)

ORDER = order(line(3058), total=3058)
SECOND = order(line(1000), total=1000, order_id="1002")
READY = [ada_linked(), invoiced("1001"), invoiced("1002")]


def held(event: PaymentReceived, **snapshot: object) -> tuple[str, str]:
    planned = plan(event, books(**snapshot))  # type: ignore[arg-type]  # what books takes
    assert isinstance(planned, Hold), planned
    return planned.awaits, planned.reason


def test_one_payment_of_two_orders() -> None:
    planned = plan(payment(4058, ("1001", 3058), ("1002", 1000)), books([ORDER, SECOND], links=READY))
    assert shown(planned) == (
        "payment:pi_1                          40.58\n"
        "  on invoice:1001                                   30.58\n"
        "  on invoice:1002                                   10.00\n"
    )
    assert last_write(planned).applies == (Applies("1001", "invoice:1001", 3058), Applies("1002", "invoice:1002", 1000))


def test_the_bytes_of_a_payment() -> None:
    event = payment(3058, ("1001", 3058), payment_id="pi_3NqYx2eZvKYlo2C01abcdefg")
    write = last_write(plan(event, books([ORDER], links=READY)))
    links = {link.key: link for link in READY}
    frozen = freeze(write, links)
    assert isinstance(frozen, Frozen)
    assert frozen.body == (
        b'{"invoice_payment":{"account_id":"a-stripe","customer_id":"cu-ada","txn_date":"2026-11-02",'
        b'"currency_code":"USD","total_amount":30.58,"memo":"Payment pi_3NqYx2eZvKYlo2C01abcdefg",'
        b'"reference":"Yx2eZvKYlo2C01abcdefg","linked_invoices":[{"id":"inv-1001","amount":30.58}]}}'
    )
    assert freeze(write, {}) == MissingLink("customer:c-9:USD")
    assert write.look.customer == Ref("customer:c-9:USD")


def test_a_payment_on_an_order_named_twice_is_one_link() -> None:
    planned = plan(payment(3058, ("1001", 3000), ("1001", 58)), books([ORDER], links=READY))
    assert "  on invoice:1001                                   30.58\n" in shown(planned)


# ── what it waits for ───────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_payment_waits_for() -> None:
    pays = payment(3058, ("1001", 3058))
    different = [ada_linked(), invoiced("1001", different=True)]
    assert held(payment(3058, applies_to=None))[0] == "payment:pi_1"
    assert held(pays) == ("invoice:1001", "the invoice of order 1001 is not in the books yet")
    assert held(pays, facts=[ORDER]) == ("invoice:1001", "the invoice of order 1001 is not in the books yet")
    assert held(pays, facts=[ORDER], links=different) == (
        "invoice:1001",
        "the invoice of order 1001 is written different",
    )
    assert held(pays, facts=[ORDER], links=READY, conflicted=frozenset({"order:1001"})) == (
        "invoice:1001",
        "the tellings of order 1001 conflict",
    )
    assert held(pays, facts=[ORDER], links=[invoiced()]) == (
        "customer:c-9:USD",
        "the customer of order 1001 is not in the books yet",
    )


# ── too much ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_more_than_is_open() -> None:
    applied = {"1001": (Applied(by="payment:pi_0", minor=3000, document="invoice:1001"),)}
    park = parked(payment(100, ("1001", 100)), books([ORDER], links=READY, applied=applied))
    assert park.cause is Cause.OVERPAYMENT
    assert park.detail == (
        "it pays 1.00 USD on order 1001, of which 0.58 USD is open (invoice 30.58 USD): 0.42 USD over"
    )


def test_what_it_took_off_itself_does_not_count() -> None:
    applied = {"1001": (Applied(by="payment:pi_1", minor=3058, document="invoice:1001"),)}
    planned = plan(payment(3058, ("1001", 3058)), books([ORDER], links=READY, applied=applied))
    assert last_write(planned).applies == (Applies("1001", "invoice:1001", 3058),)


def test_a_part_that_pays_no_order() -> None:
    park = parked(payment(4000, ("1001", 3058)), books([ORDER], links=READY))
    assert (park.cause, park.detail[:8]) == (Cause.OVERPAYMENT, "9.42 USD")


def test_more_applied_than_paid() -> None:
    park = parked(payment(3000, ("1001", 3058)), books([ORDER], links=READY))
    assert (park.cause, park.detail) == (
        Cause.DOES_NOT_TIE,
        "it pays 30.58 USD of orders with 30.00 USD: 0.58 USD over",
    )


def test_another_currency_than_the_order() -> None:
    park = parked(payment(3058, ("1001", 3058), currency="EUR"), books([ORDER], links=READY))
    assert (park.cause, park.detail) == (Cause.NOT_SUPPORTED, "the money is EUR, the order is USD")


def test_orders_of_two_customers() -> None:
    bob = order(line(1000), total=1000, order_id="1002", customer=Customer(id="c-2", name="Bob", email=None))
    links = [*READY, Link(key="customer:c-2:USD", rutter_id="cu-bob")]
    park = parked(payment(4058, ("1001", 3058), ("1002", 1000)), books([ORDER, bob], links=links))
    assert park.cause is Cause.AMBIGUOUS


# ── payments without an order ───────────────────────────────────────────────────────────────────────────────────────


def test_a_prepayment_where_the_platform_takes_one() -> None:
    event = payment(500, customer=Customer(id="c-9", name="Ada Byron", email=None))
    write = last_write(plan(event, books(links=[ada_linked()])))
    assert "linked_invoices" not in write.body
    assert write.body["total_amount"] == Decimal("5.00")


def test_a_prepayment_where_it_does_not() -> None:
    park = parked(payment(500), books(of=connection("XERO"), links=[ada_linked()]))
    assert park.fingerprint == "not supported: payments without an order on XERO"


# ── accounts ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gateway", "account"),
    [("stripe", "a-stripe"), ("Stripe", "a-stripe"), ("paypal", "a-paypal"), ("cash", "a-other"), (None, "a-other")],
)
def test_the_first_clearing_row_that_fits(gateway: str | None, account: str) -> None:
    event = payment(3058, ("1001", 3058), gateway=gateway)
    assert last_write(plan(event, books([ORDER], links=READY))).body["account_id"] == account


def test_a_gateway_without_an_account_says_the_row_to_write() -> None:
    mapping = replace(MAPPING, clearing=())
    park = parked(payment(3058, ("1001", 3058)), books([ORDER], of=connection(mapping=mapping), links=READY))
    assert park.fingerprint == "unmapped account: gateway stripe"
    assert park.cure == (
        'add a row gateway = "stripe", account = "the clearing account\'s name" under [[connections.acme.clearing]], '
        "then: ledgerhook apply FILE, ledgerhook release"
    )


def test_an_account_the_books_do_not_have() -> None:
    lists = [(kind, entry) for kind, entry in LISTS if entry.id != "a-stripe"]
    park = parked(payment(3058, ("1001", 3058)), books([ORDER], links=READY, lists=lists))
    assert (park.cause, park.subject) == (Cause.UNMAPPED_ACCOUNT, 'account "Stripe clearing"')


def test_an_account_of_that_name_twice() -> None:
    lists = [*LISTS, ("account", Entry(id="a-2", name="Stripe clearing"))]
    park = parked(payment(3058, ("1001", 3058)), books([ORDER], links=READY, lists=lists))
    assert (park.cause, park.subject) == (Cause.AMBIGUOUS, 'account "Stripe clearing"')


def test_an_account_in_a_third_currency() -> None:
    lists = [*LISTS, ("account", Entry(id="a-gbp", name="Pounds", currency="GBP"))]
    mapping = replace(MAPPING, clearing=(Clearing(account=Named(name="Pounds")),))
    snapshot = books([ORDER], of=connection(mapping=mapping), links=READY, lists=lists)
    park = parked(payment(3058, ("1001", 3058)), snapshot)
    assert park.detail == 'account "Pounds" is kept in GBP; this money is USD'


def test_what_is_read_for_a_payment_grows_with_what_is_known() -> None:
    event = payment(3058, ("1001", 3058))
    first = references(event, {}, connection())
    assert (first.facts, first.orders) == (frozenset({"order:1001"}), frozenset({"1001"}))
    assert first.links == frozenset({"payment:pi_1", "invoice:1001"})
    then = references(event, {"order:1001": ORDER}, connection())
    assert then.links == first.links | {"customer:c-9:USD"}
