"""Rutter Link played by the sandbox, in headless Chromium: popup, message, exchange, and signing in anew."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sandbox.server import Sandbox, running_sandbox
from tools.browser import click_and_close, find_browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]

MERCHANT_PAGE = """<!doctype html><title>Shop</title><script src="{sandbox}/_sandbox/link.js"></script>
<button id="any">Connect</button><button id="xero">Connect Xero</button><output></output><script>
const told = [];
const say = (what) => {{ told.push(what); document.querySelector("output").textContent = told.join(" "); }};
const link = Rutter.create({{publicKey: "{key}", onSuccess: (token) => say(`token:${{token}}`), onExit: say}});
document.querySelector("#any").onclick = () => link.open();
document.querySelector("#xero").onclick = () => link.open({{platform: "xero"}});
</script>"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = find_browser()
    if found.path is None:
        pytest.skip(found.reason)
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def played() -> Iterator[Sandbox]:
    """A sandbox in a thread of its own: Playwright's blocking interface leaves no loop to share."""
    started: list[Sandbox] = []
    ready, loop, over = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def run() -> None:
        async with running_sandbox() as sandbox:
            started.append(sandbox)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    assert ready.wait(20)
    yield started[0]
    loop.call_soon_threadsafe(over.set)
    thread.join(20)
    loop.close()


@pytest.fixture
def api(played: Sandbox) -> Iterator[httpx.Client]:
    settings = played.settings
    auth, headers = (settings.client_id, settings.client_secret), {"x-rutter-version": "2024-08-31"}
    with httpx.Client(base_url=played.url, auth=auth, headers=headers, trust_env=False) as client:
        client.post("/_sandbox/reset")
        yield client


@contextmanager
def _merchant(sandbox: Sandbox) -> Iterator[str]:
    """The page of an application that embeds Link, from another origin, with the header Link asks for."""
    body = MERCHANT_PAGE.format(sandbox=sandbox.url, key=sandbox.settings.public_key).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.send_header("cross-origin-opener-policy", "same-origin-allow-popups")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def merchant(chromium: Browser, played: Sandbox) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    trouble: list[str] = []
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    with _merchant(played) as url:
        page.goto(url)
        yield page
        context.close()
    assert [said for said in trouble if "favicon" not in said and "404" not in said] == []


def _popup(merchant: Page, button: str) -> Page:
    with merchant.expect_popup() as opened:
        merchant.locator(button).click()
    return opened.value


def test_a_click_through_the_window_links_a_company(merchant: Page, api: httpx.Client, played: Sandbox) -> None:
    api.post("/_sandbox/link_defaults", json={"currencies": ["EUR", "USD"], "home_currency": "EUR"})
    popup = _popup(merchant, "#any")
    expect(popup.get_by_role("heading", name="Which system are your books in?")).to_be_visible()
    popup.get_by_role("button", name="NetSuite").click()
    with popup.expect_event("close"):
        click_and_close(popup.get_by_role("button", name="Sign in and connect"))

    output = merchant.locator("output")
    expect(output).to_contain_text("token:")
    token = (output.text_content() or "").removeprefix("token:")
    settings = played.settings
    asked = {"client_id": settings.client_id, "secret": settings.client_secret, "public_token": token}
    told = api.post("/versioned/item/public_token/exchange", json=asked).json()
    assert (told["platform"], told["is_ready"]) == ("NETSUITE", True)
    query = {"access_token": told["access_token"]}
    info = api.get("/versioned/accounting/company_info", params=query).json()["company_info"]
    assert info["currency_code"] == "EUR"


def test_a_named_platform_goes_straight_to_its_sign_in(merchant: Page, api: httpx.Client) -> None:
    popup = _popup(merchant, "#xero")
    expect(popup.get_by_role("heading", name="Sign in to Xero")).to_be_visible()
    popup.get_by_role("button", name="Another system").click()
    expect(popup.get_by_role("button", name="Zoho Books")).to_be_visible()
    popup.close()
    expect(merchant.locator("output")).to_have_text("MERCHANT_CLOSED")
    assert api.get("/versioned/connections", params={"status": "any"}).json()["connections"] == []


@pytest.mark.usefixtures("api")
def test_cancelling_is_told_once_and_it_can_be_opened_again(merchant: Page) -> None:
    for told in ("MERCHANT_CLOSED", "MERCHANT_CLOSED MERCHANT_CLOSED"):
        popup = _popup(merchant, "#any")
        click_and_close(popup.get_by_role("button", name="Cancel"))
        expect(merchant.locator("output")).to_have_text(told)


@pytest.mark.usefixtures("api")
def test_a_message_of_another_window_or_nonce_is_not_heard(merchant: Page) -> None:
    forged = """JSON.stringify({type: "SUCCESS", publicToken: "forged", nonce: "wrong"})"""
    popup = _popup(merchant, "#any")
    popup.evaluate(f"window.opener.postMessage({forged}, '*')")
    merchant.evaluate(f"window.postMessage({forged.replace('SUCCESS', 'EXIT')}, '*')")
    click_and_close(popup.get_by_role("button", name="Cancel"))

    expect(merchant.locator("output")).to_have_text("MERCHANT_CLOSED")


def test_the_hosted_page_lets_the_user_choose_and_sign_in(chromium: Browser, api: httpx.Client) -> None:
    made = api.post("/versioned/connections/create", json={}).json()["connection"]
    listed = api.get("/versioned/connections").json()["connections"]
    assert [(one["platform"], one["status"]) for one in listed] == [(None, "not_ready")]
    page = chromium.new_page()
    page.goto(made["link_url"])
    page.get_by_label("Xero").check()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Signed in")).to_be_visible()
    listed = api.get("/versioned/connections").json()["connections"]
    assert [(one["platform"], one["status"]) for one in listed] == [("XERO", "active")]
    page.close()


def test_the_hosted_page_signs_in_anew(chromium: Browser, api: httpx.Client) -> None:
    company = api.post("/_sandbox/connections", json={"platform": "SAGE_INTACCT"}).json()
    state = {"connection_id": company["connection_id"], "state": "needs_update"}
    api.post("/_sandbox/connections/state", json=state)
    (broken,) = api.get("/versioned/connections", params={"status": "needs_reauth"}).json()["connections"]
    page = chromium.new_page()
    page.goto(broken["link_url"])
    expect(page.get_by_text("sign in anew")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Signed in")).to_be_visible()
    query = {"access_token": company["access_token"]}
    status = api.get("/versioned/connections/status", params=query).json()["status"]
    assert (status["is_healthy"], status["needs_update_status"]) == (True, {"needs_update": False})
    page.close()


@pytest.mark.parametrize(
    ("key", "query", "status"),
    [
        ("sandbox_pk_other", "token=sandbox_pk_other&origin=http://a.example&nonce=abcde", 401),
        (None, "token=x&origin=http://a.example&nonce=abcde", 400),
        (None, "token={key}&origin=javascript:alert(1)&nonce=abcde", 400),
        (None, "token={key}&origin=http://a.example", 400),
        (None, "token={key}&origin=http://a.example&nonce=%22%3E%3Cscript%3E", 200),
    ],
)
def test_addresses_of_the_window(api: httpx.Client, played: Sandbox, key: str | None, query: str, status: int) -> None:
    public_key = key or played.settings.public_key
    answer = api.get(f"/linkstart/{public_key}?{query.format(key=public_key)}")

    assert (answer.status_code, '"><script>' in answer.text) == (status, False)
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "cross-origin-opener-policy" not in answer.headers
