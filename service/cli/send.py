"""`ledgerhook send`: a file signed as its sender signs, and posted."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import httpx
import typer

from handlers.registry import HANDLERS
from schemas.sources import KINDS, Kind, Source
from service.cli.addresses import is_loopback, public_base, webhook
from service.cli.explain import read_body, read_headers
from service.cli.opening import AsJson, DataDir, settings_or_fail, visit
from service.cli.show import GREEN, RED, as_json, fail, line

if TYPE_CHECKING:
    from service.settings import Settings

SECONDS: Final = 10.0
RUTTER: Final = "rutter"
DELIVERY_HEADER: Final = "ledgerhook-delivery"
_SAYS: Final = {
    401: "the service knows another secret for this source: apply the one that is used here",
    404: "the service has no source of that name: ledgerhook status lists them",
    413: "the body is over LEDGERHOOK_MAX_BODY_BYTES",
    503: "it could not be made durable, or the sources cannot be read: send it again, and see the service's log",
}


def run(
    source: Annotated[str, typer.Argument(help="The source it is to come from, as configured.")],
    file: Annotated[Path, typer.Argument(help="The body; - for standard input.")],
    url: Annotated[
        str | None, typer.Option(help="Address of the webhook listener, or a whole webhook address. Absent: ours.")
    ] = None,
    header: Annotated[
        list[str] | None, typer.Option("--header", "-H", metavar="'N: V'", help="Sent with it; repeatable.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", "-k", help="With --secret-env: " + ", ".join(KINDS))] = None,
    secret_env: Annotated[
        str | None, typer.Option(help="Environment variable that holds the secret: no trail is opened then.")
    ] = None,
    data_dir: DataDir = None,
    json: AsJson = False,
) -> None:
    """Sign with the source's first secret and post; exits 1 unless it was taken (2xx)."""
    body = read_body(file)
    headers = read_headers(header or [])
    settings = settings_or_fail(data_dir=data_dir)
    sender = made_up(source, kind, secret_env) if secret_env is not None or kind else configured(source, settings)
    if sender.kind == "shopify" and not any(name.lower().endswith("shopify-topic") for name in headers):
        fail("Shopify says in a header what it tells: give --header 'X-Shopify-Topic: orders/paid', or whatever it is")
    handler = HANDLERS[sender.kind]
    now = datetime.now(UTC)
    signed = handler.sign(body, sender.secrets[0], now, headers=headers, auth=sender.auth)
    report(post(webhook(url or public_base(settings), source), body, {**signed, **headers}), json=json)


def made_up(name: str, kind: str | None, secret_env: str | None) -> Source:
    """A source of that kind whose secret is in the environment; ends the command where something is missing."""
    if kind not in KINDS:
        fail("say which kind of sender it is: --kind " + "|".join(KINDS))
    if secret_env is None:
        fail("say where its secret is: --secret-env NAME, or leave --kind out for a source of the trail")
    secret = os.environ.get(secret_env, "")
    if not secret:
        fail(f"--secret-env: the environment variable {secret_env} is not set")
    known: Kind = kind
    made = Source(name=name, kind=known, connection=name, namespace=name, secrets=(secret,))
    problem = HANDLERS[made.kind].check(made)
    if problem is not None:
        fail(f"{secret_env}: {problem}")
    return made


def configured(name: str, settings: "Settings") -> Source:
    """The source as the trail has it (Rutter's own: as the settings have it)."""
    if name == RUTTER:
        secret = settings.rutter_client_secret
        if secret is None:
            fail("LEDGERHOOK_RUTTER_CLIENT_SECRET is not set: it signs Rutter's webhooks")
        return Source(
            name=RUTTER, kind="rutter", connection=RUTTER, namespace=RUTTER, secrets=(secret.get_secret_value(),)
        )
    known = visit(settings.data_dir, lambda trail: trail.intake.sources())
    found = next((one for one in known if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in known) or "none yet: ledgerhook apply FILE"
        fail(f"there is no source {name}; there are: {names}")
    if not found.secrets:
        fail(f"the source {name} has no secret: add it to its file and apply that")
    return found


def post(url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    """The answer; ends the command when there is none."""
    try:
        with httpx.Client(timeout=SECONDS, trust_env=not is_loopback(url)) as http:
            return http.post(url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        fail(f"nobody answers at {url} ({type(error).__name__}): start it with `ledgerhook up`, or name it with --url")


def report(answer: httpx.Response, *, json: bool) -> None:
    """Status and delivery id; ends the command with 1 when it was not taken."""
    delivery = answer.headers.get(DELIVERY_HEADER)
    cure = None if answer.is_success else _SAYS.get(answer.status_code, answer.text[:200])
    if json:
        as_json({"status": answer.status_code, "delivery": delivery, "url": str(answer.request.url), "says": cure})
    else:
        style = f"bold {GREEN if answer.is_success else RED}"
        line((str(answer.status_code), style), "  ", f"delivery {delivery}" if delivery else cure or "taken")
    if not answer.is_success:
        raise typer.Exit(1)
