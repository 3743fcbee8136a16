"""SIGTERM and SIGHUP end a script the way Ctrl-C does: through every `finally`."""

import signal
import sys
from types import FrameType

ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def end_in_good_order() -> None:
    """From now on the first of those signals raises SystemExit here; further ones are ignored."""

    def leave(number: int, _frame: FrameType | None) -> None:
        for ending in ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        sys.exit(0 if number == signal.SIGTERM else 128 + number)

    for ending in ENDINGS:
        signal.signal(ending, leave)
