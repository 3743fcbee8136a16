"""What a person, or the platform, did to documents of ours in the books: told from what we wrote and what is there."""

from consumers.noticing.compare import compare
from consumers.noticing.sights import Gone, InBooks, Ours
from consumers.noticing.verdicts import Ambiguous, Difference, Moved, Noticed, Verdict, What

__all__ = ["Ambiguous", "Difference", "Gone", "InBooks", "Moved", "Noticed", "Ours", "Verdict", "What", "compare"]
