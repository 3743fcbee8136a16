"""What a person asks for: in a namespace that no source has, and the last request counts."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from consumers.intake import Verdict
from consumers.requests import NAMESPACE, account_requested
from schemas.sources import Source
from service.requesting import request
from service.trail import sources
from service.trail.changes import Mismatch
from service.trail.database import Trail
from tests.trail.conftest import NOON


async def test_our_own_namespace_is_no_sources(trail: Trail) -> None:
    (any_one, *_) = await trail.intake.sources()
    for name, namespace in (("another", NAMESPACE), (NAMESPACE, "another")):
        wanted: Source = replace(any_one, name=name, namespace=namespace)
        answer = await trail.run(partial(sources.declare, keys=trail.keys, wanted=wanted, now=NOON))

        assert answer == Mismatch(f"source {name}: ledgerhook, as a name or namespace, is our own; use another")


async def test_the_last_request_for_a_role_counts(trail: Trail) -> None:
    asked = [
        account_requested(
            "acme", "income", name=name, account_type="income", currency="USD", at=NOON + timedelta(hours=hours)
        )
        for name, hours in (("B", 1), ("A", 2), ("C", 0))
    ]
    verdicts = [(await request(trail, [one], NOON))[0] for one in asked]
    (due,) = await trail.work.due("acme", 10)

    assert verdicts == [Verdict.NEW, Verdict.FULLER, Verdict.DUPLICATE]
    assert due.event == asked[1]
