"""Whether the books say what we meant."""

from consumers.resolving.steps import Done
from schemas.money import Money, major_units
from schemas.writes import StoredWrite, WriteState


def in_the_books(write: StoredWrite, rutter_id: str | None, total: Money | None) -> Done:
    """Written; or written with another total, where both sides have one."""
    difference = _difference(write.total, total)
    state = WriteState.WRITTEN if difference is None else WriteState.DIFFERENT
    return Done(rutter_id=rutter_id, total=total, state=state, difference=difference)


def _difference(meant: Money | None, said: Money | None) -> str | None:
    if meant is None or said is None or meant == said:
        return None
    if meant.currency != said.currency:
        return f"the books say {said}, {meant} was meant"
    apart = f"{major_units(abs(said.minor - meant.minor), meant.currency)} {meant.currency}"
    return f"the books say {said}, {meant} was meant: {apart} {'more' if said.minor > meant.minor else 'less'}"
