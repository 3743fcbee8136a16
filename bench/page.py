"""`docs/performance.md`, written from `bench/results.json`: every figure on the page comes from a run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure
from bench.programs import CHECKOUT
from bench.remarks import REMARKS
from bench.table import number, verdict

PAGE: Final = CHECKOUT / "docs" / "performance.md"

_HEAD: Final = """\
# Performance

Written by `make bench` from `bench/results.json`. Every figure is a ratio to a ceiling that was measured in the same
run, in turns with it, on the same machine: absolute numbers say more about the machine than about Ledgerhook. A
figure is the median of its rounds. Nothing here is asserted by a test.

    make bench                              # everything, about five minutes
    make bench ARGS="--only intake inbox"   # some of it; the page keeps what it says
    .venv/bin/python -m bench --page        # write this page again from bench/results.json
"""

_HOW: Final = """\
## How it is measured

- **Intake.** A process of its own sends Stripe's `payment_intent.succeeded`, 2,048 bytes as they are in life, signed
  beforehand, each of a payment of its own, over 64 keep-alive connections. The goals are judged with it; a Shopify
  order of the same size, of which much more is read, is reported beside it and costs more. The ceiling is the same
  Starlette, uvicorn, HTTP protocol class and event loop answering 202 after reading the body. The subject is the web
  role with its real wiring: verify, translate, seal, log a line, store. CPU is that of the web process with all its
  threads, from `/proc`. The p99 is taken at half the subject's own maximum, requests coming at that rate whether or
  not earlier ones are answered; the ceiling's at the same rate.
- **Inbox.** Deliveries as the web process writes them, sealed body and all, over eight connections. The ceiling reads
  and commits them with the same consumer settings, a thousand at a time.
- **Posting.** One worker, one connection with 16 requests in flight, PostgreSQL; each write takes the sandbox 200 ms.
  The customer and the item are in the books already. The ceiling is 16 ÷ 200 ms.
- **Idle latency.** One webhook at a time over one connection; from its last byte handed to the system to the sandbox
  having the invoice in hand. The sandbox notes milliseconds; they are rounded up.
- **Fairness.** One worker, two connections, PostgreSQL, each write 200 ms. Orders of this moment are recorded one after
  the other, and timed until their write reaches the sandbox: idle, then while 10,000 old orders wait on the first
  connection. Its goal is the next free slot: what it takes idle, and one answer. The other connection's goal is what it
  takes idle.
- **Replay.** Deliveries whose documents are in the books, read again through `POST /api/replay`: opened, translated,
  recorded. The ceiling is the inbox's rate of new events in the same run. The bench fails if Rutter is called once.

PostgreSQL and SQLite wait for the disk at every commit. Everything shares one machine: the load generator, the broker
and the database take their CPU from the same cores.
"""


def page(run: dict[str, Any], figures: Sequence[Figure]) -> str:
    """The page's text."""
    return "\n".join((_HEAD, _machine(run), _table(figures), _said(figures), _HOW))


def write(run: dict[str, Any], figures: Sequence[Figure], path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(run, figures), "utf-8")


def _machine(run: dict[str, Any]) -> str:
    machine = run["machine"]
    parts = "; ".join(machine[name] for name in ("broker", "postgres") if name in machine)
    return (
        f"## The run of {run['when']}\n\n"
        f"{machine['cores']} cores ({machine['cpu']}), {machine['memory_gib']} GiB, {machine['system']}, "
        f"{machine['python']}, SQLite {machine['sqlite']}{'; ' + parts if parts else ''}. A small write that waits for "
        f"the disk takes {machine['disk_sync_ms']} ms. Load average {machine['load_average_before']} before the run, "
        f"{machine['load_average_after']} after it. Where the first is above 1, other programs had "
        "the cores too, and figures are worse and noisier than on a quiet machine.\n"
    )


def _table(figures: Sequence[Figure]) -> str:
    lines = ["| measure | measured | ceiling | ratio | goal | | rounds |", "|---|--:|--:|--:|--:|---|---|"]
    for one in figures:
        ceiling = "" if one.ceiling is None else f"{number(one.ceiling)} {one.unit}"
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        goal = "reported" if one.goal is None else f"{one.goal}{'' if one.ratio is not None else ' ' + one.unit}"
        rounds = "" if one.ratio is None else ", ".join(f"{value:.2f}" for value in one.rounds)
        lines.append(
            f"| {one.bench}: {one.what} | {number(one.measured)} {one.unit} | {ceiling} | {ratio} | {goal} "
            f"| {verdict(one)} | {rounds} |"
        )
    return "\n".join(lines) + "\n"


def _said(figures: Sequence[Figure]) -> str:
    judged = [one for one in figures if one.goal is not None]
    held = [one for one in judged if one.met]
    missed = [one for one in judged if not one.met]
    lines = [f"{len(held)} of {len(judged)} goals held in this run.", ""]
    for title, group in (("Held", held), ("Not held", missed)):
        if group:
            lines += [f"### {title}", "", *(_line(one) for one in group), ""]
    return "\n".join(lines)


def _line(one: Figure) -> str:
    if one.goal is None:
        raise ValueError("only figures with a goal are held or not")
    margin = one.goal.margin(one.judged)
    by = f"{abs(margin):.0%} {'inside' if margin >= 0 else 'outside'} the goal"
    remark = "" if one.met else REMARKS.get(one.key, "")
    return f"- **{one.bench}, {one.what}**: {one.judged:.2f}, {by}.{' ' + remark if remark else ''}"
