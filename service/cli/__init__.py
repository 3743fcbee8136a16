"""The command line. Each command is a file of its own, imported when it is called: starting stays quick."""

import importlib
import sys
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: Final[dict[str, str]] = {
    "init": "write a commented configuration to start from",
    "doctor": "say what is missing or wrong, and the cure",
    "up": "run everything in one process, durably, with embedded parts",
    "demo": "run a realistic day through the whole path against the sandbox, and audit the books",
    "web": "run the scaled web role: webhooks in, console",
    "worker": "run the scaled worker role: inbox and posting",
    "migrate": "bring the trail's database and Kafka's topics up to date",
    "sandbox": "run the stand-in for Rutter's API alone",
    "setup": "go through a connection's mapping, proposing what its books have",
    "apply": "declare connections, sources and mappings from a file",
    "send": "sign a file as a sender does, and post it",
    "explain": "say what a webhook means, writing nothing",
    "replay": "take events through planning again",
    "status": "show webhook addresses, connections, sources and what waits",
    "documents": "list the documents that were posted",
    "parked": "list what waits for a person, by cause, with its cure",
    "attach": "keep a file for the invoice of an order",
    "release": "let parked events go on, after their cure",
    "connect": "make a link that a merchant signs in through, or declare what is linked at Rutter",
    "connections": "say how connections stand, and where their owners sign in",
    "sweep": "search a connection's books for changes that no webhook told",
    "adopt": "link what is in the books already, instead of posting it again",
    "pause": "stop posting to a connection until a person resumes it",
    "resume": "let a paused connection go on",
    "tie-out": "compare what the sources told with what is in the books",
}
"""Every command and what it is for, in the order of a first acquaintance."""


class LazyCommands(TyperGroup):
    """Knows every command's name at once, and its code only when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - the signature is click's
        """All names, in our order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - the signature is click's
        """Import the command's file and hand over what it declares."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"service.cli.{cmd_name.replace('-', '_')}")
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(cmd_name, help=COMMANDS[cmd_name][:1].upper() + COMMANDS[cmd_name][1:] + ".")(module.run)
        command: TyperCommand = typer.main.get_command(app)  # type: ignore[assignment]  # one command, so no group
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - the signature is click's
        """The list under `--help`, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    cls=LazyCommands,
    name="ledgerhook",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Webhooks in, ledger documents out: exactly one document for each fact, to the cent.",
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - only when asked for

        sys.stdout.write(f"ledgerhook {version('ledgerhook')}\n")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Webhooks in, ledger documents out: exactly one document for each fact, to the cent."""


def main() -> None:
    """The entry point of `ledgerhook`."""
    app()
