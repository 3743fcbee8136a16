"""Free ports that stay free while a part is down."""

import random
import socket
from contextlib import ExitStack

# Below the range from which Linux (32768 and up) and the BSDs (49152 and up) give ports to outgoing
# connections: a client of somebody else cannot take a broker's port between its stop and its start.
LOWEST, HIGHEST = 20_000, 32_000


def free_ports(count: int) -> tuple[int, ...]:
    """Return `count` different ports on 127.0.0.1 on which nothing listens."""
    chance = random.SystemRandom()
    ports: list[int] = []
    with ExitStack() as held:
        for _ in range(1000):
            if len(ports) == count:
                return tuple(ports)
            candidate = chance.randrange(LOWEST, HIGHEST)
            probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            ports.append(candidate)
    raise RuntimeError(f"found no {count} free ports between {LOWEST} and {HIGHEST}")
