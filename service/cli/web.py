"""`ledgerhook web`: the scaled web role."""

from service.cli.opening import installation_or_fail, settings_or_fail
from service.cli.starting import run_roles
from service.running import Role


def run() -> None:
    """Take webhooks into Kafka (or straight into the trail while Kafka is away), and serve the console."""
    run_roles(installation_or_fail(settings_or_fail()), frozenset({Role.WEB}))
