"""Rutter: reached, our credentials good, our clock right; then each connection's token, state and company."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from schemas.connections import Connection, ConnectionState
from schemas.outcomes import DeferReason, Deferred
from service.cli.checkup.finding import Finding, good, note, skipped, wrong
from service.rutter.connections import CompanyInfo, Connections, Listed, Standing, in_words
from service.rutter.reading import NotRead
from service.rutter.settings import RutterSettings
from service.trail.connections import ConnectionStanding

SECONDS: Final = 5.0
_OFF, _FAR_OFF = 30, 240
"""Seconds: signatures are refused past 300."""
_APPLY: Final = "mend it in the configuration file, then `ledgerhook apply FILE`"


@dataclass(frozen=True, slots=True)
class Reached:
    """Rutter's side: what it lists by id, None when it could not be asked."""

    findings: list[Finding]
    listed: dict[str, Listed] | None


async def rutter(api: Connections, settings: RutterSettings) -> Reached:
    """Credentials by GET /connections."""
    if not settings.client_id or not settings.client_secret:
        says = "no client id and secret are set"
        cure = (
            "set LEDGERHOOK_RUTTER_CLIENT_ID and LEDGERHOOK_RUTTER_CLIENT_SECRET; to rehearse: ledgerhook up --sandbox"
        )
        return Reached([wrong("Rutter", says, cure)], None)
    listed = await api.connections()
    if not isinstance(listed, tuple):
        return Reached([_refused("Rutter", f"{settings.base_url}: ", listed)], None)
    count = f"{len(listed)} connection{'s' if len(listed) != 1 else ''}"
    return Reached([good("Rutter", f"{settings.base_url}: {count}")], {one.id: one for one in listed})


def clock(settings: RutterSettings) -> Finding:
    """Ours against the Date that Rutter's server tells (HTTP: whole seconds)."""
    try:
        with httpx.Client(timeout=SECONDS, trust_env=not settings.loopback) as http:
            began = datetime.now(UTC)
            told = http.head(settings.base_url).headers.get("date")
            ended = datetime.now(UTC)
    except (httpx.HTTPError, httpx.InvalidURL):
        return skipped("clock", "not compared: Rutter's server does not answer")
    if told is None:
        return skipped("clock", "not compared: the server tells no time")
    return clock_finding(told, began + (ended - began) / 2)


def clock_finding(told: str, ours: datetime) -> Finding:
    """How far apart the two are. `told`: a Date header."""
    try:
        theirs = parsedate_to_datetime(told)
    except ValueError:
        return skipped("clock", "not compared: the server's time cannot be read")
    off = round((ours - theirs.replace(tzinfo=theirs.tzinfo or UTC)).total_seconds())
    says = f"{abs(off)} s {'ahead' if off > 0 else 'behind'}"
    cure = "let the machine's clock be set by NTP: signed webhooks are refused when it is off by minutes"
    if abs(off) > _FAR_OFF:
        return wrong("clock", says, cure)
    return note("clock", says, cure) if abs(off) > _OFF else good("clock", "right")


async def connection(
    api: Connections, standing: ConnectionStanding, opened: Connection, listed: dict[str, Listed]
) -> list[Finding]:
    """One connection: its token, its state here and there, and the company behind it."""
    what = f"connection {opened.alias}"
    known = listed.get(opened.rutter_id)
    if known is None:
        there = ", ".join(f"{one.id} ({one.name or one.platform})" for one in listed.values()) or "none"
        return [wrong(what, f"Rutter lists no connection {opened.rutter_id}; there are: {there}", _APPLY)]
    if not opened.access_token:
        return [wrong(what, "has no access token", _APPLY)]
    if opened.access_token != known.access_token:
        return [wrong(what, "its access token is another connection's, or an old one", _APPLY)]
    remote = await api.status(opened.access_token)
    if not isinstance(remote, Standing):
        return [_refused(what, "", remote)]
    findings = [*_states(what, standing, remote), *_platform(what, opened, remote)]
    if not any(one.state == "wrong" for one in findings):
        findings += _company(what, opened, await api.company_info(opened.access_token))
    return findings


def _states(what: str, ours: ConnectionStanding, remote: Standing) -> list[Finding]:
    sign_in = f"the merchant signs in again at {remote.link_url}" if remote.link_url else "the merchant signs in again"
    if remote.is_disabled:
        return [wrong(what, f"disabled at Rutter ({remote.disabled_reason or 'no reason told'})", sign_in)]
    if remote.needs_update:
        return [wrong(what, "needs the merchant's consent anew", sign_in)]
    if not remote.is_ready:
        return [note(what, "Rutter's first reading of the books is not finished", "wait: it posts once that is done")]
    state = ours.connection.state
    if state is ConnectionState.READY:
        healthy = "ready" if remote.is_healthy else "ready here, unhealthy at Rutter"
        return [good(what, f"{ours.connection.platform}, {healthy}")]
    says = f"{state.value.replace('_', ' ')} here although Rutter's side is ready"
    if ours.state_reason:
        says += f" ({ours.state_reason})"
    return [note(what, says, "let it go on from the console")]


def _platform(what: str, opened: Connection, remote: Standing) -> list[Finding]:
    if remote.platform is None or remote.platform == opened.platform:
        return []
    return [wrong(what, f'platform = "{opened.platform}", and Rutter says {remote.platform}', _APPLY)]


def _company(what: str, opened: Connection, told: CompanyInfo | NotRead) -> list[Finding]:
    if not isinstance(told, CompanyInfo):
        return [note(what, f"its company cannot be read: {in_words(told)}")]
    findings: list[Finding] = []
    if opened.home_currency and told.home_currency and opened.home_currency != told.home_currency:
        says = f'home_currency = "{opened.home_currency}", and the books are kept in {told.home_currency}'
        findings.append(wrong(what, says, _APPLY))
    if told.closing_date is not None:
        says = f"the books are closed up to {told.closing_date}: documents dated before are refused"
        findings.append(note(what, says))
    return findings


def _refused(what: str, where: str, failed: NotRead) -> Finding:
    cure = "see Rutter's dashboard, and try again"
    if isinstance(failed, Deferred) and failed.reason is DeferReason.CREDENTIALS:
        cure = "check LEDGERHOOK_RUTTER_CLIENT_ID and LEDGERHOOK_RUTTER_CLIENT_SECRET against Rutter's dashboard"
    elif isinstance(failed, Deferred) and failed.reason is DeferReason.UNAVAILABLE:
        cure = "check LEDGERHOOK_RUTTER_BASE_URL, and the network from here"
    return wrong(what, f"{where}{in_words(failed)}", cure)
