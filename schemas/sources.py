"""A source: one configured sender of webhooks, of a kind, feeding one connection."""

from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["cloudevents", "standardwebhooks", "stripe", "shopify", "rutter"]
KINDS: Final[tuple[Kind, ...]] = ("cloudevents", "standardwebhooks", "stripe", "shopify", "rutter")

Noun = Literal["orders", "payments", "refunds"]
NOUNS: Final[frozenset[Noun]] = frozenset({"orders", "payments", "refunds"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How one sender is known. `namespace` is where its ids are unique (default: its own name).

    `tells` says which nouns it is the authority for: what it tells beyond them is recorded, not posted. `secrets` are
    all active ones, in the text form the sender's pages show them; never empty for a kind that signs.
    """

    name: str
    kind: Kind
    connection: str
    namespace: str
    tells: frozenset[Noun] = NOUNS
    secrets: tuple[str, ...] = field(default=(), repr=False)
    tolerance_seconds: int = 300
    exponents: tuple[tuple[str, int], ...] = ()
    """Currencies for which this sender counts minor units otherwise than its kind's table: (code, decimals)."""
    order_reference: str | None = None
    """Stripe: where a payment names the order of another source, e.g. `metadata.order_id`."""
    commerce_connection: str | None = None
    """rutter: Rutter's id of the shop's own connection, whose orders and transactions this source tells."""
    auth: Literal["bearer", "hmac"] = "bearer"
    """cloudevents: how its requests prove themselves."""
