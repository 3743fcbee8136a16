"""Who is invoiced: linked, found without doubt, made, or asked about."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from consumers.planning import plan
from schemas.books import Entry, Link, Seen
from schemas.facts import Customer
from schemas.plans import Cause, Park
from tests.planning.shop import LISTS, MAPPING, ada_linked, books, connection, line, order, parked, posted

SALE = order(line(100), total=100)


def customer_cases() -> list[tuple[str, list[Entry], str]]:
    """What the books have -> what is decided. `new` = a customer write; `= id` = linked; else the park's cause."""
    mailed, other_mail = "ada@example.com", "someone@example.com"
    return [
        ("nobody", [], "new Ada Byron"),
        ("the e-mail, another name", [Entry(id="x", name="A. Byron", email=mailed)], "= x"),
        ("the e-mail in another currency", [Entry(id="x", name="A", email=mailed, currency="EUR")], "new Ada Byron"),
        ("the e-mail of an archived one", [Entry(id="x", name="A", email=mailed, active=False)], "new Ada Byron"),
        (
            "the e-mail twice",
            [Entry(id="x", name="A", email=mailed), Entry(id="y", name="B", email=mailed)],
            "ambiguous",
        ),
        (
            "the e-mail once a currency",
            [Entry(id="x", name="A", email=mailed, currency="EUR"), Entry(id="y", name="B", email=mailed)],
            "= y",
        ),
        (
            "the e-mail of ours in euros, its currency not said yet",
            [Entry(id="x", name="Ada Byron (EUR)", email=mailed), Entry(id="y", name="Ada Byron", email=mailed)],
            "= y",
        ),
        ("the name, another e-mail", [Entry(id="x", name="Ada Byron", email=other_mail)], "ambiguous"),
        ("the name, no e-mail", [Entry(id="x", name="Ada Byron")], "ambiguous"),
        ("the name in another currency", [Entry(id="x", name="Ada Byron", currency="EUR")], "new Ada Byron"),
    ]


@pytest.mark.parametrize(("what", "entries", "decided"), customer_cases())
def test_who_the_customer_is(what: str, entries: list[Entry], decided: str) -> None:
    planned = plan(SALE, books(lists=[*LISTS, *(("customer", entry) for entry in entries)]))
    if isinstance(planned, Park):
        assert planned.cause.value == decided, what
        assert "Ada Byron" in planned.subject
    elif planned and posted(planned).found:
        [(key, entry)] = posted(planned).found
        assert (key, f"= {entry.id}") == ("customer:c-9:USD", decided), what
    else:
        made = posted(planned).writes[0]
        assert (made.key, f"new {made.body['customer_name']}") == ("customer:c-9:USD", decided), what


def test_a_customer_in_another_currency_has_it_in_the_name() -> None:
    made = posted(plan(order(line(100), total=100, currency="EUR"), books())).writes[0]
    assert made.key == "customer:c-9:EUR"
    assert made.body == {
        "contact_name": "Ada Byron (EUR)",
        "customer_name": "Ada Byron (EUR)",
        "email": "ada@example.com",
        "additional_fields": {"currency_code": "EUR"},
    }


def test_a_guest_is_known_by_e_mail_whatever_its_case() -> None:
    guest = Customer(id=None, name=None, email=" Ada@Example.com ")
    made = posted(plan(order(line(100), total=100, customer=guest), books())).writes[0]
    assert made.key == "customer:ada@example.com:USD"
    assert made.body["customer_name"] == "Ada@Example.com"


NOBODY = Customer(id=None, name=None, email=None)


def test_nobody_is_the_cash_customer() -> None:
    planned = posted(plan(order(line(100), total=100, customer=NOBODY), books()))
    assert [(key, entry.id) for key, entry in planned.found] == [("customer::USD", "cu-till")]


def test_the_cash_customer_in_another_currency_is_made_once() -> None:
    event = order(line(100), total=100, customer=NOBODY, currency="JPY")
    assert posted(plan(event, books())).writes[0].body["customer_name"] == "Till (JPY)"
    linked = books(links=[Link(key="customer::JPY", rutter_id="cu-till-jpy")])
    assert [write.key for write in posted(plan(event, linked)).writes] == ["invoice:1001"]


def test_nobody_without_a_cash_customer_parks() -> None:
    snapshot = books(of=connection(mapping=replace(MAPPING, cash_customer=None)))
    park = parked(order(line(100), total=100, customer=NOBODY), snapshot)
    assert park.fingerprint == "unmapped customer: cash customer"


def test_a_customer_that_somebody_archived_or_deleted_is_asked_about() -> None:
    at = datetime(2026, 11, 4, 8, tzinfo=UTC)
    archived = plan(SALE, books(links=[replace(ada_linked(), seen=Seen(status="changed", at=at))]))
    assert isinstance(archived, Park)
    assert (archived.cause, archived.subject) == (Cause.EDITED_IN_BOOKS, "customer Ada Byron")
    assert archived.detail == "Ada Byron (customer:c-9:USD) was archived in the books by somebody (seen 2026-11-04)"
    assert archived.cure.startswith("make it active again in the books, or merge it into")
    deleted = plan(SALE, books(links=[replace(ada_linked(), seen=Seen(status="deleted", at=at))]))
    assert isinstance(deleted, Park)
    assert "was deleted in the books" in deleted.detail
    assert posted(plan(SALE, books(links=[ada_linked()]))).writes[0].key == "invoice:1001"
