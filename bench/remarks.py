"""What the profiles say about each figure, in words; `docs/performance.md` puts them beside the numbers."""

from typing import Final

REMARKS: Final[dict[str, str]] = {}
"""By a figure's key."""
