"""`ledgerhook sandbox`: the stand-in for Rutter's API alone."""

import asyncio
from typing import Annotated

import typer

from sandbox.server import serve
from sandbox.settings import Settings
from service.cli.show import OUT


def run(
    host: Annotated[str, typer.Option(help="Address to bind.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes any free one.")] = 8090,
    seed: Annotated[int, typer.Option(help="Seed of the ids it gives.")] = 1,
) -> None:
    """Serve until interrupted; its books live in memory. Controls are under /_sandbox/ (docs/sandbox.md)."""
    settings = Settings(seed=seed)

    def ready(url: str) -> None:
        OUT.print(f"Rutter's stand-in listens on {url}/versioned")
        OUT.print(
            f"client id {settings.client_id}, client secret {settings.client_secret}; controls at {url}/_sandbox/"
        )

    asyncio.run(serve(host, port, settings=settings, ready=ready))
