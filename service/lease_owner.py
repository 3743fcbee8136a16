"""The name under which a process holds leases: no other process has it, or ever had."""

import os
import socket
from collections.abc import Callable
from typing import Final

_CHANCE: Final = 8
"""Bytes: containers may share a host name, and the process number 1."""


def lease_owner(random: Callable[[int], bytes] = os.urandom) -> str:
    """`host-pid-chance`, so that people see where it runs. `random` gives that many random bytes."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{random(_CHANCE).hex()}"
