"""Python's collector of garbage in cycles, in a process that runs for months."""

import gc


def settle() -> None:
    """Call once everything is loaded: that stays, and the collector need not walk through it again.

    Otherwise each full collection stops the process for as long as it takes to look at all that was ever imported, some
    80 ms, about once in a thousand events.
    """
    gc.collect()
    gc.freeze()
