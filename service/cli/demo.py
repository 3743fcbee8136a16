"""`ledgerhook demo`: a realistic day through the whole path against the sandbox, audited document by document."""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Self

import typer
from pydantic import SecretStr
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from sandbox.day.generate import generate
from sandbox.server import Sandbox, running_sandbox
from service.cli.demonstration.direct import Setting, direct
from service.cli.demonstration.planting import ERRORS, Error
from service.cli.demonstration.report import Outcome, as_object, show
from service.cli.demonstration.watch import Standing, UnsettledError
from service.cli.opening import AsJson, installation_or_fail
from service.cli.show import ERR, OUT, as_json, fail
from service.cli.starting import loop_factory
from service.installation import TRAIL_FILE
from service.logs import set_up_logs
from service.running import Role, Running
from service.running import run as run_service
from service.serving import ListenError
from service.settings import Settings
from service.trail.database import TrailUnavailableError


def run(
    seed: Annotated[int, typer.Option(help="Another seed is another day.")] = 7,
    orders: Annotated[int, typer.Option(min=120, max=5000, help="About how many orders.")] = 220,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="Where to keep the trail; absent: a new temporary directory.")
    ] = None,
    plant: Annotated[str | None, typer.Option(help="Plant an error before the audit: double, loss or cent.")] = None,
    json: AsJson = False,
) -> None:
    """Exit 0 only if every expected document is in the books once and right, and every sum ties."""
    error: Error | None = next((known for known in ERRORS if known == plant), None)
    if plant is not None and error is None:
        fail(f"--plant {plant[:20]}: one of {', '.join(ERRORS)}")
    set_up_logs("json", "error")
    if data_dir is not None and (data_dir / TRAIL_FILE).exists():
        fail(f"{data_dir} has a trail already; name a directory that has none")
    directory = data_dir or Path(tempfile.mkdtemp(prefix="ledgerhook-demo-"))
    outcome = _play(directory, seed, orders, error)
    if json:
        as_json(as_object(outcome))
    else:
        show(outcome)
        _what_next(directory)
    if json and data_dir is None:
        shutil.rmtree(directory)
    if not outcome.good:
        raise typer.Exit(1)


def _play(directory: Path, seed: int, orders: int, error: Error | None) -> Outcome:
    async def main() -> Outcome:
        async with running_sandbox() as sandbox:
            return await _with_service(sandbox, directory, seed, orders, error)

    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            return runner.run(main())
    except (ListenError, TrailUnavailableError, UnsettledError) as trouble:
        fail(str(trouble))


async def _with_service(sandbox: Sandbox, directory: Path, seed: int, orders: int, error: Error | None) -> Outcome:
    """Settings are made here alone: whatever the environment says, no real Rutter, Kafka or database is touched."""
    settings = Settings(
        data_dir=directory,
        rutter_base_url=sandbox.base_url,
        rutter_client_id=sandbox.settings.client_id,
        rutter_client_secret=SecretStr(sandbox.settings.client_secret),
        public_port=0,
        admin_port=0,
    )
    here = installation_or_fail(settings, create=True)
    started: asyncio.Future[Running] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    service = asyncio.create_task(run_service(here, frozenset(Role), started.set_result, stop))
    starting: set[asyncio.Future[None] | asyncio.Future[Running]] = {service, started}
    await asyncio.wait(starting, return_when=asyncio.FIRST_COMPLETED)
    if service.done():
        service.result()
    try:
        running = started.result()
        day = generate(seed, datetime.now(UTC), orders)
        setting = Setting(day=day, sandbox=sandbox, running=running, recorded=running.recorded, planted=error)
        with _Screen() as screen:
            return await direct(setting, screen)
    finally:
        stop.set()
        await service


class _Screen:
    """Progress on standard error; standard output is for the result."""

    def __init__(self) -> None:
        one_line = Column(no_wrap=True, min_width=34)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", table_column=one_line),
            BarColumn(bar_width=16),
            TextColumn("{task.fields[more]}"),
            TimeElapsedColumn(table_column=Column(no_wrap=True, min_width=7)),
            console=ERR,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._progress.stop()

    def act(self, title: str, total: int | None = None) -> None:
        self._end()
        self._task = self._progress.add_task(title, total=total, more="")

    def told(self, count: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=count)

    def stands(self, standing: Standing) -> None:
        counts = standing.counts
        waiting = counts.due + counts.held
        more = f"[green]{counts.done} posted[/]  [yellow]{waiting} waiting[/]  [red]{counts.parked} parked[/]"
        if self._task is not None:
            self._progress.update(self._task, more=more)

    def _end(self) -> None:
        if self._task is not None:
            task = self._progress.tasks[self._task]
            total = task.total or 1
            self._progress.update(self._task, total=total, completed=total)


def _what_next(directory: Path) -> None:
    OUT.print()
    OUT.print("The day's trail is kept. Look into it in the console, http://127.0.0.1:8081/, and go on from there:")
    OUT.print(f"  ledgerhook up --sandbox --data-dir {directory}", style="bold", soft_wrap=True)
    OUT.print(f"  cat {directory}/admin.token", style="dim", soft_wrap=True)
