"""Bounds that are taken where a platform publishes none: the strictest known of all platforms."""

from typing import Final

STRICTEST_NUMBER: Final = 11
"""QuickBooks Desktop's, the shortest of all."""
STRICTEST_REFERENCE: Final = 20
"""QuickBooks Desktop's, again."""
STRICTEST_NAME: Final = 41
"""QuickBooks Desktop's once more, of a customer's name."""
STRICTEST_NOTE: Final = (
    f"its own bound is not found, so numbers have the strictest one known, {STRICTEST_NUMBER} characters"
)
