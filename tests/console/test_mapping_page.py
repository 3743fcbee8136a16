"""A connection's mapping in the console: proposed from the books' lists, declared like a file, refused like one."""

import html
import re

import httpx
import pytest
from sqlalchemy import Connection as DatabaseConnection

from schemas.books import Entry
from schemas.connections import Connection
from schemas.mapping import Clearing, Named
from service.trail import connections, entries
from service.trail.entries import Mark
from tests.console.conftest import Console

ACCOUNTS = (
    Entry(id="a-1", name="Accounts Receivable", type="accounts_receivable"),
    Entry(id="a-2", name="Undeposited Funds", type="other_current_asset"),
    Entry(id="a-3", name="Sales", type="income"),
    Entry(id="a-4", name="Sales tax payable", type="other_current_liability"),
    Entry(id="a-5", name="Checking", type="bank"),
    Entry(id="a-6", name="Stripe <clearing>", type="other_current_asset"),
    Entry(id="a-7", name="Shopify clearing", type="other_current_asset"),
)
ITEMS = tuple(
    Entry(id=f"i-{number}", name=name)
    for number, name in enumerate(("Sales", "Shipping", "Discount", "Tip", "Rounding", "Sales tax"))
)


@pytest.fixture(autouse=True)
def _lists(console: Console) -> None:
    """The books of acme have been read just now."""

    def put(c: DatabaseConnection) -> None:
        for name, there in (("account", ACCOUNTS), ("item", ITEMS), ("customer", ())):
            entries.put(c, "acme", name, there)
            entries.mark(c, "acme", name, Mark(console.stage.clock.at, None))

    console.stage.run(put)


def form(page: str) -> dict[str, str]:
    """What a browser would send, had nobody typed anything."""
    inside = page[page.index('<form class="mapping"') :]
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', inside))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', inside):
        fields[name] = re.findall(r"<option selected>([^<]*)<", options)[0]
    return {name: html.unescape(value) for name, value in fields.items()}


def mapping(console: Console) -> Connection:
    found = console.stage.read(lambda c: connections.connection(c, console.stage.keys, "acme"))
    assert found is not None
    return found


def test_what_is_proposed_is_declared_as_it_is(visitor: httpx.Client, console: Console) -> None:
    page = visitor.get("/connections/mapping?connection=acme").text
    before = mapping(console)
    assert "Stripe &lt;clearing&gt;" in page
    assert "<clearing>" not in page

    answered = visitor.post("/connections/mapping", data=form(page) | {"release": "on"})

    assert answered.status_code == 200
    assert "acme is mapped so." in answered.text
    assert "Payment reversals" in answered.text.split("Asked for:")[1].split(".")[0]
    declared = mapping(console)
    assert declared.mapping.items.fallback == Named(name="Sales")
    assert declared.mapping.clearing[-1] == Clearing(account=Named(name="Undeposited Funds"))
    assert declared.mapping.policies.refund == "credit_memo"
    assert declared.access_token == before.access_token
    asked = console.stage.read(
        lambda c: c.exec_driver_sql("SELECT type, key FROM events WHERE namespace = 'ledgerhook'").all()
    )
    assert ("item.requested", "item:Payment reversals") in [tuple(row) for row in asked]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"receivable": "Checking"}, "Receivables: the books have no Checking that would do"),
        ({"due_days": "soon"}, "Days to pay: a whole number of days"),
        ({"cash_customer": "<b>Nobody</b>"}, "the books have no such customer"),
    ],
)
def test_what_will_not_do_changes_nothing(
    visitor: httpx.Client, console: Console, change: dict[str, str], says: str
) -> None:
    page = visitor.get("/connections/mapping?connection=acme").text
    before = mapping(console)

    answered = visitor.post("/connections/mapping", data=form(page) | change)

    assert answered.status_code == 422
    assert says in html.unescape(answered.text)
    assert "<b>Nobody" not in answered.text
    assert form(answered.text)[next(iter(change))] == next(iter(change.values()))
    assert mapping(console) == before


def test_a_form_from_elsewhere_and_an_unknown_connection(visitor: httpx.Client, console: Console) -> None:
    page = visitor.get("/connections/mapping?connection=acme").text
    before = mapping(console)

    assert visitor.post("/connections/mapping", data=form(page) | {"csrf": "other"}).status_code == 403
    assert visitor.get("/connections/mapping?connection=nobody").status_code == 404
    assert mapping(console) == before


def test_no_secret_is_on_the_page(visitor: httpx.Client, console: Console) -> None:
    page = visitor.get("/connections/mapping?connection=acme").text

    assert mapping(console).access_token
    assert mapping(console).access_token not in page
