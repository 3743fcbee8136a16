"""What is planned for files, accounts and items: hand-written events against hand-written books."""

from datetime import UTC, datetime
from typing import Any

import pytest

from consumers.attachments import attachment_event, attachments_named
from consumers.planning.additions.attachments import to_fetch
from consumers.planning.decide import plan, references
from consumers.requests import account_requested, item_requested
from schemas.addition_events import AttachmentAdded
from schemas.additions import AddedAttachment
from schemas.books import Books, Entry, KeptFile, Link, LookUp, Seen
from schemas.connections import Connection, ConnectionState
from schemas.documents import Ref
from schemas.events import event_bytes, parse_own_event
from schemas.mapping import Mapping
from schemas.plans import Cause, Hold, Park, Plan, Post, Skip

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
DIGEST = "ab" * 32
INVOICE = {"invoice:1001": Link(key="invoice:1001", rutter_id="i-1")}
KEPT = KeptFile(digest=DIGEST, size=18, content_type="application/pdf")


def connection(platform: str = "QUICKBOOKS") -> Connection:
    return Connection(
        alias="acme",
        rutter_id="r-1",
        platform=platform,
        time_zone="America/New_York",
        home_currency="USD",
        mapping=Mapping(),
        state=ConnectionState.READY,
        access_token="t",
    )


def attachment(**given: Any) -> AttachmentAdded:
    told = {"order_id": "1001", "file_name": "receipt.pdf", "url": "https://files.example/r.pdf"} | given
    return attachment_event(AddedAttachment(added_at=NOON, **told), namespace="shop", connection="acme")


def planned(event: AttachmentAdded, platform: str = "QUICKBOOKS", **books: Any) -> Plan:
    return plan(event, Books(connection=connection(platform), **books))


def test_a_file_is_uploaded_to_the_invoice_of_its_order() -> None:
    event = attachment()
    found = planned(event, links=INVOICE, files={event.key: KEPT})

    assert isinstance(found, Post)
    (write,) = found.writes
    assert write.key == f"attachment:1001:{DIGEST}"
    assert write.body == {
        "file_name": "receipt abababababab.pdf",
        "content_type": "application/pdf",
        "size": 18,
        "digest": DIGEST,
    }
    assert (write.look.parent, write.look.name) == (Ref("invoice:1001"), "receipt abababababab.pdf")


def test_a_file_waits_for_its_invoice() -> None:
    event = attachment()
    found = planned(event, files={event.key: KEPT})

    assert isinstance(found, Hold)
    assert found.awaits == "invoice:1001"


def test_only_a_file_that_is_not_kept_and_could_be_attached_is_fetched() -> None:
    event, given = attachment(), attachment(url=None, digest=DIGEST)

    assert references(event, {}, connection()).files == {event.key}
    assert to_fetch(event, Books(connection=connection())) == event
    assert to_fetch(event, Books(connection=connection(), files={event.key: KEPT})) is None
    assert to_fetch(event, Books(connection=connection("QUICKBOOKS_DESKTOP"))) is None
    assert to_fetch(given, Books(connection=connection())) is None


def test_a_platform_without_attachments_is_told_with_its_source() -> None:
    found = planned(attachment(), "QUICKBOOKS_DESKTOP")

    assert isinstance(found, Skip)
    assert found.reason.startswith("QuickBooks Desktop has no attachments (")


def test_a_platform_of_which_it_is_not_known_is_tried() -> None:
    event = attachment()
    assert isinstance(planned(event, "FRESHBOOKS", links=INVOICE, files={event.key: KEPT}), Post)


def test_a_digest_without_a_file_is_asked_about() -> None:
    found = planned(attachment(url=None, digest=DIGEST), links=INVOICE)

    assert isinstance(found, Park)
    assert (found.cause, "ledgerhook attach acme 1001 FILE" in found.cure) == (Cause.ATTACHMENT_REFUSED, True)


@pytest.mark.parametrize(("status", "kind"), [("void", Skip), ("deleted", Park), ("paid", Post), ("changed", Post)])
def test_what_a_person_did_to_the_invoice_is_respected(status: Any, kind: type) -> None:
    event = attachment()
    seen = {"invoice:1001": Link(key="invoice:1001", rutter_id="i-1", seen=Seen(status=status, at=NOON))}

    assert isinstance(planned(event, links=seen, files={event.key: KEPT}), kind)


def test_a_file_of_an_order_with_the_longest_of_ids_is_an_event_like_any_other() -> None:
    event = attachment(order_id=":" * 255)

    assert parse_own_event(event_bytes(event)) == event


def test_other_events_name_no_files() -> None:
    assert attachments_named(attachment()) == ()


RECEIVABLE = account_requested(
    "acme", "receivable", name="Receivables", account_type="accounts_receivable", currency="USD", nominal_code="1200",
    at=NOON,
)  # fmt: skip
SHIPPING = item_requested("acme", "shipping", name="Shipping", account_role="income", at=NOON)
BY_NAME, BY_CODE = LookUp("account", "name", "Receivables"), LookUp("account", "code", "1200")


def account(**given: Any) -> Entry:
    told = {"id": "a-1", "name": "receivables ", "type": "accounts_receivable", "currency": "USD"} | given
    return Entry(**told)


def test_an_account_that_is_not_there_is_made() -> None:
    found = plan(RECEIVABLE, Books(connection=connection()))

    assert isinstance(found, Post)
    (write,) = found.writes
    assert (write.key, write.look.name) == ("account:receivable", "Receivables")
    assert write.body == {
        "name": "Receivables", "account_type": "accounts_receivable", "currency_code": "USD", "nominal_code": "1200"
    }  # fmt: skip


@pytest.mark.parametrize("entry", [account(), account(currency=None), account(type="unknown"), account(code="1200")])
def test_an_account_that_is_there_is_linked(entry: Entry) -> None:
    found = plan(RECEIVABLE, Books(connection=connection(), found={BY_NAME: (entry,), BY_CODE: ()}))

    assert found == Post((), found=(("account:receivable", entry),))


@pytest.mark.parametrize(
    "found",
    [
        {BY_NAME: (account(type="bank"),)},
        {BY_NAME: (account(currency="EUR"),)},
        {BY_NAME: (account(active=False),)},
        {BY_NAME: (account(), account(id="a-2"))},
        {BY_CODE: (account(name="Debtors"),)},
    ],
)
def test_what_could_be_taken_for_it_goes_to_a_person(found: dict[LookUp, tuple[Entry, ...]]) -> None:
    park = plan(RECEIVABLE, Books(connection=connection(), found=found))

    assert isinstance(park, Park)
    assert (park.cause, park.subject) == (Cause.AMBIGUOUS, "account Receivables")


def test_an_item_waits_for_its_account_and_is_booked_on_it() -> None:
    assert plan(SHIPPING, Books(connection=connection())) == Hold(
        "account:income", "the account of the item 'Shipping' is not in the books yet"
    )
    there = {"account:income": Link(key="account:income", rutter_id="a-9")}
    found = plan(SHIPPING, Books(connection=connection(), links=there))

    assert isinstance(found, Post)
    assert found.writes[0].body == {
        "name": "Shipping", "type": "service", "invoice_item": {"account_id": Ref("account:income")}
    }  # fmt: skip


def test_an_item_that_is_there_is_linked_and_a_second_time_left() -> None:
    entry = Entry(id="i-7", name="Shipping")
    books = Books(connection=connection(), found={LookUp("item", "name", "Shipping"): (entry,)})

    assert plan(SHIPPING, books) == Post((), found=(("item:shipping", entry),))
    linked = Books(connection=connection(), links={"item:shipping": Link(key="item:shipping", rutter_id="i-7")})
    assert plan(SHIPPING, linked) == Post(())
