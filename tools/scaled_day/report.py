"""The result for people and for programs."""

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from tools.scaled_day.result import ScaledDay
from tools.scaled_day.takeover import Takeover


def table(day: ScaledDay) -> None:
    """What there is in the books, what became of the dead worker's write, and whether all of it is right."""
    out = Console(highlight=False)
    shown = Table(title="The books", title_justify="left", box=None, pad_edge=False, header_style="dim")
    for column in ("document", "right", "after the rebuild"):
        shown.add_column(column, justify="left" if column == "document" else "right")
    for kind, count in day.audit.matched.items():
        shown.add_row(kind.replace("_", " "), str(count), str(day.rebuilt.audit.matched[kind]))
    out.print(shown)
    facts = Table(box=None, pad_edge=False, show_header=False)
    for name, value in _facts(day):
        facts.add_row(f"[dim]{name}[/dim]", value)
    out.print(facts)
    for problem in day.problems:
        out.print(f"[red]{problem}[/red]")
    if not day.problems:
        out.print("[green]the books are right, and nothing is in them twice[/green]")


def _facts(day: ScaledDay) -> list[tuple[str, str]]:
    seen = day.takeover
    write = seen.killed.write
    answers = ", ".join(f"{count} x {status}" for status, count in day.answers.items())
    lease = seen.killed.lease
    others = len(seen.killed.others)
    return [
        ("broker", day.broker),
        ("told", f"{day.deliveries} deliveries, {day.published} of them to Kafka by a plain client"),
        ("webhooks", f"answered {answers}"),
        ("killed", f"{seen.killed.role}, process {seen.killed.pid}, lease token {lease.token}"),
        ("its write", f"{write.connection} {write.key}"),
        ("sent", f"{write.sent_at:%H:%M:%S.%f} and unanswered at the kill; {others} more were in flight"),
        ("its key", f"{write.idempotency_key}: {seen.requests} requests, {seen.in_the_books} document"),
        ("taken over", f"by {seen.role}, lease token {seen.lease.token}, after {seen.taken_after:.1f} s"),
        ("resolved", f"{seen.resolved.state} at attempt {seen.resolved.attempt}, after {seen.resolved_after:.1f} s"),
        ("told others", f"{day.announced.posted} documents posted, {day.announced.repeated} of them again"),
        ("replay", f"{day.replayed.deliveries} deliveries read, {day.replayed.posts} POSTs to the sandbox"),
        ("rebuild", f"{day.rebuilt.deliveries} deliveries into an empty trail, {day.rebuilt.seconds:.1f} s"),
        ("in all", f"{day.seconds:.1f} s"),
    ]


def as_json(day: ScaledDay) -> str:
    """One JSON object."""
    return json.dumps(
        {
            "broker": day.broker,
            "seed": day.seed,
            "orders": day.orders,
            "deliveries": day.deliveries,
            "published": day.published,
            "answers": day.answers,
            "lost": day.lost,
            "released": day.released,
            "documents": day.documents,
            "matched": day.audit.matched,
            "missing": [asdict(one) for one in day.audit.missing],
            "doubled": [asdict(one) for one in day.audit.doubled],
            "different": [asdict(one) for one in day.audit.different],
            "unexpected": [asdict(one) for one in day.audit.unexpected],
            "takeover": _takeover(day.takeover),
            "announced": asdict(day.announced),
            "replay": asdict(day.replayed),
            "rebuild": {
                "deliveries": day.rebuilt.deliveries,
                "documents": day.rebuilt.documents,
                "clean": day.rebuilt.audit.is_clean,
                "seconds": round(day.rebuilt.seconds, 1),
            },
            "problems": day.problems,
            "seconds": round(day.seconds, 1),
        },
        indent=2,
        default=str,
    )


def _takeover(seen: Takeover) -> dict[str, object]:
    return {
        "killed": {"role": seen.killed.role, "pid": seen.killed.pid, "token": seen.killed.lease.token},
        "write": asdict(seen.killed.write),
        "others_unanswered": [one.key for one in seen.killed.others],
        "taken_over_by": {"role": seen.role, "owner": seen.lease.owner, "token": seen.lease.token},
        "taken_after_seconds": round(seen.taken_after, 1),
        "resolved": asdict(seen.resolved),
        "resolved_after_seconds": round(seen.resolved_after, 1),
        "requests_with_its_key": seen.requests,
        "documents_with_its_key": seen.in_the_books,
    }
