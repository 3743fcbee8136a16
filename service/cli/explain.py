"""`ledgerhook explain`: what a webhook means. Needs no configuration, database or network, and writes nothing."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from handlers.explaining import explain_delivery
from schemas.money import EXPONENTS, Money
from schemas.sources import KINDS, Kind
from service.cli.opening import AsJson, DataDir
from service.cli.show import GREEN, OUT, RED, YELLOW, as_json, fail, table


def run(
    file: Annotated[Path, typer.Argument(help="The body as it was received; - for standard input.")],
    kind: Annotated[str | None, typer.Option("--kind", "-k", help="Which kind of sender: " + ", ".join(KINDS))] = None,
    header: Annotated[list[str] | None, typer.Option("--header", "-H", help="'Name: value'; repeatable.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", "-s", help="A source of yours: shows the planned documents, too.")
    ] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Show the events, or why there are none; with `--source` also what would be posted, and every mapping decision."""
    body = read_body(file)
    headers = read_headers(header or [])
    if source is not None:
        from service.cli.explanation import explain_for_source  # noqa: PLC0415 - opens a database: only when asked to

        answer = explain_for_source(source, body, headers, data_dir)
    elif kind not in KINDS:
        fail("say which kind of sender it is from: --kind " + "|".join(KINDS))
    else:
        known: Kind = kind
        answer = explain_delivery(body, known, headers)
    if json:
        as_json(answer)
    else:
        show(answer)
    if answer["answer"] in ("unreadable", "no message"):
        raise typer.Exit(1)


def read_body(file: Path) -> bytes:
    """The bytes of the file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read ({error.strerror})")


def read_headers(lines: list[str]) -> dict[str, str]:
    """`Name: value` lines as a mapping."""
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            fail(f"--header {line[:40]!r}: write it as 'Name: value'")
        headers[name.strip()] = value.strip()
    return headers


def show(answer: dict[str, Any]) -> None:
    """The answer for people."""
    match answer["answer"]:
        case "events":
            for event in answer["events"]:
                _show_event(event)
            for note in answer["notes"]:
                OUT.print(Text(f"note: {note}", style=YELLOW))
            for plan in answer.get("plans", []):
                _show_plan(plan)
        case "ignored":
            OUT.print(Text(f"ignored: {answer['reason']}", style=YELLOW))
        case "unreadable":
            OUT.print(Text(f"unreadable at {answer['path']}: {answer['reason']}", style=RED))
        case "no message":
            OUT.print(Text(f"no message: {answer['reason']}", style=RED))
        case "connection":
            OUT.print(f"connection {answer['connection']}: {answer['move']}")
        case _:
            OUT.print(f"job {answer['job']} completed")


def _show_event(event: dict[str, Any]) -> None:
    (noun, fact), *_ = event["data"].items()
    currency = fact["currency"]
    amount = Money(fact.get("total", fact.get("amount", 0)), currency)
    head = Text.assemble((event["type"], f"bold {GREEN}"), "  ", event["id"], "  ", (str(amount), "bold"))
    OUT.print(head)
    if noun == "order":
        rows = [
            (line["description"], line["sku"], line["quantity"], _major(line["total"], currency),
             _major(sum(tax["amount"] for tax in line["taxes"]), currency))
            for line in fact["lines"]
        ]  # fmt: skip
        shipping = fact["shipping"]
        for name, value in (("shipping", shipping["total"]), ("tip", fact["tip"]), ("discount", -fact["discount"]),
                            ("rounding", fact["rounding"])):  # fmt: skip
            if value:
                taxes = sum(tax["amount"] for tax in shipping["taxes"]) if name == "shipping" else 0
                rows.append((name, None, None, _major(value, currency), _major(taxes, currency)))
        table("", ["line", "sku", "quantity#", "total#", "tax#"], rows, empty="no lines")
    elif noun == "payment":
        applies = fact["applies_to"]
        told = "its source did not tell which order" if applies is None else ", ".join(
            f"order {one['order_id']} {_major(one['amount'], currency)}" for one in applies) or "nothing"  # fmt: skip
        OUT.print(f"applies to {told}; gateway {fact['gateway'] or 'not told'}")
    else:
        money = ", ".join(f"{_major(one['amount'], currency)} through {one['payment_id'] or one['gateway']}"
                          for one in fact["money"])  # fmt: skip
        OUT.print(f"order {fact['order_id'] or 'not told'}; money back: {money or 'none, a credit'}")


def _show_plan(plan: dict[str, Any]) -> None:
    colour = {"post": GREEN, "hold": YELLOW, "skip": YELLOW}.get(plan["plan"], RED)
    OUT.print(Text.assemble((plan["plan"], f"bold {colour}"), "  ", plan["says"]))
    for write in plan.get("writes", []):
        OUT.print(Text.assemble("  ", (write["kind"], "bold"), "  ", write["key"], "  ", write["total"] or ""))
        for why in write["why"]:
            OUT.print(Text(f"    {why}", style="dim"))


def _major(minor: int, currency: str) -> str:
    return str(Money(minor, currency).major) if currency in EXPONENTS else str(minor)
