"""`ledgerhook attach`: keep a file and attach it to the invoice of an order."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service.cli.opening import AsJson, DataDir, settings_or_fail, visit
from service.cli.show import OUT, as_json, fail
from service.files.giving import Gift, Given, NotGiven, give
from service.trail.database import Trail


def run(
    connection: Annotated[str, typer.Argument(help="The connection's alias.")],
    order: Annotated[str, typer.Argument(help="The order's id, as its source tells it.")],
    file: Annotated[Path, typer.Argument(help="A PDF, PNG, JPEG, CSV or text file.")],
    name: Annotated[str | None, typer.Option(help="What to call it; by default as the file is called.")] = None,
    namespace: Annotated[str | None, typer.Option(help="Where ids of that order are unique, if in several.")] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """It is attached once the invoice is in the books; given twice, it is attached once."""
    most = settings_or_fail(data_dir=data_dir).attachment_max_bytes
    gift = Gift(
        connection=connection, order=order, file_name=name or file.name, content=_read(file, most), namespace=namespace
    )

    async def giving(trail: Trail) -> Given | NotGiven:
        return await give(trail, gift, datetime.now(UTC))

    given = visit(data_dir, giving)
    if isinstance(given, NotGiven):
        fail(given.reason)
    if json:
        as_json(asdict(given))
        return
    OUT.print(f"{given.key}: {given.what} ({given.content_type}, {given.size} bytes)", soft_wrap=True)


def _read(file: Path, most: int) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
    if len(content) > most:
        fail(f"{file} has more than {most} bytes: raise LEDGERHOOK_ATTACHMENT_MAX_BYTES, or give a smaller one")
    return content
