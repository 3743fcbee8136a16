"""What planning writes and looks for on each platform is what the table says of it."""

from dataclasses import fields, replace
from typing import Literal

import pytest

from consumers.planning import plan
from schemas.books import Link
from schemas.documents import Look, Write
from schemas.events import Event
from schemas.mapping import Numbers, Policies
from schemas.platforms.registry import PLATFORMS, platform
from tests.planning.shop import (
    MAPPING,
    ada_linked,
    books,
    connection,
    invoiced,
    last_write,
    line,
    order,
    payment,
    refund,
    returned,
    through,
)

ORDER = order(line(3058), total=3058)
PAID = payment(3058, ("1001", 3058))
RETURNED = refund(1000, returned(1000), money=[through(1000)])
SENT = {
    "QUICKBOOKS": {"document_number", "memo", "reference"},
    "QUICKBOOKS_DESKTOP": {"document_number", "memo", "reference"},
    "XERO": {"document_number"},
    "NETSUITE": {"document_number", "reference"},
    "SAGE_INTACCT": set(),
    "SAGE_INTACCT_V2": set(),
    "DYNAMICS365": set(),
    "ZOHOBOOKS": {"document_number", "memo", "reference"},
    "FRESHBOOKS": set(),
    "ODOO": set(),
}
"""Of an invoice's number and memo and a payment's reference, what each is sent; read from Rutter's pages by hand."""
every = pytest.mark.parametrize("name", SENT)


def invoice_of(event: Event, name: str) -> Write:
    of = connection(name, replace(MAPPING, numbers=Numbers(prefix="LH-")))
    return last_write(plan(event, books(of=of, links=[ada_linked()])))


def written(event: Event, name: str, refunds: Literal["credit_memo", "customer_refund"] = "credit_memo") -> Write:
    of = connection(name, replace(MAPPING, policies=Policies(refund=refunds), numbers=Numbers(prefix="LH-")))
    paid = [Link(key=PAID.key, rutter_id="pay-1")] if event is RETURNED else []
    return last_write(plan(event, books([ORDER, PAID], of=of, links=[ada_linked(), invoiced("1001"), *paid])))


def looked_for(write: Write) -> set[str]:
    return {field.name for field in fields(Look) if getattr(write.look, field.name) is not None}


def test_every_platform_of_the_table_is_here() -> None:
    assert set(SENT) == {*PLATFORMS, "ODOO"}


@every
def test_marks_are_sent_where_they_are_taken(name: str) -> None:
    on_invoice = {"document_number", "memo"} & invoice_of(ORDER, name).body.keys()
    on_payment = {"reference"} & written(PAID, name).body.keys()
    assert {*on_invoice, *on_payment} == SENT[name]


@every
def test_documents_are_looked_for_as_the_table_says(name: str) -> None:
    known = platform(name).identified_by
    assert looked_for(invoice_of(ORDER, name)) == set(known["invoice"])
    assert looked_for(written(PAID, name)) == set(known["invoice_payment"])
    assert looked_for(written(RETURNED, name)) == set(known["invoice_credit_memo"])
    if name in {"QUICKBOOKS", "XERO"}:
        assert looked_for(written(RETURNED, name, "customer_refund")) == set(known["customer_refund"])


@every
def test_numbers_are_no_longer_than_the_platform_takes(name: str) -> None:
    longest = order(line(100), total=100, order_id="9" * 255)
    number = invoice_of(longest, name).body.get("document_number", "")
    memo = written(RETURNED, name).body.get("document_number", "")
    assert max(len(number), len(memo)) <= platform(name).number_length


def test_numbers_on_quickbooks_desktop_have_eleven_characters() -> None:
    long = order(line(100), total=100, order_id="114-3941689-8772232")
    numbers = {invoice_of(long, "QUICKBOOKS_DESKTOP").body["document_number"] for _ in range(2)}
    assert [len(number) for number in numbers] == [11]
    assert numbers.pop().startswith("LH-")


def test_tax_goes_in_the_header_only_where_no_line_must_be_taxed_for_it() -> None:
    taxed = order(line(1000, 80), total=1080)
    assert {name for name in SENT if "additional_fields" in invoice_of(taxed, name).body} == {"QUICKBOOKS"}
