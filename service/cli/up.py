"""`ledgerhook up`: everything in one process, durable in its data directory."""

from typing import Annotated

import typer
from rich.panel import Panel
from rich.text import Text

from service.cli.opening import DataDir, installation_or_fail, settings_or_fail
from service.cli.show import ERR
from service.cli.starting import run_roles
from service.installation import Installation
from service.running import Role, Running


def run(
    data_dir: DataDir = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Add the stand-in for Rutter and a ready connection.")
    ] = False,
    public_port: Annotated[int | None, typer.Option(help="Port of the webhook listener.")] = None,
    admin_port: Annotated[int | None, typer.Option(help="Port of the console.")] = None,
) -> None:
    """Run the web and the worker role together; without Kafka settings nothing else is needed."""
    settings = settings_or_fail(data_dir=data_dir, public_port=public_port, admin_port=admin_port)
    here = installation_or_fail(settings, create=True)
    if sandbox:
        from service.cli.rehearsal import run_with_sandbox  # noqa: PLC0415 - only when asked for

        run_with_sandbox(here, lambda running: announce(here, running))
        return
    run_roles(here, frozenset(Role), lambda running: announce(here, running))


def announce(here: Installation, running: Running) -> None:
    """Say where it listens and how to get in, on standard error, beside the log."""
    lines = Text.assemble(
        ("webhooks  ", "dim"), f"{running.public_url}/webhooks/{{source}}\n",
        ("console   ", "dim"), f"{running.admin_url}/\n",
        ("token     ", "dim"), _token(here), "\n",
        ("data      ", "dim"), str(here.settings.data_dir) if here.settings.database_url is None else "PostgreSQL",
    )  # fmt: skip
    ERR.print(Panel(lines, title="Ledgerhook is up", title_align="left", expand=False, border_style="green"))


def _token(here: Installation) -> str:
    given = here.settings.admin_token is not None
    return "as set in LEDGERHOOK_ADMIN_TOKEN" if given else f"cat {here.settings.data_dir}/admin.token"
