"""Scripts and real parts for development; run from the checkout, never shipped in the wheel."""
