"""Recognising a document in Rutter's copy. Pure.

Every field of the look must agree. What neither agrees nor clearly differs keeps absence from being proven: an object
that lacks a field we know, one that carries our number, reference, memo or name but differs elsewhere (the books may
have changed it), or one that differs in nothing but its number (platforms may number by themselves).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

from schemas.documents import DocumentKind, Look, Ref
from service.rutter.values import identifier, moment, text, total_of

DATES: Final = {
    DocumentKind.INVOICE: "issue_date",
    DocumentKind.INVOICE_PAYMENT: "txn_date",
    DocumentKind.CREDIT_MEMO: "issue_date",
    DocumentKind.CUSTOMER_REFUND: "transaction_date",
}
_NAMES: Final = ("customer_name", "contact_name", "name", "file_name")
_CUT: Final = 8
"""A text of ours that a platform cut off is still taken as perhaps ours from this many characters on."""


class Fit(Enum):
    """How well an object fits a look, or one of its fields."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Sorted:
    """Objects that fit, and whether there are some of which it cannot be told."""

    fitting: tuple[Mapping[str, Any], ...]
    perhaps: bool


def sort_out(objects: Iterable[Mapping[str, Any]], kind: DocumentKind, look: Look, time_zone: str) -> Sorted:
    """Which of these objects are the document looked for."""
    fitting: dict[str, Mapping[str, Any]] = {}
    perhaps = False
    for candidate in objects:
        fit = fits(candidate, kind, look, time_zone)
        known = identifier(candidate.get("id"))
        if fit is Fit.YES and known is not None:
            fitting[known] = candidate
        elif fit is not Fit.NO:
            perhaps = True
    return Sorted(tuple(fitting.values()), perhaps)


def fits(candidate: Mapping[str, Any], kind: DocumentKind, look: Look, time_zone: str) -> Fit:
    """Whether this object is the document looked for."""
    own = [
        _same(look.document_number, text(candidate.get("document_number"))),
        _same(look.reference, text(candidate.get("reference"))),
        _same(look.memo, text(candidate.get("memo"))),
        _described(look.description, candidate),
        _named(look.name, candidate),
    ]
    shared = [
        _customer(look, candidate),
        _total(look, candidate),
        _dated(look.date, candidate.get(DATES.get(kind, "")), time_zone),
    ]
    told = [fit for fit in (*own, *shared) if fit is not None]
    if not told:
        return Fit.PERHAPS
    if all(fit is Fit.YES for fit in told):
        return Fit.YES
    if Fit.NO not in told:
        return Fit.PERHAPS
    ours_in_part = any(fit is Fit.YES for fit in own)
    only_the_number = own[0] is Fit.NO and told.count(Fit.NO) == 1
    return Fit.PERHAPS if ours_in_part or (only_the_number and len(told) > 1) else Fit.NO


def linked(memo: Mapping[str, Any], invoice_id: str, amount: object, look: Look) -> Fit:
    """Whether a credit memo is applied to an invoice with this amount (major units, exact)."""
    links = memo.get("linked_invoices")
    if not isinstance(links, list):
        return Fit.PERHAPS
    to_it = [link for link in links if isinstance(link, dict) and link.get("id") == invoice_id]
    if not to_it:
        return Fit.NO
    wanted = total_of({"total_amount": amount}, look.total)
    seen = {total_of({"total_amount": link.get("allocated_amount")}, look.total) for link in to_it}
    return Fit.YES if wanted is not None and wanted in seen else Fit.PERHAPS


def _same(wanted: str | None, seen: str | None) -> Fit | None:
    """Equal but for spaces at the ends; None when it is not asked for."""
    ours = text(wanted)
    if ours is None:
        return None
    if seen is None:
        return Fit.PERHAPS
    if ours == seen:
        return Fit.YES
    return Fit.PERHAPS if len(seen) >= _CUT and ours.startswith(seen) else Fit.NO


def _described(wanted: str | None, candidate: Mapping[str, Any]) -> Fit | None:
    if text(wanted) is None or wanted is None:
        return None
    lines = candidate.get("line_items")
    lines = lines if isinstance(lines, list) else []
    said = [line.get("description") for line in lines if isinstance(line, dict)]
    texts = [one for one in said if isinstance(one, str) and one.strip()]
    if any(wanted.strip() in one for one in texts):
        return Fit.YES
    return Fit.NO if texts and len(texts) == len(lines) else Fit.PERHAPS


def _named(wanted: str | None, candidate: Mapping[str, Any]) -> Fit | None:
    if wanted is None:
        return None
    found = [_same(wanted, text(candidate.get(name))) for name in _NAMES if text(candidate.get(name)) is not None]
    for fit in (Fit.YES, Fit.PERHAPS, Fit.NO):
        if fit in found:
            return fit
    return Fit.PERHAPS


def _customer(look: Look, candidate: Mapping[str, Any]) -> Fit | None:
    if look.customer is None:
        return None
    if isinstance(look.customer, Ref):
        return Fit.PERHAPS
    return _same(look.customer, text(candidate.get("customer_id")))


def _total(look: Look, candidate: Mapping[str, Any]) -> Fit | None:
    if look.total is None:
        return None
    seen = total_of(candidate, look.total)
    if seen is None:
        return Fit.PERHAPS
    return Fit.YES if seen == look.total else Fit.NO


def _dated(wanted: str | None, seen: object, time_zone: str) -> Fit | None:
    """The local date: as written, or (a time with a zone) as it is in the connection's time zone."""
    if wanted is None:
        return None
    told = text(seen)
    if told is None:
        return Fit.PERHAPS
    if told[:10] == wanted[:10]:
        return Fit.YES
    instant = moment(told) if len(told) > 10 else None
    if instant is not None and _local_date(instant, time_zone) == wanted[:10]:
        return Fit.YES
    return Fit.NO


def _local_date(instant: datetime, time_zone: str) -> str | None:
    try:
        return instant.astimezone(ZoneInfo(time_zone)).date().isoformat()
    except (KeyError, ValueError, OverflowError, OSError):
        return None
