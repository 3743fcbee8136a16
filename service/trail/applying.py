"""What documents take off the open balances of invoices: written once a document, whoever brought it into the books."""

from collections.abc import Iterable

from sqlalchemy import Connection

from schemas.documents import Applies
from schemas.events import natural_key
from service.trail.bulk import upsert
from service.trail.fact_tables import applied


def awaited_as(order_id: str) -> str:
    """What waits for one more payment of this order awaits."""
    return natural_key("payments", order_id)


def apply(c: Connection, connection: str, namespace: str, by_key: str, applies: Iterable[Applies]) -> None:
    """Note the amounts of the document `by_key`; what is noted already stands."""
    for one in applies:
        c.execute(
            upsert(c.dialect.name, applied)
            .values(
                connection=connection,
                namespace=namespace,
                order_id=one.order_id,
                document=one.document,
                by_key=by_key,
                minor=one.minor,
                awaited_as=awaited_as(one.order_id),
            )
            .on_conflict_do_nothing()
        )
