"""`ledgerhook init`: a commented configuration, and an environment file with fresh keys."""

import os
import secrets
from pathlib import Path
from typing import Annotated, Final

import typer

from service.cli.show import OUT, fail
from service.sealing import generate

CONFIGURATION: Final = """\
# Ledgerhook: connections, sources and mappings. Apply with `ledgerhook apply ledgerhook.toml`, as often as you like:
# it says what changed. Secrets are references: { env = "NAME" } or { file = "path" }, never values. What is below the
# first five lines of a connection, `ledgerhook setup acme` proposes from its books; docs/mapping.md has every key.

[connections.acme]                       # a short alias of yours; it names one merchant's books for ever
rutter_connection_id = "…"               # Rutter's id of the connection
access_token = { env = "ACME_ACCESS_TOKEN" }
platform = "QUICKBOOKS"                  # Rutter's name of the accounting platform
time_zone = "America/New_York"           # documents are dated in it
home_currency = "USD"
refund_policy = "credit_memo"            # a refund of money becomes a credit_memo left open, or a customer_refund
# number_prefix = "LH-"                  # put before order numbers, so that they never meet the merchant's own
# chargeback = "loss"                    # or "reopen"; absent: each is shown to a person
# tax = "header"                         # or "rates", "line"; absent: the first that comes to the source's tax
# cash_customer = "Web sales"            # who nameless guests are booked under

[connections.acme.items]                 # names in the books; or { code = "…" } or { id = "…" }
fallback = "Sales"                       # whatever has no item of its own
shipping = "Shipping"
tip = "Tips"
discount = "Discounts"
rounding = "Rounding"
tax = "Sales tax"                        # for tax that goes on a line
# gift_card = "Gift cards"               # a liability, not income
# require_mapping = true                 # park an unknown sku instead of selling it under the fallback
# match_sku = true                       # take the item whose code or name equals the sku

[connections.acme.items.by_sku]
# "SHIRT-M" = "T-shirts"

[[connections.acme.clearing]]            # where a gateway's money is posted, gross; the first that fits wins
gateway = "stripe"
account = "Stripe clearing"

[[connections.acme.clearing]]
account = "Undeposited Funds"

[sources.acme-stripe]                    # its webhooks go to /webhooks/acme-stripe
kind = "stripe"
connection = "acme"
secrets = [{ env = "ACME_STRIPE_SECRET" }]

# [sources.acme-shop]
# kind = "shopify"
# connection = "acme"
# namespace = "acme-shop"                # where its ids are unique; two sources of one shop share one
# tells = ["orders", "refunds"]          # what it is the authority for; the rest is recorded, not posted
# secrets = [{ env = "ACME_SHOPIFY_SECRET" }]
"""


def run(
    directory: Annotated[Path, typer.Argument(help="Where to write.")] = Path(),
) -> None:
    """Write ledgerhook.toml and .env; files that are there stay as they are."""
    written = [
        path
        for path, text in (
            (directory / "ledgerhook.toml", CONFIGURATION),
            (directory / ".env", _environment()),
        )
        if _write(path, text)
    ]
    if not written:
        fail("ledgerhook.toml and .env are both here already; nothing was written")
    for path in written:
        OUT.print(f"wrote {path}")
    OUT.print("next: fill in ledgerhook.toml, then `ledgerhook doctor` and `ledgerhook apply ledgerhook.toml`")


def _environment() -> str:
    return (
        "# Read by `docker compose` by itself; for a shell: set -a; . ./.env; set +a\n"
        "# Whoever has these can read every sealed body and token: keep the file private, and keep it.\n"
        f"LEDGERHOOK_ENCRYPTION_KEYS={generate('k1')}\n"
        f"LEDGERHOOK_ADMIN_TOKEN={secrets.token_urlsafe(24)}\n"
        f"POSTGRES_PASSWORD={secrets.token_urlsafe(24)}\n"
        "LEDGERHOOK_RUTTER_CLIENT_ID=\n"
        "LEDGERHOOK_RUTTER_CLIENT_SECRET=\n"
    )


def _write(path: Path, text: str) -> bool:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    except OSError as error:
        fail(f"{path} cannot be written ({error.strerror}); name a directory you may write to")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return True
