"""`ledgerhook explain`: what a webhook means. Needs no configuration, database or network, and writes nothing."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from handlers.explaining import explain_delivery
from schemas.money import EXPONENTS, Money
from schemas.sources import KINDS, Kind
from service.cli.opening import AsJson, DataDir
from service.cli.show import GREEN, RED, YELLOW, as_json, fail, line, table


def run(
    file: Annotated[Path, typer.Argument(help="The body as it was received; - for standard input.")],
    kind: Annotated[str | None, typer.Option("--kind", "-k", help="Which kind of sender: " + ", ".join(KINDS))] = None,
    header: Annotated[
        list[str] | None, typer.Option("--header", "-H", metavar="'N: V'", help="A header it came with; repeatable.")
    ] = None,
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
    for given in lines:
        name, colon, value = given.partition(":")
        if not colon or not name.strip():
            fail(f"--header {given[:40]!r}: write it as 'Name: value'")
        headers[name.strip()] = value.strip()
    return headers


def show(answer: dict[str, Any]) -> None:
    """The answer for people."""
    match answer["answer"]:
        case "events":
            for event in answer["events"]:
                show_event(event)
            for note in answer["notes"]:
                line(f"note: {note}", style=YELLOW)
            for plan in answer.get("plans", []):
                show_plan(plan)
        case "ignored":
            line(f"ignored: {answer['reason']}", style=YELLOW)
        case "unreadable":
            line(f"unreadable at {answer['path']}: {answer['reason']}", style=RED)
        case "no message":
            line(f"no message: {answer['reason']}", style=RED)
        case "connection":
            line(f"connection {answer['connection']}: {answer['move']}")
        case _:
            line(f"job {answer['job']} completed")


def show_event(event: dict[str, Any]) -> None:
    """A head line with what it comes to, and below it what that is made of."""
    (noun, fact), *_ = event["data"].items()
    amount = Money(fact.get("total", fact.get("amount", 0)), fact["currency"])
    line((event["type"], f"bold {GREEN}"), "  ", event["id"], "  ", (str(amount), "bold"))
    if noun == "order":
        table("", ["  line", "sku", "quantity#", "total#", "tax#"], _order_rows(fact), empty="  no lines")
    elif noun == "payment":
        line("  pays ", _applied(fact), f"; gateway {fact['gateway'] or 'not told'}", style="dim")
    else:
        currency = fact["currency"]
        money = ", ".join(f"{_major(one['amount'], currency)} through {one['payment_id'] or one['gateway']}"
                          for one in fact["money"])  # fmt: skip
        line(f"  order {fact['order_id'] or 'not told'}; money back: {money or 'none, a credit'}", style="dim")


def _order_rows(order: dict[str, Any]) -> list[tuple[str | None, ...]]:
    currency = order["currency"]
    rows: list[tuple[str | None, ...]] = [
        (f"  {one['description']}", one["sku"], one["quantity"], _major(one["total"], currency),
         _tax(one["taxes"], currency))
        for one in order["lines"]
    ]  # fmt: skip
    shipping = order["shipping"]
    if shipping["total"] or shipping["taxes"]:
        rows.append(("  shipping", None, None, _major(shipping["total"], currency), _tax(shipping["taxes"], currency)))
    for name, value in (("tip", order["tip"]), ("discount", -order["discount"]), ("rounding", order["rounding"])):
        if value:
            rows.append((f"  {name}", None, None, _major(value, currency), None))
    return rows


def _applied(payment: dict[str, Any]) -> str:
    applies = payment["applies_to"]
    if applies is None:
        return "an order that its source did not name"
    told = (f"order {one['order_id']} with {_major(one['amount'], payment['currency'])}" for one in applies)
    return ", ".join(told) or "no order: it stays open on the customer"


def show_plan(plan: dict[str, Any]) -> None:
    """The plan, its writes, and under each every mapping decision."""
    colour = {"post": GREEN, "hold": YELLOW, "skip": YELLOW}.get(plan["plan"], RED)
    line((plan["plan"], f"bold {colour}"), "  ", (plan["event"], "dim"), "  ", plan["says"])
    for write in plan.get("writes", []):
        total = () if write["total"] is None else ("  ", (write["total"], "bold"))
        there = () if write["in_books"] is None else ((f"  in the books already as {write['in_books']}", "dim"),)
        line("  ", (write["kind"].replace("_", " "), "bold"), "  ", write["key"], *total, *there)
        for why in write["why"]:
            line(f"    {why}", style="dim")


def _tax(taxes: list[dict[str, Any]], currency: str) -> str | None:
    return _major(sum(tax["amount"] for tax in taxes), currency) if taxes else None


def _major(minor: int, currency: str) -> str:
    return str(Money(minor, currency).major) if currency in EXPONENTS else str(minor)
