"""The console's page of doubtful pairs, and what it shows and tells of what is ahead."""

import re
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select

from consumers.adopting.sides import Pair
from service.adopting import deciding
from service.adopting.pairs import to_keep
from service.trail import adopting, doubts
from service.trail.doubts import Doubt
from service.trail.fact_tables import work
from tests.adopting.test_matching import CLAIM, DOCUMENT
from tests.console.conftest import Console
from tests.console.stage import order


def doubted(console: Console) -> Doubt:
    """An order that may be in the books, set aside."""
    told = console.stage
    told.deliver(order("7001", 3058))
    seq = told.read(lambda c: next(one.seq for one in adopting.told(c, "acme", None) if one.event.key == "order:7001"))
    claim = replace(CLAIM, event_seq=seq, namespace="store", key="invoice:7001", event_key="order:7001")
    pair = to_keep(
        Pair(claim=claim, document=DOCUMENT, why=("total 30.58 USD", "but nothing says <whose>")), "acme", {}
    )
    made = Doubt(
        connection="acme", namespace="store", key="invoice:7001", rutter_id="r-1", event_seq=seq, pair=pair,
        found_at=told.clock.at,
    )  # fmt: skip
    told.run(lambda c: deciding.set_aside(c, [made], told.clock.at))
    return made


def decide(visitor: httpx.Client, decision: str) -> httpx.Response:
    page = visitor.get("/adopting")
    form = page.text.split("/adopting/decide", 1)[1].split("</form>")[0]
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    hidden.pop("decision")
    return visitor.post("/adopting/decide", data={**hidden, "decision": decision})


def state_of(console: Console, seq: int) -> str:
    return str(console.stage.read(lambda c: c.execute(select(work.c.state).where(work.c.event_seq == seq)).scalar()))


def test_both_sides_are_shown_and_foreign_text_is_escaped(console: Console, visitor: httpx.Client) -> None:
    doubted(console)
    page = visitor.get("/adopting")
    assert page.status_code == 200
    assert "order:7001" in page.text
    assert "W-1001" in page.text
    assert "but nothing says &lt;whose&gt;" in page.text
    assert "see the pairs" in visitor.get("/parked").text


@pytest.mark.parametrize(("decision", "state", "said"), [("link", "done", "Linked"), ("dismiss", "due", "Dismissed")])
def test_a_person_decides(console: Console, visitor: httpx.Client, decision: str, state: str, said: str) -> None:
    made = doubted(console)
    assert state_of(console, made.event_seq) == "parked"

    assert said in decide(visitor, decision).text

    assert state_of(console, made.event_seq) == state
    assert console.stage.read(doubts.waiting) == ()


def test_a_pair_is_decided_once(console: Console, visitor: httpx.Client) -> None:
    doubted(console)
    form = visitor.get("/adopting").text
    csrf = re.findall(r'name="csrf" value="([^"]*)"', form)[0]
    fields = {"csrf": csrf, "connection": "acme", "namespace": "store", "key": "invoice:7001", "rutter_id": "r-1"}
    visitor.post("/adopting/decide", data={**fields, "decision": "dismiss"})
    again = visitor.post("/adopting/decide", data={**fields, "decision": "link"})
    assert "Somebody has decided that already." in again.text
    assert visitor.post("/adopting/decide", data={**fields, "decision": "guess"}).status_code == 400


def test_a_form_from_elsewhere_decides_nothing(console: Console, visitor: httpx.Client) -> None:
    made = doubted(console)
    fields = {"connection": "acme", "namespace": "store", "key": made.key, "rutter_id": "r-1", "decision": "link"}
    assert visitor.post("/adopting/decide", data=fields).status_code == 403
    assert state_of(console, made.event_seq) == "parked"


def test_what_is_ahead_is_on_the_first_page_in_the_api_and_measured(
    console: Console, visitor: httpx.Client, api: httpx.Client
) -> None:
    console.stage.deliver(*(order(str(number), 3058) for number in range(8000, 8012)))
    told = api.get("/api/forecast").json()
    (row,) = [one for one in told if one["connection"] == "acme"]
    waits = row["live"] + row["backfill"]
    assert waits >= 12
    assert f"{waits} documents wait" in visitor.get("/").text
    metrics = api.get("/metrics").text
    assert f'ledgerhook_waiting{{connection="acme",lane="live"}} {float(row["live"])}' in metrics
    assert 'ledgerhook_forecast_seconds{connection="acme"}' in metrics
    assert api.get("/api/doubts").json() == []
