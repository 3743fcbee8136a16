"""What comes next for a write, decided from evidence alone: the outcome of a request, a job, or a look in the books.

Evidence is asked for in this order: the same key and bytes again (Rutter replays an accepted outcome, errors included),
the job once its id is known, the books. The next revision is sent only when the job is known to have ended without
success and the books are proved not to have the document (Rutter: Idempotency and Handling errors guides).
"""

from consumers.resolving.closed_days import own_date, taught
from consumers.resolving.outcomes import MOVES, resolve, standing
from consumers.resolving.parks import claimed_twice
from consumers.resolving.sightings import after_failed_look, after_look
from consumers.resolving.steps import (
    AskJob,
    AskPerson,
    AskSyncThenLook,
    Done,
    Evidence,
    GrowRevision,
    LookInBooks,
    Refuse,
    SendAgain,
    Step,
    WaitForConnection,
    Waiting,
)
from consumers.resolving.stored import next_action

__all__ = [
    "MOVES",
    "AskJob",
    "AskPerson",
    "AskSyncThenLook",
    "Done",
    "Evidence",
    "GrowRevision",
    "LookInBooks",
    "Refuse",
    "SendAgain",
    "Step",
    "WaitForConnection",
    "Waiting",
    "after_failed_look",
    "after_look",
    "claimed_twice",
    "next_action",
    "own_date",
    "resolve",
    "standing",
    "taught",
]
