"""One timer for many tasks: each ends at its own time, and somebody else's cancelling stays theirs."""

import asyncio

import pytest

from service.deadlines import Deadline


async def test_in_time_is_no_business_of_ours() -> None:
    deadline = Deadline(5)
    with deadline.begun():
        await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_late_is_a_timeout() -> None:
    with pytest.raises(TimeoutError), Deadline(0.01).begun():
        await asyncio.Event().wait()


async def test_each_ends_at_its_own_time() -> None:
    deadline, loop = Deadline(0.1), asyncio.get_running_loop()
    lasted: list[float] = []

    async def wait(before: float) -> None:
        await asyncio.sleep(before)
        began = loop.time()
        with pytest.raises(TimeoutError), deadline.begun():
            await asyncio.Event().wait()
        lasted.append(loop.time() - began)

    await asyncio.gather(wait(0), wait(0.03), wait(0.06))
    assert all(took >= 0.099 for took in lasted)
    assert len(lasted) == 3


async def test_one_that_ended_in_time_is_not_ended_again() -> None:
    deadline = Deadline(0.02)
    with deadline.begun():
        await asyncio.sleep(0)
    with pytest.raises(TimeoutError), deadline.begun():
        await asyncio.Event().wait()
    await asyncio.sleep(0.03)


async def test_cancelling_from_outside_is_not_a_timeout() -> None:
    async def wait() -> None:
        with Deadline(5).begun():
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_inside_another_tells_which_was_late() -> None:
    with Deadline(5).begun():
        with pytest.raises(TimeoutError), Deadline(0.01).begun():
            await asyncio.Event().wait()
        await asyncio.sleep(0)
