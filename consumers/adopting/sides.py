"""The two sides that are compared: what an event would put into the books, and a document that is there."""

from dataclasses import dataclass
from datetime import date

from schemas.documents import DocumentKind
from schemas.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one event that is not posted yet would make. `key`: the document's natural key; `event_key`: the fact's.

    `numbers`: every number it may bear: the source's own, and ours. `people`: what tells its customer (folded names and
    e-mail addresses, and Rutter's ids of customers that are linked); empty where nothing does. `invoices`: Rutter's ids
    of its orders' invoices, as far as they are known.
    """

    event_seq: int
    namespace: str
    key: str
    event_key: str
    kind: DocumentKind
    numbers: frozenset[str]
    people: frozenset[str]
    total: Money
    date: date
    orders: tuple[str, ...] = ()
    invoices: frozenset[str] = frozenset()
    customer: str | None = None
    """For people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """So much of an invoice (Rutter's id) a document settles, in minor units; None where it does not say."""

    invoice_id: str
    minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document in the books, as Rutter shows it. `dates`: as written, and (a time with a zone) as it is locally."""

    rutter_id: str
    kind: DocumentKind
    number: str | None
    people: frozenset[str]
    total: Money
    dates: frozenset[date]
    open_minor: int | None = None
    settles: tuple[Settled, ...] = ()
    customer: str | None = None
    """For people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A claim and a document that are, or may be, the same. `why`: what speaks for it, and for a doubt what not."""

    claim: Claim
    document: Document
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """`sure`: one document each way. `doubtful`: for a person, the likeliest of a claim first."""

    sure: tuple[Pair, ...] = ()
    doubtful: tuple[Pair, ...] = ()
