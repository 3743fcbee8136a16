"""The sandbox as a process of its own, as a command line starts it."""

import asyncio
import signal
import sys

import httpx

from sandbox.server import running_sandbox

SCRIPT = """
import asyncio, sandbox.server
asyncio.run(sandbox.server.serve("127.0.0.1", 0, ready=lambda url: print(url, flush=True)))
"""


async def test_serves_until_told_to_stop() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", SCRIPT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(60):
        url = (await process.stdout.readline()).decode().strip()
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as client:
            assert (await client.get("/_sandbox/switches")).status_code == 200
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def test_two_at_once_are_two_worlds() -> None:
    async with running_sandbox() as one, running_sandbox() as two:
        assert one.url != two.url
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(f"{one.url}/_sandbox/connections", json={})

    assert (len(one.world.companies), len(two.world.companies)) == (1, 0)
