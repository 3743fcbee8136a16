"""The documents by which something is given back: credit memo, credit application, customer refund."""

from dataclasses import dataclass, field
from typing import Any

from consumers.planning import wording
from consumers.planning.clearing import Account
from consumers.planning.customers import Chosen
from consumers.planning.dates import Dated
from consumers.planning.invoiced import Invoiced
from consumers.planning.lines import Part, body_lines, rated_tax, sum_of
from consumers.planning.numbering import credit_memo_number
from consumers.planning.tracking import Tracked
from schemas.connections import Connection
from schemas.documents import Applies, DocumentKind, Look, Ref, Write
from schemas.money import Money, major_units
from schemas.plans import Hold
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What all documents of one fact share.

    `mark` (`refund re_1`) is behind every line's description: the document is known by it, whatever its total became.
    """

    connection: Connection
    namespace: str
    customer: Chosen
    currency: str
    dated: Dated
    mark: str
    taxed: bool = False
    tracked: Tracked = field(default_factory=Tracked)
    left_out: int = 0
    why: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """Behind every description; the true date before the mark, where the books were closed."""
        note = "" if self.dated.note is None else f" ({self.dated.note})"
        return f"{note} ({self.mark})"

    @property
    def look(self) -> Look:
        """By what a document of lines is known."""
        return Look(customer=self.customer.id, date=self.dated.date, description=f"({self.mark})")

    def reasons(self, parts: tuple[Part, ...]) -> tuple[str, ...]:
        """The decisions that a document of these parts rests on."""
        noted = () if self.dated.note is None else (f"dated {self.dated.date}: {self.dated.note}",)
        items = dict.fromkeys(part.item.why for part in parts)
        return (self.customer.why, *items, *self.tracked.why, *self.why, *noted)


def credit_memo(heading: Heading, key: str, parts: tuple[Part, ...], why: tuple[str, ...]) -> Write:
    """Left open: what it is set against, if anything, is a document of its own."""
    connection, software = heading.connection, platform(heading.connection.platform)
    number = None
    if software.has(Feature.CREDIT_NUMBER):
        prefix = connection.mapping.numbers.prefix_of(heading.namespace)
        number = credit_memo_number(prefix, heading.namespace, key, software.number_length)
    total = Money(sum_of(parts) + rated_tax(parts), heading.currency)
    every = heading.tracked.line
    body: dict[str, Any] = {
        "customer_id": heading.customer.id,
        "issue_date": heading.dated.date,
        "currency_code": heading.currency,
        "line_items": body_lines(parts, heading.currency, amounts="text", suffix=heading.suffix, every=every),
    }
    if number is not None:
        body["document_number"] = number
    if heading.tracked.extra:
        body["additional_fields"] = heading.tracked.extra
    look = heading.look
    return Write(
        key=key,
        kind=DocumentKind.CREDIT_MEMO,
        body=body,
        total=total,
        look=Look(document_number=number, customer=look.customer, date=look.date, description=look.description),
        taxed=heading.taxed,
        left_out=_left_out(heading),
        why=(*heading.reasons(parts), *why),
    )


def credit_application(heading: Heading, key: str, memo: str, applies: tuple[Applies, ...]) -> Write:
    """Sets the credit memo `memo` (a natural key) against invoices. Rutter answers with no id and no total."""
    currency = heading.currency
    total = Money(sum(one.minor for one in applies), currency)
    links = [{"id": Ref(one.document), "allocated_amount": major_units(one.minor, currency)} for one in applies]
    software = platform(heading.connection.platform)
    return Write(
        key=key,
        kind=DocumentKind.CREDIT_APPLICATION,
        body={
            "customer_id": heading.customer.id,
            "invoice_credit_memo_id": Ref(memo),
            "transaction_date": heading.dated.date,
            "currency_code": currency,
            "linked_invoices": links,
        },
        total=total,
        look=Look(total=total, parent=Ref(memo)),
        applies=applies,
        why=(
            f"{total} of it is applied to {wording.listed(one.document for one in applies)}",
            software.why(Feature.CREDIT_APPLICATIONS),
        ),
    )


def applied_credit(heading: Heading, memo: Write, key: str, invoice: Invoiced, most: int) -> tuple[Write, ...] | Hold:
    """The memo, set by `key` against what is open on the order, up to `most`.

    It waits while a write on its way may take what it would be set against.
    """
    if not platform(heading.connection.platform).may(Feature.CREDIT_APPLICATIONS):
        return (memo,)
    wanted = min(most, invoice.open(key, proven=True))
    if wanted <= 0:
        return (memo,)
    contested = invoice.contested(wanted, key)
    if contested is not None:
        return contested
    return (memo, credit_application(heading, key, memo.key, invoice.spread(wanted, key)))


def customer_refund(heading: Heading, key: str, parts: tuple[Part, ...], account: Account) -> Write:
    """Money back to the customer; it is linked to nothing."""
    software = platform(heading.connection.platform)
    return Write(
        key=key,
        kind=DocumentKind.CUSTOMER_REFUND,
        body={
            "account_id": account.id,
            "customer_id": heading.customer.id,
            "transaction_date": heading.dated.date,
            "currency_code": heading.currency,
            "line_items": body_lines(parts, heading.currency, amounts="number", suffix=heading.suffix),
        },
        total=Money(sum_of(parts), heading.currency),
        look=heading.look,
        taxed=heading.taxed,
        left_out=_left_out(heading),
        why=(*heading.reasons(parts), account.why, software.why(Feature.CUSTOMER_REFUNDS)),
    )


def _left_out(heading: Heading) -> Money | None:
    return Money(heading.left_out, heading.currency) if heading.left_out else None
