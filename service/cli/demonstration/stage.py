"""Setting the stage: a company in the sandbox for each connection of the day, and the configuration that maps it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
import orjson

from sandbox.day.day import Day
from sandbox.day.needs import ConnectionNeed, LateMapping, SourceNeed


@dataclass(frozen=True, slots=True)
class Stage:
    """The configuration text, the environment its secrets refer to, and each alias's connection in the sandbox."""

    configuration: str
    environment: dict[str, str] = field(repr=False)
    companies: dict[str, str]


class StageError(Exception):
    """The sandbox would not do what the day needs: a bug in one of the two."""


async def set_stage(day: Day, sandbox_url: str, credentials: tuple[str, str]) -> Stage:
    """Found the companies with the accounts, items and customers that must be there, and write the configuration."""
    environment: dict[str, str] = {}
    companies: dict[str, str] = {}
    parts: list[str] = []
    async with httpx.AsyncClient(base_url=sandbox_url, auth=credentials, timeout=30) as http:
        for need in day.connections:
            company = await _company(
                http, need, [late.item for late in day.late_mappings if late.connection == need.alias]
            )
            token = f"DEMO_{need.alias.upper()}_TOKEN"
            environment[token] = company["access_token"]
            companies[need.alias] = company["connection_id"]
            parts.append(connection_toml(need, company["connection_id"], token))
    for source in day.sources:
        secret = f"DEMO_{source.name.upper().replace('-', '_')}_SECRET"
        environment[secret] = source.secret
        parts.append(source_toml(source, secret))
    return Stage("\n".join(parts), environment, companies)


async def _company(http: httpx.AsyncClient, need: ConnectionNeed, late_items: Sequence[str]) -> dict[str, str]:
    answer = await http.post(
        "/_sandbox/connections",
        json={
            "platform": need.platform,
            "name": need.alias,
            "home_currency": need.home_currency,
            "currencies": list(need.currencies),
        },
    )
    company: dict[str, str] = _checked(answer)
    token = company["access_token"]
    for name, kind in need.accounts:
        account = {"name": name, "account_type": kind, "currency_code": need.home_currency}
        await _create(http, token, "accounts", {"account": account})
    for item in sorted({item for _, item in need.items} | set(late_items)):
        await _create(http, token, "items", {"item": {"name": item, "type": "service"}})
    customer = {"contact_name": need.cash_customer, "customer_name": need.cash_customer}
    await _create(http, token, "customers", {"customer": customer})
    return company


async def _create(http: httpx.AsyncClient, token: str, plural: str, body: dict[str, object]) -> None:
    _checked(
        await http.post(
            f"/versioned/accounting/{plural}",
            params={"access_token": token},
            json=body,
            headers={"X-Rutter-Version": "2024-08-31"},
        )
    )


def _checked(answer: httpx.Response) -> dict[str, str]:
    if not answer.is_success:
        raise StageError(f"the sandbox answered {answer.status_code}: {answer.text[:300]}")
    read: dict[str, str] = orjson.loads(answer.content)
    return read


def _text(value: str) -> str:
    return orjson.dumps(value).decode()  # JSON strings are TOML basic strings


def connection_toml(need: ConnectionNeed, rutter_id: str, token: str, late: Sequence[LateMapping] = ()) -> str:
    """`[connections.…]` of one merchant, with the mappings of the evening if given."""
    skus = [*need.items, *((one.sku, one.item) for one in late)]
    lines = [
        f"[connections.{need.alias}]",
        f"rutter_connection_id = {_text(rutter_id)}",
        f'access_token = {{ env = "{token}" }}',
        f'platform = "{need.platform}"',
        f'time_zone = "{need.time_zone}"',
        f'home_currency = "{need.home_currency}"',
        f'refund_policy = "{need.refund_policy}"',
        f'tax = "{need.tax_mode}"',
        f"number_prefix = {_text(need.number_prefix)}",
        f"cash_customer = {_text(need.cash_customer)}",
        "calls_per_minute = 60000",
        f"[connections.{need.alias}.items]",
        f"fallback = {_text(need.fallback_item)}",
        f"shipping = {_text(need.shipping_item)}",
        f"tip = {_text(need.tip_item)}",
        f"discount = {_text(need.discount_item)}",
        f"rounding = {_text(need.rounding_item)}",
        f"tax = {_text(need.tax_item)}",
        f"require_mapping = {'true' if need.park_unmapped else 'false'}",
        f"[connections.{need.alias}.items.by_sku]",
        *(f"{_text(sku)} = {_text(item)}" for sku, item in skus),
    ]
    for gateway, account in need.clearing:
        lines += [
            f"[[connections.{need.alias}.clearing]]",
            f"gateway = {_text(gateway)}",
            f"account = {_text(account)}",
        ]
    lines += [f"[[connections.{need.alias}.clearing]]", f"account = {_text(need.default_clearing)}"]
    return "\n".join(lines) + "\n"


def source_toml(source: SourceNeed, secret: str) -> str:
    """`[sources.…]` of one sender."""
    return "\n".join(
        (
            f"[sources.{source.name}]",
            f'kind = "{source.kind}"',
            f'connection = "{source.connection}"',
            f'secrets = [{{ env = "{secret}" }}]',
            "",
        )
    )
