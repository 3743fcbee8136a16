"""The sandbox, as the stand-in for Rutter, in a process of its own."""

import asyncio

from bench.subjects.saying import say
from sandbox.server import running_sandbox
from service.cli.starting import loop_factory
from service.running import stop_on_signals


async def main() -> None:
    """Serve until told to end."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    async with running_sandbox() as sandbox:
        say(url=sandbox.url)
        await stop.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main())
