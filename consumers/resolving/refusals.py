"""Why the books would not take a document, as a cause that a person understands, from what the platform said.

No wording is relied on: what is not recognised stays a refusal as such, and the platform's own words are always told.
Sources of wordings: our sandbox; Intuit's business errors 610, 6140, 6210 and 6240 as seen in public issue trackers;
Sage Intacct's "Periods are closed"; Xero's validation messages; NetSuite's DUP_RCRD; Business Central's posting dates.
"""

import re
from dataclasses import dataclass
from typing import Final

from consumers.resolving.told_dates import latest_day
from schemas.documents import DocumentKind
from schemas.plans import Cause, Park
from schemas.platforms.registry import platform
from schemas.writes import StoredWrite

_MOST_TOLD: Final = 500
_MEND: Final = "mend what it objects to (in the books, or in the mapping), then release: the document is planned anew"
_NUMBERED: Final = frozenset({DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO, DocumentKind.CUSTOMER_REFUND})
_NAMED: Final = frozenset({DocumentKind.CUSTOMER, DocumentKind.ITEM, DocumentKind.ACCOUNT})
_CLOSED: Final = re.compile(
    r"code\W{0,3}6210\b|lock date|closing date|allowed posting dates|books (are|have been) closed|account period"
    r"|periods?\b.{0,40}\b(closed|locked)|\b(closed|locked)\b.{0,40}\bperiod|transactions? dated .{0,60}\blocked"
)
_TAKEN: Final = re.compile(
    r"code\W{0,3}6140\b|dup_rcrd|duplicate .{0,20}(number|record)"
    r"|(number|docnumber|#|no\.).{0,80}(already|in use|been used|must be unique|duplicate)"
)
_NAME_TAKEN: Final = re.compile(
    r"code\W{0,3}6240\b|dup_|duplicate|already (exists|in use)|exists already|name.{0,60}\b(unique|in use)\b"
)
_EDITED: Final = re.compile(
    r"(invoice|credit (memo|note)|document) .{0,60}\b(is|has been|was) (void|voided|draft|deleted)"
)
_INACTIVE: Final = re.compile(r"code\W{0,3}610\b|inactive|archived|not active|no longer active|has been deleted")
_CURRENCY: Final = re.compile(
    r"multi-?\s?currency|not subscribed to (the )?currency|does not use [a-z]{3}\b|(is )?kept in [a-z]{3}\b"
    r"|currency.{0,60}\b(not|invalid|unknown)\b|(invalid|unknown|unsupported) currency"
)
_TOO_MUCH: Final = re.compile(
    r"(exceed|more than|greater than|larger than).{0,80}(outstanding|open|balance|amount due|due|remain|unapplied|take)"
)
_NO_ENDPOINT: Final = re.compile(r"support|no such endpoint|unknown endpoint|not implemented")
_OF_A_PARENT: Final = frozenset({DocumentKind.ATTACHMENT, DocumentKind.INVOICE_VOID, DocumentKind.CREDIT_APPLICATION})
_CALLED: Final = {
    DocumentKind.CUSTOMER: "customers",
    DocumentKind.ITEM: "items",
    DocumentKind.INVOICE: "invoices",
    DocumentKind.INVOICE_PAYMENT: "invoice payments",
    DocumentKind.CREDIT_MEMO: "credit memos",
    DocumentKind.CREDIT_APPLICATION: "credit applications",
    DocumentKind.CUSTOMER_REFUND: "customer refunds",
    DocumentKind.ACCOUNT: "accounts",
    DocumentKind.ATTACHMENT: "invoice attachments",
    DocumentKind.INVOICE_VOID: "voids of invoices",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A refusal as it was told. `platform`: Rutter's name; empty where it is not known any more."""

    platform: str
    status: int | None
    code: str
    message: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class _Read:
    cause: Cause
    subject: str
    why: str
    cure: str


def park_of(write: StoredWrite, refused: Refused) -> Park:
    """What is asked of a person about it."""
    read = _read(write, refused)
    by = platform(refused.platform).title if refused.platform else "the answer"
    told = " ".join(part for part in (str(refused.status or ""), refused.code) if part)
    said = f"{by} said{f' ({told})' if told else ''}: {refused.message[:_MOST_TOLD] or 'nothing more'}"
    return Park(cause=read.cause, subject=read.subject, detail=f"{write.key} {read.why}. {said}", cure=read.cure)


def _read(write: StoredWrite, refused: Refused) -> _Read:
    words, kind = f"{refused.message} {refused.code}".casefold(), write.kind
    if _has_no_endpoint(kind, refused, words):
        return _not_supported(kind, refused)
    if _CLOSED.search(words):
        return _closed(refused)
    if kind in _NUMBERED and _TAKEN.search(words):
        return _number_taken(write)
    if kind in _NAMED and _NAME_TAKEN.search(words):
        return _name_taken(write)
    if _EDITED.search(words):
        return _edited(write)
    if _INACTIVE.search(words):
        return _inactive(refused)
    if _CURRENCY.search(words):
        return _currency(write)
    if _TOO_MUCH.search(words):
        return _too_much(kind)
    if kind is DocumentKind.ATTACHMENT:
        return _attachment(refused)
    return _Read(Cause.REFUSED, f"{kind.value} {refused.code}".strip(), "was refused", _MEND)


def _has_no_endpoint(kind: DocumentKind, refused: Refused, words: str) -> bool:
    """404 before acceptance is what an unsupported endpoint answers (Rutter: support by endpoint); where the path or
    the body names another document, that one may be what is not found."""
    if refused.accepted or refused.status not in (404, 405, 501):
        return False
    return kind not in _OF_A_PARENT or _NO_ENDPOINT.search(words) is not None


def _not_supported(kind: DocumentKind, refused: Refused) -> _Read:
    return _Read(
        Cause.NOT_SUPPORTED,
        f"{_CALLED[kind]} on {refused.platform}",
        f"was refused: {_CALLED[kind]} cannot be written there",
        "book it by hand, or choose another policy for such events; release to try once more",
    )


def _closed(refused: Refused) -> _Read:
    day = latest_day(refused.message)
    return _Read(
        Cause.CLOSED_BOOKS,
        "" if day is None else f"through {day.isoformat()}",
        "is dated in a closed period, or stands on what is",
        'open the period in the books, then release; or set the policy closed_books = "first_open_day" or "hold"',
    )


def _number_taken(write: StoredWrite) -> _Read:
    number = write.look.document_number
    return _Read(
        Cause.NUMBER_TAKEN,
        f"{_CALLED[write.kind].removesuffix('s')} numbers",
        f"was refused: its number{f' {number}' if number else ''} is taken by another document",
        "if that document is this very sale, adopt it; otherwise give the source a prefix of its own "
        "(numbers.prefix), then release",
    )


def _name_taken(write: StoredWrite) -> _Read:
    name = write.look.name or write.key
    return _Read(
        Cause.NAME_TAKEN,
        f"{write.kind.value} {name}",
        "was refused: the name is taken",
        "release once: the lists are read anew and it is used where it is found; where a vendor or an employee has the "
        "name, rename one of the two first",
    )


def _edited(write: StoredWrite) -> _Read:
    return _Read(
        Cause.EDITED_IN_BOOKS,
        write.key,
        "was refused: what it stands on has been voided or deleted in the books",
        "restore that document in the books, or book this by hand; then release",
    )


def _inactive(refused: Refused) -> _Read:
    return _Read(
        Cause.INACTIVE,
        refused.message[:120],
        "was refused: something it names is no longer active",
        "make it active again in the books, or map to another, then release",
    )


def _currency(write: StoredWrite) -> _Read:
    currency = write.total.currency if write.total else ""
    return _Read(
        Cause.UNSUPPORTED_CURRENCY,
        currency,
        f"was refused: the books do not keep {currency or 'its currency'} there",
        "turn that currency on in the books, or correct the customer's; then release",
    )


def _too_much(kind: DocumentKind) -> _Read:
    return _Read(
        Cause.EXCEEDS_OPEN,
        _CALLED[kind],
        "was refused: it is more than what is open",
        "see who else paid or credited the document, in the books; correct that or book this by hand; then release",
    )


def _attachment(refused: Refused) -> _Read:
    return _Read(
        Cause.ATTACHMENT_REFUSED,
        refused.code,
        "was refused",
        "give a file that the platform takes (its size, its type), or attach it by hand",
    )
