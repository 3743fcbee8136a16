"""The invoices of one order and what is open on each: its own, what amendments added, what was opened again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consumers.planning.amounts import invoice_total
from consumers.planning.keys import amendment_key, invoice_key, order_key, payment_reversal_key, reopened_key
from schemas.books import Applied, Books, Seen
from schemas.documents import Applies, DocumentKind
from schemas.events import Event, OrderAmended, OrderCompleted, PaymentReceived, PaymentReversed
from schemas.facts import Order
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One invoice that is in the books. In minor units: `total` as they were last seen to have it, `meant` as we wrote
    it."""

    key: str
    total: int
    meant: int
    seen: Seen | None = None

    @property
    def gone(self) -> bool:
        """Whether somebody made it void or deleted it."""
        return self.seen is not None and (self.seen.status in {"void", "deleted"} or self._emptied)

    def open(self, applied: tuple[Applied, ...], but: str, *, proven: bool = False) -> int:
        """What is open on it, leaving out what `but` (a natural key) itself took off.

        What is spoken for by a write that is not proven yet is not open, unless only `proven` ones are to count: two
        would be planned against the same balance. What the books showed since somebody's change bounds it.
        """
        if self.gone:
            return 0
        left = self.total - self._taken(applied, but, proven=proven)
        return left if self._shown is None else min(left, self._shown)

    def lacks(self, applied: tuple[Applied, ...], but: str) -> bool:
        """Whether less is open than if nobody but us had changed anything."""
        return self.open(applied, but) < self.meant - self._taken(applied, but, proven=False)

    def _taken(self, applied: tuple[Applied, ...], but: str, *, proven: bool) -> int:
        return sum(
            one.minor for one in applied if one.document == self.key and one.by != but and (one.proven or not proven)
        )

    @property
    def _shown(self) -> int | None:
        if self.seen is None:
            return None
        return 0 if self.seen.open_minor is None and self.seen.status == "paid" else self.seen.open_minor

    @property
    def _emptied(self) -> bool:
        """Some platforms show a void invoice as paid, with nothing on it."""
        seen = self.seen
        return seen is not None and seen.status == "paid" and seen.total is not None and not seen.total.minor


def bills(order_id: str, books: Books) -> tuple[Bill, ...]:
    """Oldest first, what was opened again last."""
    return tuple(
        bill for key in (*_charged(order_id, books), *_reopened(order_id, books)) if (bill := _bill(key, books))
    )


def bill_links(order_ids: frozenset[str], known: Mapping[str, Event]) -> frozenset[str]:
    """The natural keys of all documents that may be invoices of these orders, as far as is told."""
    keys = set(map(invoice_key, order_ids))
    for event in known.values():
        if isinstance(event, OrderAmended) and event.data.amendment.order.id in order_ids:
            keys.add(event.key)
        elif isinstance(event, PaymentReversed):
            keys |= {reopened_key(event.data.reversal.id), payment_reversal_key(event.data.reversal.id)}
    return frozenset(keys)


def paid_by(order_ids: frozenset[str], applied: Mapping[str, tuple[Applied, ...]]) -> frozenset[str]:
    """The natural keys of the payments on these orders, whose reversals are wanted."""
    return frozenset(
        one.by for order_id in order_ids for one in applied.get(order_id, ()) if one.by.startswith("payment:")
    )


def amendments(order_id: str, books: Books) -> tuple[OrderAmended, ...]:
    """Those told, by revision."""
    told = {
        event.data.amendment.revision: event
        for event in books.amendments.get(order_id, ())
        if isinstance(event, OrderAmended)
    }
    return tuple(told[revision] for revision in sorted(told))


def latest(order: Order, known: Mapping[str, Event]) -> Order:
    """The order as the last revision leaves it that is known."""
    told = [
        event.data.amendment
        for event in known.values()
        if isinstance(event, OrderAmended) and event.data.amendment.order.id == order.id
    ]
    return max(told, key=lambda one: one.revision).order if told else order


def booked(order_id: str, books: Books, before: int | None = None) -> Order | None:
    """The order as the last revision left it that is in the books (below `before`, where given)."""
    for event in reversed(amendments(order_id, books)):
        amendment = event.data.amendment
        link = books.links.get(event.key)
        if link is not None and (before is None or amendment.revision < before):
            return amendment.order
    fact = books.facts.get(order_key(order_id))
    return fact.data.order if isinstance(fact, OrderCompleted) else None


def coming(order_id: str, books: Books) -> str | None:
    """The natural key of an invoice that is told, and not in the books yet: what is open will be more then."""
    told = amendments(order_id, books)
    standing = booked(order_id, books)
    if told and standing is not None:
        last = told[-1].data.amendment
        key = amendment_key(order_id, last.revision)
        if key not in books.links and invoice_total(last.order) > invoice_total(standing):
            return key
    missing = (key for key in _reopened(order_id, books) if key not in books.links)
    return next(missing, None)


def spread(
    order_id: str, minor: int, of: tuple[Bill, ...], applied: tuple[Applied, ...], but: str, *, proven: bool = False
) -> tuple[Applies, ...]:
    """So much of what is open on the order's invoices, oldest first; less, where less is open."""
    found: list[Applies] = []
    for bill in of:
        part = min(minor, bill.open(applied, but, proven=proven))
        if part > 0:
            found.append(Applies(order_id, bill.key, part))
            minor -= part
    return tuple(found)


def _charged(order_id: str, books: Books) -> Iterator[str]:
    yield invoice_key(order_id)
    for event in amendments(order_id, books):
        link = books.links.get(event.key)
        if link is not None and link.kind == DocumentKind.INVOICE.value:
            yield event.key


def _reopened(order_id: str, books: Books) -> Iterator[str]:
    """Of payments on the order that were taken back, where that opens the invoice again."""
    again = books.connection.mapping.policies.chargeback == "reopen"
    taken_back = platform(books.connection.platform).has(Feature.CUSTOMER_REFUNDS)
    for key in sorted(paid_by(frozenset({order_id}), books.applied)):
        if not _is_first(order_id, books.facts.get(key)):
            continue
        for event in books.reversals.get(key, ()):
            if not isinstance(event, PaymentReversed):
                continue
            reversal = event.data.reversal
            opened = reopened_key(reversal.id)
            if opened in books.links or (taken_back and (again or reversal.kind == "failed")):
                yield opened


def _is_first(order_id: str, payment: Event | None) -> bool:
    """What a payment of several orders opens again is one invoice: it counts as the first order's."""
    if not isinstance(payment, PaymentReceived):
        return True
    return order_id == min((part.order_id for part in payment.data.payment.applies_to or ()), default=order_id)


def _bill(key: str, books: Books) -> Bill | None:
    link = books.links.get(key)
    if link is None or link.rutter_id is None:
        return None
    meant = _meant(key, books) if link.total is None else link.total.minor
    shown = None if link.seen is None else link.seen.total
    return Bill(key=key, total=meant if shown is None else shown.minor, meant=meant, seen=link.seen)


def _meant(key: str, books: Books) -> int:
    """What an invoice comes to whose total the books did not tell."""
    orders = (fact.data.order for fact in books.facts.values() if isinstance(fact, OrderCompleted))
    return next((invoice_total(order) for order in orders if invoice_key(order.id) == key), 0)
