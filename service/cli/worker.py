"""`ledgerhook worker`: the scaled worker role."""

from service.cli.opening import installation_or_fail, settings_or_fail
from service.cli.starting import run_roles
from service.running import Role


def run() -> None:
    """Read the inbox, plan, post and resolve; any number of workers share the connections by leases."""
    run_roles(installation_or_fail(settings_or_fail()), frozenset({Role.WORKER}))
