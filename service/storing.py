"""Storing a batch of deliveries in the trail, so that one that cannot be stored does not take the others with it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from consumers.intake import Accepted, DeliveryStatus, IntakeTrail, Position, Verdict
from service.faults import passes


@dataclass(frozen=True, slots=True)
class ToStore:
    """A delivery, or nothing but the position that a dead record moves."""

    delivery: Accepted | None
    position: Position | None = None


class HopelessError(Exception):
    """This delivery cannot be stored, not even as an unreadable one."""

    def __init__(self, delivery: Accepted, cause: Exception) -> None:
        """`cause` is named by its type alone: its text may repeat values."""
        super().__init__(f"delivery {delivery.id} cannot be stored ({type(cause).__name__})")


Hopeless = Callable[[ToStore, HopelessError], Awaitable[None]]


async def store(trail: IntakeTrail, rows: Sequence[ToStore], hopeless: Hopeless) -> list[tuple[Verdict, ...] | None]:
    """Store in order; halve what the trail refuses until the delivery it refuses stands alone, and park that one.

    Answers the verdicts of each row; None where `hopeless` was called. Raises what passes by itself: then the rows
    before may have been stored, and storing all again is harmless.
    """
    try:
        return await _record(trail, rows)
    except Exception as error:
        if passes(error):
            raise
        if len(rows) == 1:
            return [await _store_unreadable(trail, rows[0], error, hopeless)]
    middle = len(rows) // 2
    return await store(trail, rows[:middle], hopeless) + await store(trail, rows[middle:], hopeless)


async def _record(trail: IntakeTrail, rows: Sequence[ToStore]) -> list[tuple[Verdict, ...] | None]:
    latest: dict[tuple[str, int], Position] = {}
    for row in rows:
        if row.position is not None:
            latest[row.position.topic, row.position.partition] = row.position
    batch = [row.delivery for row in rows if row.delivery is not None]
    verdicts = iter(await trail.record(batch, tuple(latest.values())))
    return [next(verdicts) if row.delivery is not None else () for row in rows]


async def _store_unreadable(
    trail: IntakeTrail, row: ToStore, cause: Exception, hopeless: Hopeless
) -> tuple[Verdict, ...] | None:
    if row.delivery is None:
        raise cause
    unreadable = replace(
        row.delivery,
        status=DeliveryStatus.UNREADABLE,
        path="$",
        reason=f"the trail refused it ({type(cause).__name__})",
        events=(),
    )
    try:
        return (await _record(trail, [replace(row, delivery=unreadable)]))[0]
    except Exception as error:
        if passes(error):
            raise
        await hopeless(row, HopelessError(row.delivery, error))
        return None
