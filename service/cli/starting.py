"""Starting a long-running role, and ending the command with one line when it cannot start."""

import asyncio
from collections.abc import Callable

from service.cli.show import fail
from service.garbage import settle
from service.installation import Installation
from service.logs import set_up_logs
from service.running import Role, Running, run, stop_on_signals
from service.serving import ListenError
from service.stopping import last_resort
from service.trail.database import TrailUnavailableError


def run_roles(here: Installation, roles: frozenset[Role], started: Callable[[Running], None] = lambda _: None) -> None:
    """Run until told to end."""
    token_or_fail(here)
    set_up_logs(here.settings.log_format, here.settings.log_level)

    def up(running: Running) -> None:
        settle()
        started(running)

    async def main() -> None:
        stop = asyncio.Event()
        stop_on_signals(stop, last_resort)
        await run(here, roles, up, stop)

    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(main())
    except (ListenError, TrailUnavailableError) as error:
        fail(str(error))


def token_or_fail(here: Installation) -> None:
    """End with one line where nobody could ever sign in to the console."""
    if not here.admin_token:
        fail("LEDGERHOOK_ADMIN_TOKEN is not set: it opens the console and the API; `ledgerhook init` makes one")


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        return None
    return uvloop.new_event_loop
