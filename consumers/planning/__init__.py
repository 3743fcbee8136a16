"""From an event and a snapshot of the books to the documents that should be there: pure, and explained.

`references` says what must be read first, `unanswered` which lists are worth reading anew before a miss is believed,
`plan` decides.
"""

from consumers.planning.decide import plan, references, unanswered

__all__ = ["plan", "references", "unanswered"]
