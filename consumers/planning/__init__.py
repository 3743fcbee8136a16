"""From an event and a snapshot of the books to the documents that should be there: pure, and explained.

`references` says what must be read first, given what was `told` so far; `unanswered` which lists are worth reading anew
before a miss is believed; `plan` decides.
"""

from consumers.planning.decide import plan, references, unanswered
from consumers.planning.told import told

__all__ = ["plan", "references", "told", "unanswered"]
