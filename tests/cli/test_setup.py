"""`setup`: from a connection without a mapping to its first posted invoice, and how few keystrokes that takes."""

import asyncio
import json
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.server import Sandbox
from schemas.mapping import Clearing, Named, When
from service.configuration.file import Declarations, Secrets, read_file
from service.installation import Installation, installation
from service.running import Role, Running, run
from service.settings import Settings
from tests.cli.conftest import Shell, Shop, new_shop
from tests.cli.shop import order, payment

SECONDS = 60
NO_CHECKING = "the books have no Checking that would do"
CASH = 'connections.acme.cash_customer = "Nobody": '
LINKED = """
[connections.acme]
rutter_connection_id = "{id}"
access_token = {{ env = "ACME_TOKEN" }}
platform = "{platform}"
time_zone = "America/New_York"

[sources.acme-events]
kind = "cloudevents"
connection = "acme"
secrets = [{{ env = "ACME_EVENTS" }}]
"""


def linked(shell: Shell, rutter: Sandbox, directory: Path, patch: pytest.MonkeyPatch, **asked: object) -> Shop:
    """A company in the sandbox, linked as acme; nothing is mapped."""
    platform = asked.setdefault("platform", "QUICKBOOKS")
    made = httpx.post(f"{rutter.url}/_sandbox/connections", json=asked).raise_for_status().json()
    patch.setenv("LEDGERHOOK_RUTTER_BASE_URL", rutter.base_url)
    patch.setenv("LEDGERHOOK_RUTTER_CLIENT_ID", rutter.settings.client_id)
    patch.setenv("LEDGERHOOK_RUTTER_CLIENT_SECRET", rutter.settings.client_secret)
    patch.setenv("ACME_TOKEN", made["access_token"])
    return new_shop(shell, directory / "shop", LINKED.format(id=made["connection_id"], platform=platform))


@pytest.fixture
def shop(ledgerhook: Shell, rutter: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    return linked(ledgerhook, rutter, tmp_path, monkeypatch)


@pytest.fixture
def service(shop: Shop, rutter: Sandbox) -> Iterator[Running]:
    """Everything that `up` runs, in a thread of its own."""
    settings = Settings(
        data_dir=shop.data_dir,
        public_port=0,
        admin_port=0,
        rutter_base_url=rutter.base_url,
        rutter_client_id=rutter.settings.client_id,
        rutter_client_secret=rutter.settings.client_secret,
    )
    here = installation(settings, create=True)
    assert isinstance(here, Installation)
    up, found, loops, stops = (
        threading.Event(),
        list[Running](),
        list[asyncio.AbstractEventLoop](),
        list[asyncio.Event](),
    )

    def started(running: Running) -> None:
        found.append(running)
        up.set()

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        stops.append(asyncio.Event())
        await run(here, frozenset(Role), started, stops[0])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert up.wait(SECONDS)
    yield found[0]
    loops[0].call_soon_threadsafe(stops[0].set)
    thread.join(SECONDS)
    assert not thread.is_alive()


def until_written(ledgerhook: Shell, shop: Shop, *keys: str) -> None:
    ends = time.monotonic() + SECONDS
    while True:
        documents = ledgerhook.json("documents", "--data-dir", shop.data_dir)["documents"]
        if set(keys) <= {one["key"] for one in documents if one["state"] == "written"}:
            return
        assert time.monotonic() < ends, documents
        time.sleep(0.05)  # between two looks, not instead of one


def test_five_times_enter_and_the_first_invoice_is_posted(ledgerhook: Shell, shop: Shop, service: Running) -> None:
    assert service.posting is not None

    shown = ledgerhook.good("setup", "acme", "--data-dir", shop.data_dir, stdin=b"\n" * 5)

    assert shown.endswith("5 prompts, 5 keystrokes\n")
    assert "made      the account Chargebacks" in shown
    assert "made      the item Payment reversals" in shown
    shop.take(order(), payment())
    until_written(ledgerhook, shop, "invoice:1001", "payment:p1")
    assert ledgerhook.json("apply", "acme.toml", "--data-dir", shop.data_dir)[0]["changes"] == []
    again = ledgerhook.good("setup", "acme", "--data-dir", shop.data_dir, stdin=b"\n" * 5)
    assert [line.split("  ")[1] for line in again.splitlines() if "to be made" in line] == ["Money of Paypal"]


def test_what_is_written_is_what_was_proposed(ledgerhook: Shell, shop: Shop) -> None:
    shop.take(payment())

    told = ledgerhook.json("setup", "acme", "--accept", "--wait", "0", "--data-dir", shop.data_dir)

    assert (told["prompts"], told["keystrokes"]) == (0, 0)
    assert told["made"] == ["Paypal clearing", "Chargebacks", "Payment reversals"]
    assert len(told["not_made_yet"]) == 3
    read = read_file(Path("acme.toml").read_text("utf-8"), Secrets({}))
    assert isinstance(read, Declarations)
    mapping = read.connections[0].mapping
    assert mapping.clearing == (
        Clearing(account=Named(name="Paypal clearing"), when=When(gateway="paypal")),
        Clearing(account=Named(name="Undeposited Funds")),
    )
    assert (mapping.items.fallback, mapping.items.tax) == (Named(name="Sales"), Named(name="Sales tax"))
    assert (mapping.receivable, mapping.income) == (Named(name="Accounts Receivable"), Named(name="Sales"))
    assert (mapping.policies.refund, mapping.policies.chargeback) == ("credit_memo", "loss")
    assert (mapping.numbers.prefix, mapping.cash_customer, mapping.items.gift_card) == ("LH-", None, None)


def test_a_line_is_changed_by_its_number(ledgerhook: Shell, shop: Shop) -> None:
    # Accounts: line 4 is the clearing account; Decisions: line 1 is what a refund becomes.
    typed = "4\nStripe clearin\nstripe clearing\n\n\n\n1\n2\n\n\n"

    shown = ledgerhook.good("setup", "acme", "--wait", "0", "--data-dir", shop.data_dir, stdin=typed.encode())

    assert "the books have no Stripe clearin that would do; there is Stripe clearing" in shown
    written = tomllib.loads(Path("acme.toml").read_text("utf-8"))["connections"]["acme"]
    assert written["clearing"] == [{"account": "Stripe clearing"}]
    assert written["refund_policy"] == "customer_refund"
    assert shown.endswith(f"10 prompts, {len(typed)} keystrokes\n")


def test_answers_from_a_file(ledgerhook: Shell, shop: Shop, tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.write_text(
        "# our own\nitems.gift_card = + Vouchers\nchargeback = -\nnumber_prefix = -\ntracking.class = tag:channel\n"
        "tracking.department = Support\nterms = net 30\ntime_zone = Asia/Tokyo\nclosed_through = 2026-01-31\n"
    )

    words = ("setup", "acme", "--answers", answers, "--wait", "0", "--data-dir", shop.data_dir)
    told = json.loads(ledgerhook.good(*words, "--json"))

    assert told["made"] == ["Gift cards outstanding", "Vouchers", "Chargebacks", "Payment reversals"]
    written = tomllib.loads(Path("acme.toml").read_text("utf-8"))["connections"]["acme"]
    assert written["tracking"] == [
        {"dimension": "class", "tag": "channel"},
        {"dimension": "department", "otherwise": "Support"},
    ]
    assert (written["terms"], written["time_zone"]) == ("Net 30", "Asia/Tokyo")
    assert "chargeback" not in written
    assert written["closed_through"].isoformat() == "2026-01-31"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("items.tipp = Tip", "items.tipp: nothing of that name is asked; did you mean items.tip?"),
        ("refund_policy = none", "A refund of money becomes: one of credit_memo, customer_refund"),
        ("receivable = Checking", f"Receivables: {NO_CHECKING}; there is Accounts Receivable; + Checking makes it"),
        ("due_days = soon", "Days to pay: a whole number of days"),
        ("time_zone = Tokyo", 'Documents are dated in: no time zone; use a name like "America/New_York"'),
        ("cash_customer = Nobody", f"{CASH}the books have no such customer; make that customer in the books"),
    ],
)  # fmt: skip
def test_an_answer_that_will_not_do_changes_nothing(
    ledgerhook: Shell, shop: Shop, tmp_path: Path, line: str, says: str
) -> None:
    (tmp_path / "answers").write_text(line)

    assert ledgerhook.fails("setup", "acme", "--answers", "answers", "--data-dir", shop.data_dir) == says
    assert not Path("acme.toml").exists()


def test_it_ends_without_a_change_when_told_to(ledgerhook: Shell, shop: Shop) -> None:
    before = ledgerhook.json("status", "--data-dir", shop.data_dir)["connections"]
    for typed, says in ((b"\n\nq\n", "ended by you"), (b"\n", "the answers ended before the questions did")):
        ended = ledgerhook("setup", "acme", "--data-dir", shop.data_dir, stdin=typed)
        assert ended.exit_code == 1
        assert ended.stderr.startswith(says)
    assert not Path("acme.toml").exists()
    assert ledgerhook.json("status", "--data-dir", shop.data_dir)["connections"] == before
    Path("acme.toml").write_text("# mine\n")
    assert "--write another one" in ledgerhook.fails("setup", "acme", "--data-dir", shop.data_dir)
    assert "there are: acme" in ledgerhook.fails("setup", "acne", "--data-dir", shop.data_dir)


@pytest.mark.parametrize(
    "platform", ["QUICKBOOKS", "QUICKBOOKS_DESKTOP", "XERO", "NETSUITE", "SAGE_INTACCT", "DYNAMICS365", "ZOHOBOOKS",
                 "FRESHBOOKS", "SAGE_BUSINESS_CLOUD"]
)  # fmt: skip
def test_on_every_platform_all_proposals_can_be_declared(
    ledgerhook: Shell, rutter: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    shop = linked(ledgerhook, rutter, tmp_path, monkeypatch, platform=platform)

    told = ledgerhook.json("setup", "acme", "--accept", "--wait", "0", "--data-dir", shop.data_dir)

    assert told["answers"]["items.fallback"] == "Sales"
    assert told["answers"]["clearing"] == "Undeposited Funds"
