"""What follows from what is seen in the books, and why a new key is the last thing that is ever tried."""

from datetime import timedelta

import pytest

from consumers.ports import NotThere, Several, Sighting, There
from consumers.resolving import AskPerson, Evidence, LookInBooks, after_look, claimed_twice
from schemas.money import Money
from schemas.writes import WriteState
from tests.resolving.writes import MEANT, NOW, in_words, write

SIGHTINGS: dict[str, Sighting] = {
    "there": There(rutter_id="inv-1", total=MEANT),
    "there, a cent more": There(rutter_id="inv-1", total=Money(3059, "USD")),
    "several": Several(("inv-1", "inv-2")),
    "not there": NotThere(proves=False),
    "not there, proved": NotThere(proves=True),
}


def seen(sighting: str, evidence: Evidence, **changes: object) -> str:
    stored = write(WriteState.IN_DOUBT, **changes)
    return in_words(after_look(stored, SIGHTINGS[sighting], NOW, LookInBooks(at=NOW, reason="", evidence=evidence)))


def test_what_is_seen_against_why_it_was_looked_for() -> None:
    rows = [
        f"{name:<20}{evidence.value:<14}{seen(name, evidence, job_id=job)}"
        for name in SIGHTINGS
        for evidence, job in ((Evidence.NO_ANSWER, None), (Evidence.JOB_FAILED, "j"), (Evidence.KEY_CONFLICT, None))
    ]
    assert "\n".join(rows) == (
        "there               no answer     written\n"
        "there               job failed    written\n"
        "there               key conflict  written\n"
        "there, a cent more  no answer     different: the books say 30.59 USD, 30.58 USD was meant: 0.01 USD more\n"
        "there, a cent more  job failed    different: the books say 30.59 USD, 30.58 USD was meant: 0.01 USD more\n"
        "there, a cent more  key conflict  different: the books say 30.59 USD, 30.58 USD was meant: 0.01 USD more\n"
        "several             no answer     ask a person: in doubt\n"
        "several             job failed    ask a person: in doubt\n"
        "several             key conflict  ask a person: in doubt\n"
        "not there           no answer     send again in 35 s\n"
        "not there           job failed    ask for a sync now, look in 30 s\n"
        "not there           key conflict  ask a person: in doubt\n"
        "not there, proved   no answer     send again in 35 s\n"
        "not there, proved   job failed    next revision now\n"
        "not there, proved   key conflict  ask a person: in doubt"
    )


def test_a_look_that_says_not_why_only_ever_repeats_what_is_safe() -> None:
    assert (
        in_words(after_look(write(WriteState.IN_DOUBT, job_id="j"), NotThere(proves=True), NOW)) == "ask the job in 5 s"
    )
    assert in_words(after_look(write(WriteState.IN_DOUBT), NotThere(proves=True), NOW)) == "send again in 35 s"


def test_syncs_are_asked_for_less_and_less_often_and_for_a_day() -> None:
    waits = {
        age: seen("not there", Evidence.JOB_FAILED, job_id="j", sent_at=NOW - age)
        for age in (timedelta(minutes=4), timedelta(hours=6), timedelta(days=1))
    }
    assert list(waits.values()) == [
        "ask for a sync now, look in 2 min",
        "ask for a sync now, look in 1 h",
        "ask a person: in doubt",
    ]


def test_revisions_end() -> None:
    assert seen("not there, proved", Evidence.JOB_FAILED, job_id="j", revision=3) == "next revision now"
    assert seen("not there, proved", Evidence.JOB_FAILED, job_id="j", revision=4) == "ask a person: in doubt"


def test_a_day_without_an_answer_and_not_in_the_books() -> None:
    tired = {"attempt": 30, "intended_at": NOW - timedelta(days=1)}
    assert seen("not there", Evidence.NO_ANSWER, **tired) == "ask a person: in doubt"


@pytest.mark.parametrize("state", [WriteState.WRITTEN, WriteState.DIFFERENT])
def test_no_look_takes_a_proof_back(state: WriteState) -> None:
    assert in_words(after_look(write(state), NotThere(proves=True), NOW)) == state.value


def test_people_are_told_what_to_look_at() -> None:
    step = after_look(write(WriteState.IN_DOUBT), Several(("inv-1", "inv-2")), NOW)
    assert isinstance(step, AskPerson)
    assert step.park.detail == "2 documents in the books could be invoice:1001: inv-1, inv-2"
    assert claimed_twice(write(), "inv-1").detail == (
        "the document inv-1 that invoice:1001 was matched with is linked to another key already"
    )
