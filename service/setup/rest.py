"""What is proposed for tax, dates, numbers and tracking, and for the decisions that only a person can take."""

from collections.abc import Iterator
from typing import Final

from schemas.mapping import Mapping, Tracking
from schemas.platforms.capability import Feature, Platform
from service.configuration.unfit import DIMENSIONS, features
from service.setup.shelf import Setting, Shelf
from service.setup.slot import Group, Slot, Value

_PREFIX: Final = "LH-"


def documents(at: Setting) -> Group:
    """The third screen: how documents are dated, numbered, taxed and tracked."""
    mapping, shelf, platform = at.connection.mapping, at.shelf, at.platform
    ways = {"": "by rates where they come to the same cent, else on the header where there is one, else on a line"}
    if platform.has(Feature.LINE_TAX_RATE):
        ways["rates"] = "the books' own rates on the lines ([[tax_rates]] says which)"
    if platform.has(Feature.HEADER_TAX_AMOUNT):
        ways["header"] = "an amount on the header"
    ways["line"] = "a line of its own"
    prefix = mapping.numbers.prefix or ("" if _begun(mapping) else _PREFIX)
    slots = [
        Slot(key="time_zone", label="Documents are dated in", proposed=at.connection.time_zone, is_text=True),
        Slot(key="number_prefix", label="Before every document number", proposed=prefix or None, is_text=True,
             lacking="numbers as the source counts them"),
        Slot(key="tax", label="Tax goes", proposed=mapping.tax or "", words=ways),
    ]  # fmt: skip
    if platform.has(Feature.INVOICE_TERMS):
        slots.append(
            Slot(key="terms", label="Payment terms", proposed=mapping.terms, choices=shelf.choices("payment_term"),
                 object="payment_term", lacking="an invoice is due when its order says")
        )  # fmt: skip
    days = None if mapping.due_days is None else str(mapping.due_days)
    slots.append(
        Slot(key="due_days", label="Days to pay", proposed=days, is_text=True, lacking="due when the order says")
    )
    slots += _tracking(mapping, shelf, platform)
    return Group("Documents", tuple(slots))


def _begun(mapping: Mapping) -> bool:
    """Whether somebody has decided before: then the prefix there is, is meant."""
    return mapping.policies.refund is not None or bool(mapping.clearing)


def _tracking(mapping: Mapping, shelf: Shelf, platform: Platform) -> Iterator[Slot]:
    mapped = {one.dimension: one for one in mapping.tracking}
    for dimension in (*DIMENSIONS, *(entry.code or "" for entry in shelf.of("custom_field"))):
        if not dimension or not any(platform.has(feature) for feature in features(dimension)):
            continue
        choices = shelf.choices(dimension)
        if dimension in DIMENSIONS and not choices:
            continue
        named = next((one.name for one in shelf.of("custom_field") if one.code == dimension), None)
        yield Slot(
            key=f"tracking.{dimension}",
            label=f"{(named or dimension).capitalize()}",
            proposed=_tracked(mapped.get(dimension)),
            choices=choices,
            object=dimension if dimension in DIMENSIONS else "",
            lacking="not tracked; tag:NAME takes it from an order's tag of that name",
        )


def _tracked(rule: Tracking | None) -> Value:
    if rule is None:
        return None
    return f"tag:{rule.tag}" if rule.tag is not None else rule.otherwise


def policies(at: Setting) -> Group:
    """The fourth screen: what a person decides once."""
    told, platform = at.connection.mapping.policies, at.platform
    refunds = {"credit_memo": "a credit memo, left open until its money is booked"}
    if platform.may(Feature.CUSTOMER_REFUNDS):
        refunds["customer_refund"] = "a refund out of the clearing account"
    lost = {"": "each is shown to a person"}
    if platform.may(Feature.CUSTOMER_REFUNDS):
        lost |= {"loss": "the sale stays paid, the money is a loss", "reopen": "the customer owes it again"}
    over = {"park": "shown to a person"}
    early = {"hold": "waits for its order"}
    if platform.has(Feature.PREPAYMENTS):
        over["open_credit"] = "the excess is left as the customer's credit"
        early["post"] = "posted at once, without an invoice"
    closed = {
        "ask": "shown to a person",
        "hold": "waits until the period is opened",
        "first_open_day": "dated on the first open day, its true date in the memo",
    }
    day = told.closed_through.isoformat() if told.closed_through else at.shelf.closing_date
    return Group(
        "Decisions",
        (
            Slot(key="refund_policy", label="A refund of money becomes", proposed=told.refund or "credit_memo",
                 words=refunds),
            Slot(key="chargeback", label="A chargeback", proposed=told.chargeback or ("loss" if "loss" in lost else ""),
                 words=lost),
            Slot(key="overpayment", label="Too much paid", proposed=told.overpayment, words=over),
            Slot(key="prepayment", label="Paid before its order", proposed=told.prepayment, words=early),
            Slot(key="closed_books", label="Dated in a closed period", proposed=told.closed_books, words=closed),
            Slot(key="closed_through", label="Books are closed through", proposed=day, is_text=True,
                 lacking="no day is known"),
        ),
    )  # fmt: skip
