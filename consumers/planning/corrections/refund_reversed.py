"""`refund.reversed`: what was given back came home, so it is invoiced again, and that invoice is settled at once.

By the credit memo that the refund became, or by a payment into the account that its customer refund left.
"""

from collections.abc import Mapping

from consumers.planning import wording
from consumers.planning.corrections.headings import heading_of
from consumers.planning.corrections.order_reading import draft
from consumers.planning.credit_documents import Heading, credit_application
from consumers.planning.customers import Chosen
from consumers.planning.invoice_write import Draft, ask_draft, invoice_of
from consumers.planning.invoiced import Invoiced, customer_of, invoiced, known_orders
from consumers.planning.keys import (
    application_key,
    credit_memo_key,
    customer_refund_key,
    refund_key,
    refund_reversal_key,
    returned_money_key,
)
from consumers.planning.lines import Part
from consumers.planning.order_parts import OrderParts
from consumers.planning.payment_documents import Receipt, invoice_payment
from consumers.planning.questions import Question
from consumers.planning.refund_limits import left_out
from consumers.planning.refund_money import leaving
from consumers.planning.refund_orders import named_orders, refunded_order
from consumers.planning.refund_parts import refund_parts
from consumers.planning.refunds import refund_questions, refund_references
from consumers.planning.rules import order_facts
from consumers.planning.splitting import split
from schemas.books import Applied, Books, References
from schemas.connections import Connection
from schemas.corrections import RefundReversal
from schemas.documents import Applies, Write
from schemas.events import Event, RefundIssued, RefundReversed
from schemas.facts import Order, Shipping
from schemas.money import Money
from schemas.plans import Cause, Hold, Park, Plan, Post


def refund_reversal_references(
    event: RefundReversed, known: Mapping[str, Event], applied: Mapping[str, tuple[Applied, ...]]
) -> References:
    """The refund with all that it was planned from, and the documents of its own."""
    reversal = event.data.reversal
    key = refund_reversal_key(reversal.id)
    own = References(
        links=frozenset({key, application_key(key), returned_money_key(reversal.id)}),
        facts=frozenset({refund_key(reversal.refund_id)}),
        corrected=frozenset({refund_key(reversal.refund_id)}),
    )
    refund = known.get(refund_key(reversal.refund_id))
    return own | refund_references(refund, known, applied) if isinstance(refund, RefundIssued) else own


def refund_reversal_questions(
    event: RefundReversed, known: Mapping[str, Event], connection: Connection
) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    refund = known.get(refund_key(event.data.reversal.refund_id))
    if not isinstance(refund, RefundIssued):
        return ()
    orders = known_orders(named_orders(refund.data.refund, known), known)
    drafts = (question for order in orders for question in ask_draft(_draft(event, order, 0), connection))
    return (*refund_questions(refund, known, connection), *drafts)


def plan_refund_reversed(event: RefundReversed, books: Books) -> Plan:
    """The invoice and what settles it; or what they wait for."""
    reversal = event.data.reversal
    refund = books.facts.get(refund_key(reversal.refund_id))
    document = _document(reversal, books)
    link = books.links.get(document)
    if not isinstance(refund, RefundIssued) or link is None or link.rutter_id is None or link.different:
        state = "written different" if link is not None and link.different else "not in the books yet"
        return Hold(document, f"refund {reversal.refund_id} is {state}")
    wrong = _wrong(reversal, refund, books)
    if wrong is not None:
        return wrong
    order_id = refunded_order(refund.data.refund, books)
    if isinstance(order_id, Hold | Park):
        return order_id
    invoice = invoiced(order_id, reversal.currency, books)
    if isinstance(invoice, Hold | Park):
        return invoice
    customer = customer_of(invoice.order, books)
    if isinstance(customer, Hold | Park):
        return customer
    writes = _writes(event, refund, invoice, customer, books)
    return writes if isinstance(writes, Hold | Park) else Post(writes=writes, found=customer.found)


def _document(reversal: RefundReversal, books: Books) -> str:
    """What the refund became, or is to become."""
    memo, refunded = credit_memo_key(reversal.refund_id), customer_refund_key(reversal.refund_id)
    if refunded in books.links:
        return refunded
    by_policy = books.connection.mapping.policies.refund == "customer_refund"
    return refunded if by_policy and memo not in books.links else memo


def _writes(
    event: RefundReversed, refund: RefundIssued, invoice: Invoiced, customer: Chosen, books: Books
) -> tuple[Write, ...] | Hold | Park:
    reversal = event.data.reversal
    parts = _parts(event, refund, invoice, books)
    if isinstance(parts, Park):
        return parts
    minor = sum(part.minor for part in parts)
    whole = _draft(event, invoice.order, minor)
    charged = invoice_of(whole, OrderParts(parts=parts, why=("the refund failed: owed again",)), customer, books)
    if not isinstance(charged, Write):
        return charged
    facts = order_facts(invoice.order, event.namespace)
    mark = f"reversal {reversal.id}"
    heading = heading_of(event, reversal.reversed_at, whole.order, books, customer=customer, mark=mark, facts=facts)
    if not isinstance(heading, Heading):
        return heading
    applies = (Applies(invoice.order.id, charged.key, minor),)
    document = _document(reversal, books)
    if document == credit_memo_key(reversal.refund_id):
        return (charged, credit_application(heading, application_key(charged.key), document, applies))
    back = _money_back(event, refund, heading, applies, books)
    return back if isinstance(back, Park) else (charged, back)


def _parts(event: RefundReversed, refund: RefundIssued, invoice: Invoiced, books: Books) -> tuple[Part, ...] | Park:
    """The refund's parts, the first of them where only some of it came back."""
    told = refund.data.refund
    foreign = max(0, left_out(told, invoice, books))
    net = told.amount - foreign
    facts = order_facts(invoice.order, event.namespace)
    found = refund_parts(told, net, invoice, facts, books, whole=False)
    if isinstance(found, Park):
        return found
    minor = min(event.data.reversal.amount, net)
    return split(found.parts, (minor, net - minor))[0]


def _money_back(
    event: RefundReversed, refund: RefundIssued, heading: Heading, applies: tuple[Applies, ...], books: Books
) -> Write | Park:
    """A payment into the account that the customer refund left."""
    reversal, (applied,) = event.data.reversal, applies
    left = leaving(refund, refund.data.refund.amount, books)
    if isinstance(left, Park):
        return left
    if len(left) != 1:
        return Park(
            cause=Cause.AMBIGUOUS,
            subject=f"refund {reversal.refund_id}",
            detail=f"its money left {len(left)} accounts, and which of them it came back to is not told: "
            + wording.listed(one.account.why for one in left),
            cure="book it by hand in the books",
        )
    receipt = Receipt(
        key=returned_money_key(reversal.id),
        total=Money(applied.minor, heading.currency),
        customer=heading.customer,
        account=left[0].account,
        dated=heading.dated,
        memo=f"Failed refund {reversal.refund_id} ({heading.mark})",
        reference=reversal.id,
        applies=applies,
        why=("the money of the refund is back where it came from",),
    )
    return invoice_payment(receipt, heading.connection)


def _draft(event: RefundReversed, order: Order, minor: int) -> Draft:
    """Of the order only what says who owes it and when: its parts are chosen from the refund's."""
    reversal = event.data.reversal
    nothing = {"lines": (), "shipping": Shipping(total=0), "tip": 0, "discount": 0, "rounding": 0, "memo": None}
    owed = order.model_copy(update={**nothing, "total": minor, "due_at": None})
    title = f"Failed refund {reversal.refund_id}"
    return draft(owed, event, reversal.reversed_at, key=refund_reversal_key(reversal.id), title=title, mark=reversal.id)


def _wrong(reversal: RefundReversal, event: RefundIssued, books: Books) -> Park | None:
    refund = event.data.refund
    subject = f"refund {refund.id}"
    if reversal.currency != refund.currency:
        detail = f"{reversal.currency} came back of a refund in {refund.currency}"
        return Park(cause=Cause.NOT_SUPPORTED, subject=subject, detail=detail, cure="book it by hand in the books")
    told = books.reversals.get(refund_key(refund.id), ())
    amounts = {one.data.reversal.id: one.data.reversal.amount for one in told if isinstance(one, RefundReversed)}
    whole = sum({**amounts, reversal.id: reversal.amount}.values())
    moved = sum(money.amount for money in refund.money)
    if whole <= moved or refund_reversal_key(reversal.id) in books.links:
        return None
    return Park(
        cause=Cause.EXCEEDS_ORDER,
        subject=subject,
        detail=f"{wording.money(whole, refund.currency)} came back of a refund that paid out "
        f"{wording.money(moved, refund.currency)}",
        cure="book what is beyond the refund by hand in the books",
    )
