"""What the pages say about the small day."""

import re

import httpx
import pytest

from schemas.connections import ConnectionState
from service.trail import connection_moves
from tests.console.conftest import Console
from tests.console.stage import PLANTED, TOKEN, XSS, order

STORY = "/orders/story?connection=acme&namespace=store&order="
EVERY: tuple[str, ...] = ("/", "/parked", "/documents", "/orders", "/tie-out", "/connections", "/deliveries?id=d-0001")
EVERY += (
    STORY + "1001",
    STORY + "1002",
    STORY + "1004",
    STORY + "1005",
    "/orders?text=" + XSS,
    "/documents?text=" + XSS,
)
EVERY += ("/?told=" + XSS, "/deliveries?id=d-0014")


def text_of(html: str) -> str:
    """What a reader reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1].split(">", 1)[1]).split())


@pytest.mark.parametrize("path", EVERY)
def test_foreign_text_is_escaped_and_secrets_stay_inside(reader: httpx.Client, path: str) -> None:
    page = reader.get(path)
    assert page.status_code == 200
    assert XSS not in page.text
    assert PLANTED not in page.text
    assert TOKEN not in page.text
    assert len(re.findall("<script", page.text)) == 1
    assert 'style="' not in page.text


def test_planted_text_does_show(reader: httpx.Client) -> None:
    """Else the test above would prove nothing."""
    shown = "&lt;script&gt;alert(&#39;ada&#39;)&lt;/script&gt;"
    for path in ("/parked", STORY + "1002", "/deliveries?id=d-0014"):
        assert shown in reader.get(path).text
    assert "[secret]" in reader.get("/deliveries?id=d-0001").text


def test_the_overview_counts(reader: httpx.Client) -> None:
    said = text_of(reader.get("/").text)
    assert "Waits for a person 4 Held, waits by itself 2 On its way 3 Not answered yet 1 Done 4" in said
    assert "nordic needs update the merchant&#39;s sign-in ended XERO never 1 0 0 0 0" in said
    assert "shop shopify acme 4 min ago 7 1 1" in said
    assert "published to Kafka cloudevents any 4 min ago 1 0 0" in said


def test_parked_says_cause_cure_and_what_is_held_behind(reader: httpx.Client) -> None:
    said = text_of(reader.get("/parked").text)
    assert "unmapped item: item SHIRT-M acme · 2 events · 2 held behind · since 4 min ago 1,245.00 USD" in said
    assert (
        "Cure map it: [connections.items.by_sku] &#34;SHIRT-M&#34; = &#34;Shirts&#34;, then apply and release" in said
    )
    assert "written different: invoice:1005 acme · 1 event · since 4 min ago 25.99 USD" in said
    assert "d-0014 shop $.line_items[0].price not a decimal number" in said
    assert "unmapped" not in text_of(reader.get("/parked?connection=nordic").text)


def test_a_story_is_told_from_delivery_to_document(reader: httpx.Client) -> None:
    said = text_of(reader.get(STORY + "1001").text)
    path = [
        "Delivered by shop",
        "order.completed 30.58 USD",
        "Told again: fuller",
        "Delivered by till",
        "payment.received 30.58 USD",
        "Customer sent to Rutter",
        "Customer: in the books",
        "Invoice sent to Rutter 30.58 USD",
        "item SHIRT-M: code equals the sku",
        "Invoice: in the books with 30.58 USD",
        "Invoice payment sent to Rutter 30.58 USD",
        "Invoice payment: in the books with 30.58 USD",
        "refund.issued 12.79 USD",
        "Credit memo: in the books with 12.79 USD",
    ]
    places = [said.index(step) for step in path]
    assert places == sorted(places)
    assert "Idempotency-Key 9224e97b-fc37-4268-95c0-9ec0a06481aa" in said


def test_a_story_says_what_it_waits_for(reader: httpx.Client) -> None:
    parked = text_of(reader.get(STORY + "1002").text)
    assert "order:1002 1,200.00 USD parked unmapped item: item SHIRT-M" in parked
    assert "payment:pi_2 1,200.00 USD held invoice:1002 the invoice of order 1002 is not in the books yet" in parked
    doubted = text_of(reader.get(STORY + "1004").text)
    assert "Invoice: answer unknown no answer within 45 s" in doubted
    different = text_of(reader.get(STORY + "1005").text)
    assert "invoice invoice:1005 written different" in different
    assert "25.99 USD 26.00 USD" in different


@pytest.mark.parametrize(
    "text",
    ["1001", "#1001", "order:1001", "payment:pi_1", "pi_1", "re_1", "invoice:1001", "LH-1001", "R-2-1", "d-0002",
     "9224e97b-fc37-4268-95c0-9ec0a06481aa"],
)  # fmt: skip
def test_a_story_is_found_by_whatever_is_in_hand(reader: httpx.Client, text: str) -> None:
    found = reader.get("/orders", params={"text": text})
    assert found.url.path == "/orders/story"
    assert "Order #1001" in text_of(found.text)


def test_nothing_is_found_by_half_an_id(reader: httpx.Client) -> None:
    assert "Nothing is named exactly that." in reader.get("/orders?text=100").text
    assert reader.get(STORY + "no").status_code == 404


def test_documents_are_filtered(reader: httpx.Client) -> None:
    def keys(query: str) -> list[str]:
        return re.findall(r'class="key"[^>]*>([^<]*)<', reader.get("/documents?" + query).text)

    invoices = ["invoice:2001", "invoice:1005", "invoice:1004", "invoice:1001"]
    assert keys("") == [*invoices[:3], "credit_memo:re_1", "payment:pi_1", "invoice:1001", "customer:c-9:USD"]
    assert keys("kind=invoice") == invoices
    assert keys("kind=invoice&state=in_doubt") == ["invoice:1004"]
    assert keys("text=lh-cm") == ["credit_memo:re_1"]
    assert keys("connection=nordic") == []
    assert keys("text=%25") == []


def test_amounts_have_their_currencys_decimals(reader: httpx.Client) -> None:
    said = text_of(reader.get("/tie-out").text)
    assert "Orders 1 500,000 1 500,000 0" in said
    assert "Orders 1 12.345 0 0.000 \N{MINUS SIGN}12.345 1 on its way \N{MINUS SIGN}12.345" in said


def test_the_tie_out_names_every_difference(reader: httpx.Client) -> None:
    said = text_of(reader.get("/tie-out?connection=acme").text)
    assert "acme JPY ties to the unit" in said
    assert "acme USD every difference explained" in said
    minus = "\N{MINUS SIGN}"
    orders = f"Orders 6 1,407.57 2 56.58 {minus}1,350.99"
    assert orders in said
    for reason in ("1 written different +0.01", f"2 on its way {minus}106.00", f"2 parked {minus}1,245.00"):
        assert reason in said
    assert f"Payments 2 1,230.58 1 30.58 {minus}1,200.00 1 held {minus}1,200.00" in said
    assert "Cash legs: 1 credit memo of refunded money, together 12.79 USD" in said
    assert "unexplained" not in said.split("acme USD")[1]


def test_addresses_and_refusals_are_shown_where_senders_need_them(reader: httpx.Client) -> None:
    said = text_of(reader.get("/connections").text)
    assert "https://hooks.example.com/webhooks/shop" in said
    assert "Refused since this process started: 3 \N{MULTIPLICATION SIGN} signature wrong" in said
    assert "The merchant signs in again at their Rutter Link page" in said


@pytest.mark.parametrize("path", ["/", "/parked", "/documents", "/orders", "/tie-out", "/connections"])
def test_an_empty_page_says_what_to_do(empty_console: Console, path: str) -> None:
    with httpx.Client(base_url=empty_console.url, follow_redirects=True) as client:
        client.post("/login", data={"token": TOKEN})
        page = client.get(path)
    assert page.status_code == 200
    assert 'class="empty"' in page.text


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=" + "9" * 40, "text=" + "x" * 600, "text=%00"])
def test_absurd_questions_get_a_plain_answer(reader: httpx.Client, query: str) -> None:
    assert reader.get("/documents?" + query).status_code == 400


def test_a_connection_is_paused_and_resumed_by_hand_alone(visitor: httpx.Client, console: Console) -> None:
    csrf = visitor.get("/connections").text.split('name="csrf" value="')[1].split('"')[0]
    fields = {"csrf": csrf, "connection": "acme"}

    paused = visitor.post("/connections/pause", data=fields)
    console.stage.run(
        lambda c: connection_moves.move(
            c, "acme", ConnectionState.NEEDS_UPDATE, "password changed", console.stage.clock.at
        )
    )

    assert "acme is paused" in paused.text
    page = visitor.get("/connections").text
    assert "by hand, in the console" in page
    assert "password changed" in page
    assert visitor.post("/connections/pause", data={"connection": "acme"}).status_code == 403
    assert visitor.post("/connections/resume", data=fields | {"connection": "nowhere"}).status_code == 404
    assert "acme is resumed, and needs update." in visitor.post("/connections/resume", data=fields).text
    assert "acme was not paused." in visitor.post("/connections/resume", data=fields).text


def test_events_of_a_connection_that_nobody_declared_are_named(visitor: httpx.Client, console: Console) -> None:
    assert "unknown connection" not in visitor.get("/").text
    console.stage.deliver(order("9", 100).model_copy(update={"connection": XSS}), source=None)
    console.stage.deliver(order("9", 100).model_copy(update={"connection": "nova"}), source=None)
    page = visitor.get("/").text
    assert "Events for the unknown connection nova : 1 waiting." in text_of(page)
    assert XSS not in page
