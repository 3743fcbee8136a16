"""What is asked of a person about a write, and what would cure it."""

from consumers.resolving.refusals import Refused, park_of
from schemas.outcomes import Conflict, Rejected, Unknown
from schemas.plans import Cause, Park
from schemas.writes import StoredWrite

_MOST_TOLD = 500


def refused(write: StoredWrite, rejected: Rejected, platform: str) -> Park:
    """The books, or Rutter, will not take the document as it is."""
    told = Refused(
        platform=platform,
        status=rejected.status,
        code=rejected.code,
        message=rejected.message,
        accepted=rejected.accepted,
    )
    return park_of(write, told)


def still_refused(write: StoredWrite) -> Park:
    """A refusal found in the trail, in the words noted then."""
    said = (write.last or "the reason is not recorded")[:_MOST_TOLD]
    return park_of(write, Refused(platform="", status=None, code="", message=said, accepted=write.key_spent))


def never_answered(write: StoredWrite) -> Park:
    """A day of sending, no answer, no job, and the books do not show it."""
    return _in_doubt(
        write,
        f"{write.key} was sent {write.attempt} times without an answer, and the books do not show it",
        "look for it in the books, then release: it is looked for once more, and sent again if it is not there",
    )


def could_not_look(write: StoredWrite, failed: Unknown) -> Park:
    """A day of sending, no answer, and the books could not be looked into."""
    return _in_doubt(
        write,
        f"{write.key} was sent {write.attempt} times without an answer, and whether it is in the books could not be "
        f"seen: {failed.reason[:_MOST_TOLD]}",
        "look for it in the books; then release: it is looked for again, and sent again if it is not there",
    )


def job_never_ended(write: StoredWrite) -> Park:
    """Its job has been running longer than any job should."""
    return _in_doubt(
        write,
        f"the job {write.job_id} that carries {write.key} has not ended",
        "see that the accounting system is on and connected, then release: the job is asked again",
    )


def absence_not_provable(write: StoredWrite) -> Park:
    """Its job failed, or no answer came, and no sync came that could show whether it was written all the same."""
    what = (
        f"{write.key} was sent without an answer"
        if write.job_id is None
        else f"the job {write.job_id} of {write.key} failed without saying whether it was written"
    )
    return _in_doubt(
        write,
        f"{what}, and no sync of {write.kind.wrapper} has ended since that could show it",
        f"let Rutter sync {write.kind.wrapper}, or look for it in the books; then release",
    )


def failed_too_often(write: StoredWrite) -> Park:
    """Every revision's job failed ambiguously."""
    return _in_doubt(
        write,
        f"{write.key} was tried under {write.revision + 1} keys, and every job failed without saying why",
        "look at the accounting system's own messages, then release",
    )


def another_body(write: StoredWrite) -> Park:
    """409, and the books do not show our document."""
    return _in_doubt(
        write,
        f"another body is stored under the key of {write.key}, and the books do not show this document",
        "find what was written under that key (Rutter's dashboard, by idempotency key), then link it or release",
    )


def key_conflict_words(conflict: Conflict) -> str:
    """The conflict as a reason for looking."""
    return f"another body is stored under its key: {conflict.message[:_MOST_TOLD]}"


def several_fit(write: StoredWrite, ids: tuple[str, ...]) -> Park:
    """The books show more than one document that could be it."""
    return _in_doubt(
        write,
        f"{len(ids)} documents in the books could be {write.key}: {', '.join(ids[:10])}",
        "void those that are not it, then release",
    )


def claimed_twice(write: StoredWrite, rutter_id: str | None) -> Park:
    """One Rutter id belongs to one natural key, and this one belongs to another already."""
    return _in_doubt(
        write,
        f"the document {rutter_id} that {write.key} was matched with is linked to another key already",
        "see in the books whether there are two documents or one, then release",
    )


def _in_doubt(write: StoredWrite, detail: str, cure: str) -> Park:
    return Park(cause=Cause.IN_DOUBT, subject=write.key, detail=detail, cure=cure)
