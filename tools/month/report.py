"""What the month came to: tables for people, one object for programs."""

from collections import Counter
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from sandbox.month.audit import Gap
from sandbox.month.facts import name_of, source_of
from tools.month.run import Result
from tools.month.stage import CALLS_A_MINUTE

SHOWN: Final = 40
_OUT: Final = Console()


def is_good(result: Result) -> bool:
    """Nothing differs, every sender was answered, every edit was done."""
    answered = all(status < 300 for status in result.statuses)
    return result.audit.is_clean and answered and not result.unsettled and not any(result.edited.values())


def show(result: Result, most: int = SHOWN) -> None:
    """For people."""
    month, audit = result.month, result.audit
    table = Table(title=f"{month.merchant.platform}: {month.count} facts, seed {month.seed}", title_justify="left")
    for head in ("compared", "how many", "differences"):
        table.add_column(head, justify="left" if head == "compared" else "right")
    gaps = Counter(gap.where for gap in audit.gaps)
    for where, count in audit.compared.items():
        table.add_row(where, str(count), str(gaps[where]))
    _OUT.print(table)
    if audit.features:
        _OUT.print("features whose facts wait, or do not, against what was expected:")
        _OUT.print("  " + ", ".join(f"{name} {count}" for name, count in sorted(audit.features.items())))
    for where in audit.compared:
        for gap in [one for one in audit.gaps if one.where == where][:most]:
            _OUT.print(f"  {where}: {line(gap, result)}", soft_wrap=True, markup=False, highlight=False)
    _show_closing(result)
    for one, trouble in result.edited.items():
        _OUT.print(f"  a person's edit, {one}: {trouble or 'done'}", markup=False)
    for trouble in result.unsettled:
        _OUT.print(f"  unsettled: {trouble}", markup=False, soft_wrap=True)
    _OUT.print(f"answers: {dict(result.statuses)}; calls: {result.writes}", markup=False, soft_wrap=True)
    _OUT.print(f"our own bound on calls: {CALLS_A_MINUTE} a minute, so that a month takes minutes")
    _OUT.print(f"{'good' if is_good(result) else 'NOT as it should be'}, {result.seconds:.1f} s")


def line(gap: Gap, result: Result) -> str:
    """One difference, with the service's own words where it has some."""
    source, _, name = gap.what.partition(": ")[2].partition(" ")
    words = result.words.get((source, name)) or next(
        (said for (_, known), said in result.words.items() if name and known.startswith(f"{name}:")), ""
    )
    return f"{gap.what}: expected {gap.expected}, found {gap.found}" + (f" ({words[:300]})" if words else "")


def _show_closing(result: Result) -> None:
    """What the policy did with what was dated in the closed period."""
    late = [one for one in result.month.happened if one.feature == "closed_orders"]
    if not late:
        return
    told: Counter[str] = Counter()
    states = {**dict.fromkeys(result.waiting.held, "held"), **result.waiting.parked}
    for one in late:
        told[
            f"{name_of(one.fact).partition(':')[0]} {states.get((source_of(one.fact), name_of(one.fact)), 'booked')}"
        ] += 1
    policy = result.month.merchant.closed
    closed = result.expected.closed_through.isoformat()
    _OUT.print(f"closed through {closed}, policy {policy}: {dict(sorted(told.items()))}", markup=False)


def as_object(result: Result) -> dict[str, Any]:
    """For programs."""
    return {
        "platform": result.month.merchant.platform,
        "seed": result.month.seed,
        "facts": result.month.count,
        "compared": dict(result.audit.compared),
        "differences": [[gap.where, gap.what, gap.expected, gap.found] for gap in result.audit.gaps],
        "features": dict(result.audit.features),
        "edits": result.edited,
        "calls": result.writes,
        "seconds": round(result.seconds, 1),
        "ok": is_good(result),
    }
