"""`ledgerhook documents`: what was posted."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from schemas.money import Money
from service.cli.opening import AsJson, DataDir, visit
from service.cli.show import OUT, as_json, state, table, when
from service.trail.documents import DocumentsAsk, DocumentSeen, documents


def run(
    kind: Annotated[str | None, typer.Option(help="invoice, invoice_payment, invoice_credit_memo …")] = None,
    connection: Annotated[str | None, typer.Option(help="Only this connection.")] = None,
    text: Annotated[str | None, typer.Option("--find", help="Part of a key, a number or Rutter's id.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    before: Annotated[int | None, typer.Option(help="The next page: what the last one named.")] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """List documents, newest first."""
    page = visit(
        data_dir,
        lambda trail: trail.read(
            lambda c: documents(
                c, DocumentsAsk(kind=kind, connection=connection, text=text), before=before, limit=limit
            )
        ),
    )
    if json:
        as_json(asdict(page))
        return
    table(
        "",
        ["when", "connection", "kind", "state", "number", "key", "total#", "in the books#"],
        [
            (
                when(one.at),
                one.connection,
                one.kind.replace("_", " "),
                state(one.state),
                one.number,
                Text(one.key, overflow="fold"),
                _amount(one, one.total_minor),
                _in_the_books(one),
            )
            for one in page.documents
        ],
        empty="no documents yet",
    )
    if page.before is not None:
        OUT.print(f"more: --before {page.before}")


def _in_the_books(one: DocumentSeen) -> str:
    """Its amount; how it stands there, where somebody changed it."""
    if one.seen is None:
        return _amount(one, one.books_minor)
    left = f", open {_amount(one, one.seen_open_minor)}" if one.seen_open_minor else ""
    return f"{one.seen} by hand: {_amount(one, one.seen_minor)}{left}" if one.seen_minor is not None else one.seen


def _amount(one: DocumentSeen, minor: int | None) -> str:
    return "" if minor is None or one.currency is None else str(Money(minor, one.currency))
