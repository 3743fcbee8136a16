"""The whole day, entered by hand into the running stand-in, is what the auditor wants to see; less a bit, it is not."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from sandbox.day.audit import Audit, Name, audit
from sandbox.day.books import read_report
from sandbox.day.day import Day
from sandbox.day.documents import CustomerRefund, InvoicePayment
from sandbox.day.generate import generate
from sandbox.server import running_sandbox
from sandbox.settings import Settings
from tests.day.bookkeeper import Bookkeeper

DAY = generate(7, datetime(2026, 11, 2, 18, 30, tzinfo=UTC), orders=120)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with running_sandbox(Settings()) as sandbox:
        auth = (sandbox.settings.client_id, sandbox.settings.client_secret)
        headers = {"x-rutter-version": "2024-08-31"}
        async with httpx.AsyncClient(
            base_url=sandbox.url, auth=auth, headers=headers, trust_env=False, timeout=20
        ) as client:
            yield client


async def keep_books(http: httpx.AsyncClient, day: Day) -> dict[str, Bookkeeper]:
    keepers = {need.alias: Bookkeeper(http, need) for need in day.connections}
    for keeper in keepers.values():
        await keeper.open()
    for document in day.expected.all():
        await keepers[document.connection].enter(document)
    return keepers


async def audited(http: httpx.AsyncClient, day: Day, keepers: dict[str, Bookkeeper]) -> Audit:
    answer = (await http.get("/_sandbox/books")).raise_for_status()
    report = json.loads(answer.content, parse_float=Decimal)
    needs = {keeper.connection_id: keeper.need for keeper in keepers.values()}
    return audit(day, read_report(needs, report))


async def test_the_day_in_the_stand_in(http: httpx.AsyncClient) -> None:
    keepers = await keep_books(http, DAY)
    found = await audited(http, DAY, keepers)
    assert not found.missing
    assert not found.doubled
    assert not found.different
    assert not found.unexpected
    assert found.is_clean

    twice = DAY.expected.invoice_payments[0]
    await keepers["acme"].enter(replace(twice, linked=()))
    lost = DAY.expected.customer_refunds[0]
    await keepers["borea"].remove("customer_refunds", keepers["borea"].entered[CustomerRefund, lost.marker])
    cent = DAY.expected.invoice_payments[1]
    await keepers["acme"].remove("invoice_payments", keepers["acme"].entered[InvoicePayment, cent.marker])
    (link,) = cent.linked
    less = replace(cent, total=cent.total - 1, linked=(replace(link, amount=link.amount - 1),))
    await keepers["acme"].enter(less)

    found = await audited(http, DAY, keepers)
    assert [one.name for one in found.doubled] == [Name("invoice_payments", "acme", twice.marker)]
    assert found.missing == (Name("customer_refunds", "borea", lost.marker),)
    off = [(one.field, one.expected, one.found) for one in found.different if one.name.marker == cent.marker]
    assert off[0] == ("total", str(cent.total), str(cent.total - 1))
    assert not found.is_clean
