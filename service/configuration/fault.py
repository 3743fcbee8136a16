"""What keeps a mapping from being declared: where, what, and what would do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `where` is the key as the file writes it, below its connection."""

    where: str
    says: str
    cure: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.where}: {self.says}; {self.cure}"
