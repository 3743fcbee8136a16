"""Connecting in headless Chromium: the connect page, the sandbox's own Link window, the hosted page; nothing mocked."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.connecting.whole import TOKEN, Whole, whole
from tools.browser import click_and_close, find_browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


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
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def page(chromium: Browser, service: Whole) -> Iterator[Page]:
    """Signed in to the console; what a page's scripts or policy complain of fails the test."""
    context = chromium.new_context(base_url=service.console, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    trouble: list[str] = []
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.goto("/login?next=/connect")
    page.get_by_label("Admin token").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Connect books")).to_be_visible()
    yield page
    context.close()
    assert [said for said in trouble if "favicon" not in said and "409" not in said and "404" not in said] == []


def _name(page: Page, alias: str) -> None:
    form = page.locator("form[data-link]")
    form.get_by_label("Alias").fill(alias)
    form.get_by_label("Time zone").fill("America/New_York")


def _opened(page: Page) -> Page:
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Connect", exact=True).click()
    return popup.value


def test_a_click_through_link_brings_books_to_life(page: Page, service: Whole) -> None:
    _name(page, "acme")
    popup = _opened(page)
    popup.get_by_role("button", name="NetSuite").click()
    click_and_close(popup.get_by_role("button", name="Sign in and connect"))

    expect(page.get_by_role("heading", name="acme")).to_contain_text("ready")
    expect(page.locator(".steps")).to_contain_text("NETSUITE, kept in USD")
    assert "public_token" not in page.content()


def test_a_named_platform_and_a_taken_alias(page: Page, service: Whole) -> None:
    _name(page, "florist")
    page.get_by_label("Accounting system").select_option("xero")
    popup = _opened(page)
    click_and_close(popup.get_by_role("button", name="Sign in and connect"))
    expect(page.get_by_role("heading", name="florist")).to_contain_text("ready")

    page.goto("/connect")
    _name(page, "florist")
    page.get_by_label("Accounting system").select_option("zohobooks")
    popup = _opened(page)
    click_and_close(popup.get_by_role("button", name="Sign in and connect"))
    expect(page.locator("#said")).to_have_text("florist is connected already: choose another alias")
    _name(page, "florist-2")
    page.get_by_role("button", name="Go on").click()  # no second window: the public token was not spent
    expect(page.get_by_role("heading", name="florist-2")).to_contain_text("ready")
    expect(page.locator(".steps")).to_contain_text("ZOHOBOOKS")


def test_closing_the_window_is_said_and_forged_answers_are_not_heard(page: Page) -> None:
    _name(page, "nobody")
    popup = _opened(page)
    forged = """JSON.stringify({type: "SUCCESS", publicToken: "forged", nonce: "wrong"})"""
    popup.evaluate(f"window.opener.postMessage({forged}, '*')")
    page.evaluate(f"window.postMessage({forged}, '*')")
    expect(page.locator("#said")).to_contain_text("in the window that opened")
    click_and_close(popup.get_by_role("button", name="Cancel"))
    expect(page.locator("#said")).to_have_text("The window was closed before anything was linked.")


def test_a_link_is_sent_and_the_merchant_signs_in_there(page: Page, chromium: Browser) -> None:
    form = page.locator("form[action='/connect/link']")
    form.get_by_label("Alias").fill("bakery")
    form.get_by_label("Time zone").fill("Europe/Vienna")
    form.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("heading", name="bakery")).to_contain_text("waiting")
    address = page.locator(".send code").inner_text()

    merchant = chromium.new_page()
    merchant.goto(address)
    merchant.get_by_label("QuickBooks Online").check()
    merchant.get_by_role("button", name="Sign in").click()
    expect(merchant.get_by_role("heading", name="Signed in")).to_be_visible()
    merchant.close()
    expect(page.get_by_role("heading", name="bakery")).to_contain_text("ready", timeout=60_000)


def test_signing_in_again_restores_a_broken_connection(page: Page, service: Whole) -> None:
    _name(page, "harbour")
    page.get_by_label("Accounting system").select_option("quickbooks")
    click_and_close(_opened(page).get_by_role("button", name="Sign in and connect"))
    heading = page.get_by_role("heading", name="harbour")
    expect(heading).to_contain_text("ready")
    _break(service, "harbour")
    expect(heading).to_contain_text("needs update", timeout=60_000)
    expect(page.locator(".steps")).to_contain_text("Its owner must sign in again")
    expect(page.locator(".send")).to_be_visible(timeout=60_000)

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in", exact=True).click()
    hosted = opened.value
    expect(hosted.get_by_text("sign in anew")).to_be_visible()
    hosted.get_by_role("button", name="Sign in").click()
    expect(hosted.get_by_role("heading", name="Signed in")).to_be_visible()
    hosted.close()
    page.bring_to_front()
    expect(heading).to_contain_text("ready", timeout=60_000)


def test_only_the_connect_page_lets_openers_in(service: Whole) -> None:
    with httpx.Client(base_url=service.console, trust_env=False) as client:
        policies = {
            path: client.get(path).headers["cross-origin-opener-policy"] for path in ("/connect", "/login", "/")
        }
        assert policies == {"/connect": "same-origin-allow-popups", "/login": "same-origin", "/": "same-origin"}
        assert "script-src 'self';" in client.get("/connect").headers["content-security-policy"]
        assert client.post("/connect", data={"public_token": "x"}).status_code == 303
        client.post("/login", data={"token": TOKEN})
        assert client.post("/connect", data={"public_token": "x", "alias": "a", "time_zone": "UTC"}).status_code == 403


def _break(service: Whole, alias: str) -> None:
    """Its token is revoked in the accounting system, and Rutter tells."""
    with httpx.Client(base_url=service.console, headers={"authorization": f"Bearer {TOKEN}"}, trust_env=False) as api:
        listed = api.get("/api/connections").json()["connections"]
    [rutter_id] = [one["rutter_id"] for one in listed if one["alias"] == alias]
    asked = {"connection_id": rutter_id, "state": "needs_update"}
    assert (
        httpx.post(f"{service.sandbox.url}/_sandbox/connections/state", json=asked, trust_env=False).status_code == 200
    )
