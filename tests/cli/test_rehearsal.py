"""`up --sandbox`, started as people start it, and what they then do in another shell."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Shell, new_shop

LEDGERHOOK = Path(sys.executable).parent / "ledgerhook"
SECONDS = 60
STRIPE = {
    "object": "event",
    "id": "evt_1",
    "type": "charge.failed",
    "created": 1762084800,
    "data": {"object": {"object": "charge", "id": "ch_1"}},
}


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A running `up --sandbox`: its words on standard error, and its place."""

    process: subprocess.Popen[str]
    said: str
    data_dir: Path

    @property
    def url(self) -> str:
        return _found(r"webhooks +(http://[0-9.:]+)/webhooks/", self.said)

    @property
    def sandbox(self) -> str:
        return _found(r"sandbox +(http://[0-9.:]+)/_sandbox", self.said)

    def secret(self, source: str) -> str:
        return _found(rf"/webhooks/{source} +secret (\S+)", self.said)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


def start(data_dir: Path) -> Rehearsed:
    words = ["up", "--sandbox", "--data-dir", str(data_dir), "--public-port", "0", "--admin-port", "0"]
    process = subprocess.Popen(
        [str(LEDGERHOOK), *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=_environment()
    )
    assert process.stderr is not None
    said, ends = "", time.monotonic() + SECONDS
    while "try  ledgerhook send" not in said:
        ready, _, _ = select.select([process.stderr], [], [], max(0.0, ends - time.monotonic()))
        line = process.stderr.readline() if ready else ""
        if not line:
            process.kill()
            pytest.fail(f"up --sandbox was not ready: {said}")
        said += line
    return Rehearsed(process, said, data_dir)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LEDGERHOOK_")}


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    running = start(tmp_path_factory.mktemp("rehearsal") / "data")
    yield running
    assert running.process.stderr is not None
    assert running.end() == 0
    running.process.stderr.close()


@pytest.fixture
def place(rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As `set -a; . sandbox.env` sets another shell up."""
    for line in (rehearsed.data_dir / "rehearsal" / "sandbox.env").read_text().splitlines():
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value.strip("'"))
    return rehearsed.data_dir / "rehearsal"


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)  # between two looks, not instead of one


def posted(ledgerhook: Shell) -> set[str]:
    return {one["key"] for one in ledgerhook.json("documents")["documents"] if one["state"] == "written"}


def test_an_order_its_payment_and_its_refund_become_documents(
    ledgerhook: Shell, rehearsed: Rehearsed, place: Path
) -> None:
    order = json.loads((place / "order.json").read_text())["data"]["order"]["id"]
    explained = ledgerhook.json("explain", place / "order.json", "--source", "events-1")
    (plan,) = explained["plans"]
    assert plan["plan"] == "post"
    assert [write["key"] for write in plan["writes"]] == ["customer:c-9:USD", f"invoice:{order}"]
    assert 'shipping: mapped to item "Shipping"' in plan["writes"][1]["why"]

    for noun in ("refund", "payment", "order"):
        shown = ledgerhook.good("send", "events-1", place / f"{noun}.json")
        assert re.fullmatch(r"202  delivery [0-9a-f-]{36}\n", shown)

    wanted = {"customer:c-9:USD", f"invoice:{order}", f"payment:pay-{order}", f"credit_memo:ref-{order}"}
    until(lambda: wanted <= posted(ledgerhook))
    (tie,) = ledgerhook.json("tie-out")
    assert (tie["connection"], tie["currency"], tie["difference"]) == ("rehearsal-1", "USD", 0)
    books = httpx.get(f"{rehearsed.sandbox}/_sandbox/books").json()
    assert order in json.dumps(books)
    again = ledgerhook.good("explain", place / "order.json", "--source", "events-1")
    assert "everything is in the books already" in again


def test_replaying_beside_the_service_asks_nothing_of_rutter(
    ledgerhook: Shell, rehearsed: Rehearsed, place: Path
) -> None:
    ledgerhook.good("send", "events-1", place / "order.json")
    until(lambda: any(key.startswith("invoice:") for key in posted(ledgerhook)))
    before = posts(rehearsed)

    told = ledgerhook.json("replay", "--all")

    assert told["deliveries"] >= 1
    assert set(told["verdicts"]) == {"duplicate"}
    until(lambda: ledgerhook.json("status")["counts"]["due"] == 0)
    assert posts(rehearsed) == before


def posts(rehearsed: Rehearsed) -> int:
    asked: dict[str, list[Any]] = httpx.get(f"{rehearsed.sandbox}/_sandbox/requests?method=POST").json()
    return len(asked["requests"])


def test_every_kind_signs_as_its_sender_does(ledgerhook: Shell, place: Path) -> None:
    stripe, shopify = place / "stripe.json", place / "shopify.json"
    stripe.write_text(json.dumps(STRIPE))
    shopify.write_text('{"id": 1}')
    callback = place / "callback.json"
    callback.write_text('{"type": "JOB", "code": "ACCOUNT_UPDATED"}')

    assert ledgerhook.json("send", "stripe-1", stripe)["status"] == 202
    assert ledgerhook.json("send", "shopify-1", shopify, "-H", "X-Shopify-Topic: products/update")["status"] == 202
    assert ledgerhook.json("send", "rutter", callback)["status"] == 200


def test_without_a_trail_the_secret_comes_from_the_environment(
    ledgerhook: Shell, rehearsed: Rehearsed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = tmp_path / "stripe.json"
    body.write_text(json.dumps(STRIPE))
    words = ("send", "stripe-1", body, "--kind", "stripe", "--secret-env", "MINE", "--url", rehearsed.url)
    monkeypatch.setenv("MINE", rehearsed.secret("stripe-1"))
    assert ledgerhook.good(*words).startswith("202  delivery ")

    monkeypatch.setenv("MINE", "whsec_of-somebody-else")
    refused = ledgerhook(*words)

    assert refused.exit_code == 1
    assert refused.stdout.startswith("401  the service knows another secret for this source")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["nosuch"], "there is no source nosuch; there are: events-1, shopify-1, stripe-1"),
        (["shopify-1"], "Shopify says in a header what it tells: give --header 'X-Shopify-Topic: orders/paid'"),
        (["stripe-1", "--kind", "stripe"], "say where its secret is: --secret-env NAME"),
        (["stripe-1", "--kind", "stripe", "--secret-env", "NO"], "--secret-env: the environment variable NO is not"),
        (["stripe-1", "--secret-env", "HOME"], "say which kind of sender it is: --kind "),
        (["stripe-1", "--url", "http://127.0.0.1:9"], "nobody answers at http://127.0.0.1:9/webhooks/stripe-1"),
    ],
)
def test_wrong_words_are_one_line(ledgerhook: Shell, place: Path, words: list[str], line: str) -> None:
    first, *rest = words

    assert ledgerhook.fails("send", first, place / "order.json", *rest).startswith(line)


def test_the_doctor_finds_nothing_wrong(ledgerhook: Shell, place: Path) -> None:
    shown = ledgerhook.good("doctor")

    assert "✓  connection rehearsal-1  QUICKBOOKS, ready" in shown
    assert "✓  mapping of rehearsal-1  10 names, all in the books" in shown
    assert "in use by a running service" in shown


def test_a_start_after_a_crash_has_new_books_and_leaves_the_old_alone(ledgerhook: Shell, tmp_path: Path) -> None:
    first = start(tmp_path / "data")
    first.process.kill()
    first.process.wait(SECONDS)
    second = start(tmp_path / "data")

    standing = ledgerhook.json("status", "--data-dir", tmp_path / "data")["connections"]
    assert second.end() == 0

    assert "connection  rehearsal-2: " in second.said
    assert [(one["alias"], one["state"]) for one in standing] == [("rehearsal-1", "paused"), ("rehearsal-2", "ready")]
    ended = ledgerhook.json("status", "--data-dir", tmp_path / "data")["connections"]
    assert [one["state"] for one in ended] == ["paused", "paused"]
    for running in (first, second):
        assert running.process.stderr is not None
        running.process.stderr.close()


def test_beside_connections_of_ones_own_it_refuses(ledgerhook: Shell, tmp_path: Path) -> None:
    shop = new_shop(ledgerhook, tmp_path / "shop")
    words = [str(LEDGERHOOK), "up", "--sandbox", "--data-dir", str(shop.data_dir)]

    done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, env=_environment(), check=False)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("acme would be posted into the sandbox's books")
    assert "Traceback" not in done.stderr
