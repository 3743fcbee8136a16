"""What is read before a plan, and which lists are read anew before a miss is believed."""

from consumers.freezing import Frozen, MissingLink, freeze
from consumers.planning import plan, references, unanswered
from schemas.books import Entry, Link, LookUp
from tests.planning.shop import (
    LISTS,
    ada_linked,
    books,
    connection,
    invoiced,
    last_write,
    line,
    order,
    payment,
    posted,
    refund,
)

SALE = order(line(100, sku="TEE"), total=100)


def test_what_an_order_asks_of_the_lists() -> None:
    asked = references(SALE, {}, connection())
    assert asked.links == frozenset({"invoice:1001", "customer:c-9:USD"})
    assert asked.look_ups == frozenset(
        {
            LookUp("customer", "email", "ada@example.com"),
            LookUp("customer", "name", "Ada Byron"),
            LookUp("item", "code", "TEE"),
            LookUp("item", "name", "TEE"),
            LookUp("item", "name", "Sales"),
        }
    )


def test_abroad_the_name_is_looked_up_with_and_without_its_currency() -> None:
    names = {one.value for one in references(order(total=0, currency="EUR"), {}, connection()).look_ups}
    assert {"Ada Byron", "Ada Byron (EUR)"} < names


def test_a_linked_customer_and_matched_items_need_no_list() -> None:
    assert unanswered(SALE, books(links=[ada_linked()])) == frozenset()


def test_a_customer_not_found_by_e_mail_is_looked_for_again() -> None:
    named = [*LISTS, ("customer", Entry(id="x", name="Ada Byron"))]
    mailed = [*LISTS, ("customer", Entry(id="x", name="A. B.", email="ada@example.com"))]
    assert unanswered(SALE, books(lists=named)) == frozenset({"customer"})
    assert unanswered(SALE, books(lists=mailed)) == frozenset()


def test_an_item_or_account_not_found_is_looked_for_again() -> None:
    unknown = order(line(100, sku="LAMP"), total=100)
    assert unanswered(unknown, books(links=[ada_linked()])) == frozenset({"item"})
    paid = payment(100, ("1001", 100))
    no_account = [(kind, entry) for kind, entry in LISTS if kind != "account"]
    assert unanswered(paid, books([SALE], links=[ada_linked(), invoiced()], lists=no_account)) == frozenset({"account"})


def test_a_body_is_frozen_only_when_all_it_refers_to_is_linked() -> None:
    planned = posted(plan(refund(100), books([SALE], links=[ada_linked(), invoiced()])))
    application = planned.writes[-1]
    links = {link.key: link for link in (ada_linked(), invoiced())}
    assert freeze(application, links) == MissingLink("credit_memo:re_1")
    unnumbered = Link(key="credit_memo:re_1", rutter_id=None)
    assert freeze(application, links | {unnumbered.key: unnumbered}) == MissingLink("credit_memo:re_1")
    memo = Link(key="credit_memo:re_1", rutter_id="cm-1")
    frozen = freeze(application, links | {memo.key: memo})
    assert isinstance(frozen, Frozen)
    assert frozen.look.parent == "cm-1"
    assert frozen.body == (
        b'{"invoice_credit_application":{"customer_id":"cu-ada","invoice_credit_memo_id":"cm-1",'
        b'"transaction_date":"2026-11-02","currency_code":"USD",'
        b'"linked_invoices":[{"id":"inv-1001","allocated_amount":1.00}]}}'
    )


def test_the_same_plan_freezes_to_the_same_bytes() -> None:
    links = {ada_linked().key: ada_linked()}
    first, second = (freeze(last_write(plan(SALE, books(links=[ada_linked()]))), links) for _ in range(2))
    assert first == second
