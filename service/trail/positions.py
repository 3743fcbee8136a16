"""Where the inbox stands in each topic's partitions; moved in the transaction that records what was read."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from consumers.intake import Position
from service.trail.bulk import upsert
from service.trail.tables import positions


def move(c: Connection, moved: Sequence[Position]) -> None:
    """Set the next offset of each partition."""
    for position in sorted(moved, key=lambda one: (one.topic, one.partition)):
        insert = upsert(c.dialect.name, positions).values(
            topic=position.topic, partition=position.partition, next_offset=position.next_offset
        )
        c.execute(
            insert.on_conflict_do_update(
                index_elements=["topic", "partition"], set_={"next_offset": insert.excluded.next_offset}
            )
        )


def stand(c: Connection, topic: str) -> dict[int, int]:
    """Partition -> next offset."""
    rows = c.execute(select(positions.c.partition, positions.c.next_offset).where(positions.c.topic == topic))
    return {partition: offset for partition, offset in rows}  # noqa: C416 (rows are no pairs to the type checker)
