"""Founding a company: what POST /_sandbox/connections and POST /connections/create end in."""

import asyncio
import re
from dataclasses import dataclass
from datetime import date

from sandbox.chart import CATEGORIES, DEFAULT_CHART, Role, open_books
from sandbox.clock import iso, milliseconds
from sandbox.commerce.kinds import PLATFORMS as SHOPS
from sandbox.company import PLATFORMS, UNCHOSEN, Company
from sandbox.exact import Json
from sandbox.fields import day
from sandbox.options import CompanyOptions, read_options
from sandbox.starters import stock
from sandbox.sync_config import unsynced
from sandbox.world import World

_UUIDISH = re.compile(r"[A-Za-z0-9-]{8,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The company asked for."""

    platform: str
    name: str
    home_currency: str
    currencies: frozenset[str]
    chart: tuple[Role, ...]
    ready: bool
    closing_date: date | None
    access_token: str | None
    webhook_urls: tuple[str, ...]
    options: CompanyOptions


def read_plan(asked: Json) -> Plan | str:
    """The plan in a control request, or the line that says what is wrong with it."""
    platform = asked.get("platform", "QUICKBOOKS")
    if platform not in PLATFORMS:
        return f"platform: expected one of {', '.join(sorted(PLATFORMS))}"
    home = asked.get("home_currency") or next(iter(asked.get("currencies") or ["USD"]))
    currencies = asked.get("currencies") or [home]
    if not isinstance(currencies, list) or not all(_currency(one) for one in (*currencies, home)):
        return "currencies, home_currency: expected ISO 4217 codes"
    chart = _read_chart(asked.get("chart_of_accounts") or [])
    if isinstance(chart, str):
        return chart
    options = read_options(asked)
    if isinstance(options, str):
        return options
    token = asked.get("access_token")
    if token is not None and (not isinstance(token, str) or not _UUIDISH.fullmatch(token)):
        return "access_token: expected 8 to 100 letters, digits and dashes"
    closing = asked.get("closing_date")
    closed = day(closing) if isinstance(closing, str) else None
    if closing is not None and closed is None:
        return "closing_date: expected an ISO 8601 date"
    url = asked.get("webhook_url")
    if url is not None and (not isinstance(url, str) or not url.startswith(("http://", "https://"))):
        return "webhook_url: expected an http or https URL"
    return Plan(
        platform=platform,
        name=str(asked.get("name") or f"Sandbox company ({platform})"),
        home_currency=home,
        currencies=frozenset((*currencies, home)),
        chart=chart,
        ready=asked.get("ready", True) is not False,
        closing_date=closed,
        access_token=token,
        webhook_urls=(url,) if url else (),
        options=options,
    )


def _currency(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z]{3}", value) is not None


def _read_chart(asked: object) -> tuple[Role, ...] | str:
    """Accounts of the caller's own, `[{"role", "name", "account_type", "nominal_code"?}]`; default roles too."""
    if not isinstance(asked, list):
        return "chart_of_accounts: expected a list"
    default_types: dict[str, str] = {role.role: role.account_type for role in DEFAULT_CHART}
    roles: list[Role] = []
    for one in asked:
        if not isinstance(one, dict) or not one.get("role") or not one.get("name"):
            return "chart_of_accounts: each account needs role and name"
        kind = one.get("account_type") or default_types.get(one["role"])
        if kind not in CATEGORIES:
            return f"chart_of_accounts: {one['role']}: account_type: expected one of {', '.join(CATEGORIES)}"
        roles.append(Role(one["role"], one["name"], kind, str(one.get("nominal_code") or "")))
    return tuple(roles)


# Why Rutter disables a connection (Rutter: connection status).
DISABLED_REASONS = (
    *"SHOP_API_KEY_EXPIRED SHOP_NOT_FOUND SHOP_ID_IS_INVALID SHOP_IS_DISABLED_OR_EXPIRED SHOP_IS_LOCKED".split(),
    *"SHOP_PAYMENT_REQUIRED TUNNEL_ERROR WEB_SERVICE_IS_DISABLED SHOP_IS_UNAVAILABLE CERT_EXPIRED".split(),
    "FAILED TO AUTHENTICATE",
    *"NEEDS_REAUTH REQUEST_TIMEOUT MANUALLY_DISABLED UNKNOWN".split(),
)


def found(world: World, plan: Plan, *, chosen: bool = True) -> Company:
    """Open the company, its books and its link. Not `chosen`: the user chooses the platform when they sign in."""
    company = Company(
        id=world.ids.uuid(),
        access_token=plan.access_token or world.ids.uuid(),
        public_token=world.ids.uuid(),
        platform=plan.platform if chosen else UNCHOSEN,
        name=plan.name if chosen else "Sandbox company",
        currencies=plan.currencies,
        home_currency=plan.home_currency,
        created_at=iso(world.clock()),
        closing_date=plan.closing_date,
        webhook_urls=plan.webhook_urls,
        options=plan.options,
        is_ready=False,
    )
    world.add(company)
    if chosen:
        _open(world, company, plan.chart)
    if plan.ready:
        become_ready(world, company)
    return company


def _open(world: World, company: Company, chart: tuple[Role, ...]) -> None:
    """What the company had before it was linked: nothing of it was made through Rutter."""
    company.unsynced = unsynced(world, company)
    if company.platform not in SHOPS:
        open_books(world.writing(company, outside=True), chart)
        stock(world.writing(company, outside=True))


def _initial_sync(world: World, company: Company) -> None:
    seconds = world.switches.initial_sync_seconds
    if not seconds:
        become_ready(world, company)
        return

    async def download() -> None:
        await asyncio.sleep(seconds)
        become_ready(world, company)

    company.last_sync_started_at = iso(world.clock())
    world.spawn(download())


def become_ready(world: World, company: Company) -> None:
    """The initial sync is done: everything there is shows in the copy, and INITIAL_UPDATE is sent."""
    now = world.clock()
    company.is_ready = True
    company.last_sync_started_at = company.last_sync_started_at or iso(now)
    company.last_sync_completed_at = iso(now)
    for plural, shelf in company.shelves.items():
        if plural not in company.unsynced:
            shelf.sync(milliseconds(now), milliseconds(now), iso(now))
    world.webhooks.connection(company, "INITIAL_UPDATE")


def needs_update(world: World, company: Company, link_url: str) -> None:
    """The link broke: the user must authenticate again."""
    company.needs_update = True
    world.webhooks.connection(company, "CONNECTION_NEEDS_UPDATE", update_url=link_url)


def disable(world: World, company: Company, reason: str) -> None:
    """Rutter suspended the connection."""
    company.disabled_reason = reason
    world.webhooks.connection(company, "CONNECTION_DISABLED")


def authenticate(world: World, company: Company, platform: str = "QUICKBOOKS") -> None:
    """The user signed in (again): CONNECTION_UPDATED, and the initial sync if it was never done. The token stays.

    `platform` is what they chose, where that was left to them.
    """
    if company.platform == UNCHOSEN:
        company.platform = platform
        plan = read_plan({**world.link_defaults, "platform": platform})
        _open(world, company, DEFAULT_CHART if isinstance(plan, str) else plan.chart)
    company.needs_update = company.unhealthy = False
    company.disabled_reason = None
    world.webhooks.connection(company, "CONNECTION_UPDATED", store_unique_id=company.id[:8])
    if not company.is_ready:
        _initial_sync(world, company)
