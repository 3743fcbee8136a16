"""What follows from each outcome, as tables: every state of a write against everything Rutter can answer."""

from datetime import timedelta

from consumers.resolving import Done, SendAgain, next_action, resolve, standing
from schemas.money import Money
from schemas.outcomes import Conflict, DeferReason, Deferred, Outcome, Rejected, Unknown, Written
from schemas.writes import WriteState
from tests.resolving.writes import MEANT, NOW, in_words, write

OUTCOMES: dict[str, Outcome] = {
    "written": Written(rutter_id="inv-1", total=MEANT),
    "written, no total told": Written(rutter_id="inv-1", total=None),
    "written, a cent less": Written(rutter_id="inv-1", total=Money(3057, "USD")),
    "4xx with a job": Rejected(status=450, code="BAD_LINE", message="no", accepted=True, job_id="j"),
    "4xx without a job": Rejected(status=400, code="BAD_LINE", message="no", accepted=False),
    "409": Conflict(message="another body"),
    "no answer": Unknown(reason="timed out"),
    "5xx without a job": Unknown(reason="502", status=502),
    "5xx with a job": Unknown(reason="500", status=500, job_id="j"),
    "job pending": Unknown(reason="pending", job_id="j", pending=True),
    "job failed with 5xx": Unknown(reason="500", job_id="j", job_failed=True),
    "429": Deferred(reason=DeferReason.QUOTA),
    "429, retry in 7 s": Deferred(reason=DeferReason.QUOTA, retry_at=NOW + timedelta(seconds=7)),
    "429, retry in a year": Deferred(reason=DeferReason.QUOTA, retry_at=NOW + timedelta(days=365)),
    "401": Deferred(reason=DeferReason.CREDENTIALS),
    "needs update": Deferred(reason=DeferReason.NEEDS_UPDATE),
    "disabled": Deferred(reason=DeferReason.DISABLED),
    "product not ready": Deferred(reason=DeferReason.NOT_READY),
    "not reachable": Deferred(reason=DeferReason.UNAVAILABLE),
}


def table(**changes: object) -> str:
    """Outcome -> step, for a write of that state and history."""
    state = changes.pop("state", WriteState.SENT)
    assert isinstance(state, WriteState)
    return "\n".join(
        f"{name:<24}{in_words(resolve(write(state, **changes), outcome, NOW))}" for name, outcome in OUTCOMES.items()
    )


def test_the_first_attempt_sent_ten_seconds_ago() -> None:
    assert table() == (
        "written                 written\n"
        "written, no total told  written\n"
        "written, a cent less    different: the books say 30.57 USD, 30.58 USD was meant: 0.01 USD less\n"
        "4xx with a job          refused, key spent: invoice BAD_LINE\n"
        "4xx without a job       refused, key unspent: invoice BAD_LINE\n"
        "409                     look in the books now (key conflict)\n"
        "no answer               send again in 35 s\n"
        "5xx without a job       send again in 35 s\n"
        "5xx with a job          ask the job in 5 s\n"
        "job pending             ask the job in 5 s\n"
        "job failed with 5xx     look in the books now (job failed)\n"
        "429                     wait until in 10 s, stays intended\n"
        "429, retry in 7 s       wait until in 7 s, stays intended\n"
        "429, retry in a year    wait until in 6 h, stays intended\n"
        "401                     wait until in 5 min, stays intended\n"
        "needs update            wait until in 15 min, connection needs_update, stays intended\n"
        "disabled                wait until in 15 min, connection disabled, stays intended\n"
        "product not ready       wait until in 1 min, connection waiting, stays intended\n"
        "not reachable           wait until in 5 s, stays intended"
    )


def test_the_fourth_attempt_leaves_in_doubt_what_is_in_doubt() -> None:
    answered = table(attempt=4, answer_by=NOW)
    assert answered.splitlines()[6:8] == [
        "no answer               send again in 2 min",
        "5xx without a job       send again in 2 min",
    ]
    assert answered.splitlines()[11:] == [
        "429                     wait until in 80 s, stays in_doubt",
        "429, retry in 7 s       wait until in 7 s, stays in_doubt",
        "429, retry in a year    wait until in 6 h, stays in_doubt",
        "401                     wait until in 5 min, stays in_doubt",
        "needs update            wait until in 15 min, connection needs_update, stays in_doubt",
        "disabled                wait until in 15 min, connection disabled, stays in_doubt",
        "product not ready       wait until in 2 min, connection waiting, stays in_doubt",
        "not reachable           wait until in 40 s, stays in_doubt",
    ]


def test_once_a_job_is_known_it_is_asked_and_nothing_is_sent_again() -> None:
    answered = table(state=WriteState.IN_DOUBT, job_id="j", sent_at=NOW - timedelta(hours=1)).splitlines()
    assert answered[3:12] == [
        "4xx with a job          refused, key spent: invoice BAD_LINE",
        "4xx without a job       refused, key unspent: invoice BAD_LINE",
        "409                     look in the books now (key conflict)",
        "no answer               ask the job in 30 min",
        "5xx without a job       ask the job in 30 min",
        "5xx with a job          ask the job in 30 min",
        "job pending             ask the job in 30 min",
        "job failed with 5xx     look in the books now (job failed)",
        "429                     wait until in 10 s, stays in_doubt",
    ]


def test_a_job_of_a_week_is_shown_to_a_person() -> None:
    answered = table(state=WriteState.IN_DOUBT, job_id="j", sent_at=NOW - timedelta(days=7)).splitlines()
    assert answered[9] == "job pending             ask a person: in doubt"
    day_old = table(state=WriteState.IN_DOUBT, job_id="j", sent_at=NOW - timedelta(days=1)).splitlines()
    assert day_old[9] == "job pending             ask the job in 3 h"


def test_a_day_without_an_answer_ends_in_the_books() -> None:
    answered = table(attempt=30, intended_at=NOW - timedelta(days=1)).splitlines()
    assert answered[6] == "no answer               look in the books now (no answer)"
    waited_for_its_connection = table(attempt=1, intended_at=NOW - timedelta(days=3)).splitlines()
    assert waited_for_its_connection[6] == "no answer               send again in 35 s"


def test_no_late_answer_takes_a_proof_back() -> None:
    for state in (WriteState.WRITTEN, WriteState.DIFFERENT):
        assert {row[24:] for row in table(state=state).splitlines()} == {state.value}


def test_a_document_without_an_amount_is_written_whatever_is_told() -> None:
    made = write(total=None)
    assert in_words(resolve(made, Written(rutter_id="cu-1", total=MEANT), NOW)) == "written"


def test_another_currency_is_another_total() -> None:
    step = resolve(write(), Written(rutter_id="inv-1", total=Money(3058, "EUR")), NOW)
    assert in_words(step) == "different: the books say 30.58 EUR, 30.58 USD was meant"


# ── found in the trail ──────────────────────────────────────────────────────────────────────────────────────────────


def test_where_a_stored_write_goes_on() -> None:
    soon, ago = NOW + timedelta(minutes=3), NOW - timedelta(minutes=3)
    day = NOW - timedelta(days=1)
    cases = {
        "intended": write(WriteState.INTENDED),
        "intended, noted for later": write(WriteState.INTENDED, next_at=soon),
        "sent, to be answered yet": write(WriteState.SENT),
        "sent, never answered": write(WriteState.SENT, answer_by=ago, next_at=ago),
        "in doubt, noted for later": write(WriteState.IN_DOUBT, next_at=soon),
        "in doubt, its job known": write(WriteState.IN_DOUBT, job_id="j"),
        "in doubt, its job later": write(WriteState.IN_DOUBT, job_id="j", next_at=soon),
        "in doubt for a day": write(WriteState.IN_DOUBT, attempt=30, intended_at=day),
        "written": write(WriteState.WRITTEN),
        "different": write(WriteState.DIFFERENT),
        "refused, key spent": write(WriteState.REFUSED, key_spent=True),
        "refused, key unspent": write(WriteState.REFUSED),
    }
    assert "\n".join(f"{name:<27}{in_words(next_action(stored, NOW))}" for name, stored in cases.items()) == (
        "intended                   send again now\n"
        "intended, noted for later  send again in 3 min\n"
        "sent, to be answered yet   send again in 35 s\n"
        "sent, never answered       send again now\n"
        "in doubt, noted for later  send again in 3 min\n"
        "in doubt, its job known    ask the job now\n"
        "in doubt, its job later    ask the job in 3 min\n"
        "in doubt for a day         look in the books now (no answer)\n"
        "written                    written\n"
        "different                  different\n"
        "refused, key spent         refused, key spent: invoice\n"
        "refused, key unspent       refused, key unspent: invoice"
    )


def test_where_a_step_leaves_the_write() -> None:
    rows = [f"{name:<24}{standing(resolve(write(), outcome, NOW))[0].value}" for name, outcome in OUTCOMES.items()]
    assert "\n".join(rows[:13]) == (
        "written                 written\n"
        "written, no total told  written\n"
        "written, a cent less    different\n"
        "4xx with a job          refused\n"
        "4xx without a job       refused\n"
        "409                     in_doubt\n"
        "no answer               in_doubt\n"
        "5xx without a job       in_doubt\n"
        "5xx with a job          in_doubt\n"
        "job pending             in_doubt\n"
        "job failed with 5xx     in_doubt\n"
        "429                     intended\n"
        "429, retry in 7 s       intended"
    )
    again = resolve(write(), OUTCOMES["no answer"], NOW)
    assert isinstance(again, SendAgain)
    assert standing(again) == (WriteState.IN_DOUBT, again.at)


def test_a_found_document_keeps_its_id() -> None:
    assert next_action(write(WriteState.WRITTEN), NOW) == Done(rutter_id="inv-1", total=None, state=WriteState.WRITTEN)
