"""The service itself, wired as its commands wire it, in the roles named: `python -m bench.subjects.service web worker`.

Settings come from the environment. `ledgerhook up` is both roles, but the bench of intake wants the web role alone.
"""

import asyncio
import os
import sys

from bench.subjects.saying import say
from service.cli.starting import loop_factory
from service.garbage import settle
from service.installation import Incomplete, installation
from service.logs import set_up_logs
from service.running import Role, Running, run, stop_on_signals
from service.settings import WrongSettings, read_settings


async def main(roles: frozenset[Role]) -> None:
    """Run until told to end."""
    settings = read_settings(os.environ)
    if isinstance(settings, WrongSettings):
        sys.exit("\n".join(settings.lines))
    here = installation(settings, create=True)
    if isinstance(here, Incomplete):
        sys.exit(here.line)
    set_up_logs("json", settings.log_level)
    stop = asyncio.Event()
    stop_on_signals(stop)

    def started(running: Running) -> None:
        settle()
        say(public=running.public_url, admin=running.admin_url)

    await run(here, roles, started, stop)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main(frozenset(Role(name) for name in sys.argv[1:])))
