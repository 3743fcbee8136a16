"""What stays open in the books on purpose: credits of refunded money, and what payments exceed."""

from sqlalchemy import Connection, and_, exists, func, not_, select

from service.trail.fact_tables import applied, links, writes


def unapplied(c: Connection, connection: str | None) -> dict[tuple[str, str], tuple[int, int]]:
    """Payments in the books that exceed what was taken off invoices by them."""
    taken = (
        select(applied.c.connection, applied.c.namespace, applied.c.by_key, func.sum(applied.c.minor).label("minor"))
        .where(applied.c.by_key.like("payment:%"))
        .group_by(applied.c.connection, applied.c.namespace, applied.c.by_key)
        .subquery()
    )
    left = links.c.total_minor - func.coalesce(taken.c.minor, 0)
    grouped = (
        select(links.c.connection, links.c.currency, func.count(), func.sum(left))
        .outerjoin(
            taken,
            and_(
                taken.c.connection == links.c.connection,
                taken.c.namespace == links.c.namespace,
                taken.c.by_key == links.c.key,
            ),
        )
        .where(links.c.kind == "invoice_payment", links.c.key.like("payment:%"), left > 0)
        .group_by(links.c.connection, links.c.currency)
    )
    if connection is not None:
        grouped = grouped.where(links.c.connection == connection)
    return {(alias, named): (count, int(minor)) for alias, named, count, minor in c.execute(grouped)}


def cash_legs(c: Connection, connection: str | None) -> dict[tuple[str, str], tuple[int, int]]:
    """Credit memos whose event neither applied them nor gave the money back as a document of its own."""
    other = writes.alias("other")
    settled = exists().where(
        other.c.event_seq == writes.c.event_seq,
        other.c.kind.in_(["invoice_credit_application", "customer_refund"]),
    )
    grouped = (
        select(writes.c.connection, writes.c.currency, func.count(), func.sum(writes.c.total_minor))
        .where(writes.c.kind == "invoice_credit_memo", writes.c.key.like("credit_memo:%"))
        .where(writes.c.state.in_(["written", "different"]), not_(settled))
        .group_by(writes.c.connection, writes.c.currency)
    )
    if connection is not None:
        grouped = grouped.where(writes.c.connection == connection)
    return {(alias, currency): (count, int(minor)) for alias, currency, count, minor in c.execute(grouped)}
