"""`ledgerhook explain`: what a webhook means. Needs no configuration, database or network, and writes nothing."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

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
            for one in answer.get("unreadable", []):
                line(f"unreadable at {one['path']}: {one['reason']}", style=RED)
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
        case "books":
            which = answer["object_id"] or "not told which"
            line(
                f"connection {answer['connection']}: {_spoken(answer['object'])} {answer['what']} in the books, {which}"
            )
        case "list":
            line(f"connection {answer['connection']}: its list of the kind {_spoken(answer['object'])} changed")
        case _:
            line(f"job {answer['job']} completed")


def show_event(event: dict[str, Any]) -> None:
    """A head line with what it comes to, and below it what that is made of."""
    (noun, fact), *_ = event["data"].items()
    told = fact["order"] if noun == "amendment" else fact
    minor = told.get("total", told.get("amount"))
    amount = () if minor is None else ("  ", (str(Money(minor, told["currency"])), "bold"))
    line((event["type"], f"bold {GREEN}"), "  ", event["id"], *amount)
    if noun in ("order", "amendment"):
        table("", ["  line", "sku", "quantity#", "total#", "tax#"], _order_rows(told), empty="  no lines")
    else:
        line("  ", _SAID[noun](fact), style="dim")


def _payment(payment: dict[str, Any]) -> str:
    return f"pays {_applied(payment)}; gateway {payment['gateway'] or 'not told'}"


def _refund(refund: dict[str, Any]) -> str:
    money = ", ".join(
        f"{_major(one['amount'], refund['currency'])} through {one['payment_id'] or one['gateway']}"
        for one in refund["money"]
    )
    return f"order {refund['order_id'] or 'not told'}; money back: {money or 'none, a credit'}"


def _cancellation(cancellation: dict[str, Any]) -> str:
    return f"order {cancellation['order_id']}; reason {cancellation['reason'] or 'not told'}"


def _reversal(reversal: dict[str, Any]) -> str:
    what = f"payment {reversal['payment_id']}" if "payment_id" in reversal else f"refund {reversal['refund_id']}"
    kind = f", {reversal['kind']}" if "kind" in reversal else ""
    fee = reversal.get("fee")
    cost = f"; fee {Money(fee['amount'], fee['currency'])}" if fee else ""
    return f"takes back {what}{kind}; reason {reversal['reason'] or 'not told'}{cost}"


def _attachment(attachment: dict[str, Any]) -> str:
    place = attachment["url"] or f"kept under {attachment['digest']}"
    return f"order {attachment['order_id']}; {attachment['file_name']}, {place}"


def _account(account: dict[str, Any]) -> str:
    return f"{account['name']}, of type {_spoken(account['account_type'])}, in {account['currency']}"


def _item(item: dict[str, Any]) -> str:
    booked = item["account_role"] or item["account_id"]
    return f"{item['name']}, booked on {booked or 'what the platform chooses'}"


_SAID: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "payment": _payment,
    "refund": _refund,
    "cancellation": _cancellation,
    "reversal": _reversal,
    "attachment": _attachment,
    "account": _account,
    "item": _item,
}


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


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _tax(taxes: list[dict[str, Any]], currency: str) -> str | None:
    return _major(sum(tax["amount"] for tax in taxes), currency) if taxes else None


def _major(minor: int, currency: str) -> str:
    return str(Money(minor, currency).major) if currency in EXPONENTS else str(minor)
