"""A day without an answer: what a person's release does, and what is done while the books cannot be looked into."""

from datetime import timedelta

from consumers.ports import NotThere
from consumers.resolving import AskPerson, Evidence, LookInBooks, SendAgain, after_failed_look, after_look, next_action
from schemas.outcomes import Unknown
from schemas.writes import StoredWrite, WriteState
from tests.resolving.writes import NOW, write

NOT_SEEN = Unknown(reason="could not look: 500")
LOOK = LookInBooks(at=NOW, reason="no answer for a day")


def silent(since: timedelta) -> StoredWrite:
    """Sent eight times in two days, the last time so long ago."""
    sent = NOW - since
    return write(
        WriteState.IN_DOUBT, attempt=8, intended_at=NOW - timedelta(days=2), sent_at=sent,
        answer_by=sent + timedelta(seconds=45),
    )  # fmt: skip


def test_released_it_is_looked_for_and_sent_once_more() -> None:
    step = next_action(silent(timedelta(hours=5)), NOW, released=True)
    assert isinstance(step, LookInBooks)
    assert step.evidence is Evidence.RELEASED
    assert isinstance(after_look(silent(timedelta(hours=5)), NotThere(proves=False), NOW, step), SendAgain)


def test_not_released_a_person_is_asked() -> None:
    step = next_action(silent(timedelta(hours=5)), NOW)
    assert isinstance(step, LookInBooks)
    assert isinstance(after_look(silent(timedelta(hours=5)), NotThere(proves=True), NOW, step), AskPerson)


def test_books_that_cannot_be_looked_into_are_looked_into_later_and_for_a_day() -> None:
    soon = after_failed_look(silent(timedelta(minutes=10)), NOT_SEEN, NOW, LOOK)
    assert isinstance(soon, LookInBooks)
    assert soon.at == NOW + timedelta(minutes=5)
    assert isinstance(after_failed_look(silent(timedelta(days=1)), NOT_SEEN, NOW, LOOK), AskPerson)
