"""What the books have because of each event: the documents of its writes that add to a leg of the tie-out."""

from sqlalchemy import and_, case, func, select
from sqlalchemy.sql.selectable import Subquery

from service.trail.fact_tables import links, writes
from service.trail.tie_sums import amount, is_edited, leg, with_voided


def made() -> Subquery:
    """By `event_seq`: `minor` in all; `left_out` on purpose; `different` and `edited` 1 where a document is."""
    return (
        select(
            writes.c.event_seq,
            func.sum(amount()).label("minor"),
            func.sum(func.coalesce(writes.c.left_out_minor, 0)).label("left_out"),
            func.max(case((links.c.different, 1), else_=0)).label("different"),
            func.max(case((is_edited(), 1), else_=0)).label("edited"),
        )
        .select_from(
            with_voided().join(
                writes,
                and_(
                    writes.c.connection == links.c.connection,
                    writes.c.namespace == links.c.namespace,
                    writes.c.key == links.c.key,
                ),
            )
        )
        .where(leg().is_not(None))
        .group_by(writes.c.event_seq)
        .subquery()
    )
