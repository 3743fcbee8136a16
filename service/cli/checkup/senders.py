"""Sources: their secrets, their addresses, and whether anybody can reach them."""

from typing import Final

import httpx

from handlers.registry import HANDLERS
from schemas.sources import Source
from service.cli.addresses import is_loopback, public_base, webhook
from service.cli.checkup.finding import Finding, good, note, wrong
from service.settings import Settings

SECONDS: Final = 5.0


def sources(configured: tuple[Source, ...], settings: Settings) -> list[Finding]:
    """A line a source."""
    if not configured:
        return [note("sources", "none yet", "declare one in the configuration file, then `ledgerhook apply FILE`")]
    base = public_base(settings)
    findings: list[Finding] = []
    for source in configured:
        what = f"source {source.name}"
        problem = HANDLERS[source.kind].check(source)
        if problem is not None:
            findings.append(wrong(what, problem, "mend it in the configuration file, then `ledgerhook apply FILE`"))
        else:
            count = f"{len(source.secrets)} secret{'s' if len(source.secrets) != 1 else ''}"
            findings.append(good(what, f"{source.kind}, {count}: {webhook(base, source.name)}"))
    return findings


def public(settings: Settings) -> list[Finding]:
    """Whether the address that senders are to use is said, safe, and answers."""
    base = public_base(settings)
    answers = _answers(f"{base}/health/live")
    what = "webhook address"
    if settings.public_url is None:
        cure = "put a proxy or a tunnel before it and set LEDGERHOOK_PUBLIC_URL to what senders use"
        state = "answers" if answers else "nobody answers there now"
        return [note(what, f"{base}, on this machine alone; {state}", cure)]
    if not base.startswith("https://") and not is_loopback(base):
        return [wrong(what, f"{base}: senders insist on https", "set LEDGERHOOK_PUBLIC_URL to the https address")]
    if not answers:
        return [note(what, f"{base} does not answer from here", "start the service, or look after the proxy before it")]
    return [good(what, f"{base} answers")]


def _answers(url: str) -> bool:
    try:
        with httpx.Client(timeout=SECONDS, trust_env=not is_loopback(url)) as http:
            return http.get(url).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
