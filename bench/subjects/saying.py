"""How a subject says something to the bench that started it."""

import json
import sys
from typing import Any


def say(**what: Any) -> None:  # noqa: ANN401 - any JSON
    """One JSON line."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()
