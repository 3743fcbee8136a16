"""A process with both roles on a trail of its own, told by its environment: `python -m tests.kafka.whole_process`."""

from service.cli.starting import run_roles
from service.installation import Installation, installation
from service.running import Role, Running
from service.settings import Settings
from service.trail import connections, sources
from tests.kafka.test_fallback_wiring import ACME, NOW
from tests.web.told import SHOP


def started(running: Running) -> None:
    """Declare the shop, then say where it listens."""
    trail = running.trail
    trail.submit(lambda c: connections.declare(c, trail.keys, ACME, NOW)).result(10)
    trail.submit(lambda c: sources.declare(c, trail.keys, SHOP, NOW)).result(10)
    print(running.public_url, running.admin_url, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    here = installation(Settings(), create=True)
    assert isinstance(here, Installation)
    run_roles(here, frozenset(Role), started)
