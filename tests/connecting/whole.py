"""The whole service beside a sandbox, in a loop of a thread of its own: Playwright's blocking interface has none."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from sandbox.server import Sandbox, running_sandbox
from service.installation import Installation, installation
from service.running import Role, Running, run
from service.settings import Settings

TOKEN = "admin-token-of-the-tests"


@dataclass(frozen=True)
class Whole:
    """Running."""

    sandbox: Sandbox
    running: Running

    @property
    def console(self) -> str:
        return self.running.admin_url


@contextmanager
def whole(directory: Path) -> Iterator[Whole]:
    found: list[Whole] = []
    ready, loop, over = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with running_sandbox() as sandbox:

            def started(running: Running) -> None:
                sandbox.world.webhooks.urls.append(f"{running.public_url}/webhooks/rutter")
                found.append(Whole(sandbox, running))
                ready.set()

            await run(_installed(directory, sandbox), frozenset(Role), started, over)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(60)
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(60)
        loop.close()


def _installed(directory: Path, sandbox: Sandbox) -> Installation:
    settings = Settings(
        data_dir=directory,
        public_port=0,
        admin_port=0,
        admin_token=SecretStr(TOKEN),
        rutter_base_url=sandbox.base_url,
        rutter_client_id=sandbox.settings.client_id,
        rutter_client_secret=SecretStr(sandbox.settings.client_secret),
        rutter_public_key=sandbox.settings.public_key,
        rutter_link_url=sandbox.url,
    )
    here = installation(settings, create=True)
    assert isinstance(here, Installation), here
    return here
