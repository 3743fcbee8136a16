"""The console in headless Chromium: signing in, releasing, a story, a phone."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from service.trail import due
from tests.console.conftest import Console
from tests.console.stage import TOKEN, UNMAPPED, XSS, order
from tools.browser import find_browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
PAGES = ("/", "/parked", "/documents", "/orders", "/tie-out", "/connections", "/deliveries?id=d-0001")
STORY = "/orders/story?connection=acme&namespace=store&order="


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


@pytest.fixture
def page(chromium: Browser, console: Console) -> Iterator[Page]:
    """At the login of the console, on a laptop; what a page's scripts or policy complain of fails the test."""
    yield from _opened(chromium, console, 1280, 800)


@pytest.fixture
def phone(chromium: Browser, console: Console) -> Iterator[Page]:
    yield from _opened(chromium, console, 390, 844)


def _opened(chromium: Browser, console: Console, width: int, height: int) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": width, "height": height}, base_url=console.url)
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: trouble.append(f"dialog: {dialog.message}"))
    page.goto("/login")
    yield page
    context.close()
    assert [said for said in trouble if "401" not in said] == []


def sign_in(page: Page, token: str = TOKEN) -> None:
    page.get_by_label("Admin token").fill(token)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_and_out(page: Page) -> None:
    sign_in(page, "not-the-admin-token")
    expect(page.get_by_role("alert")).to_have_text("That is not the admin token.")
    sign_in(page)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Admin token")).to_be_visible()
    page.goto("/parked")
    expect(page.get_by_label("Admin token")).to_be_visible()


def test_a_parked_group_is_released(page: Page, console: Console) -> None:
    sign_in(page)
    page.get_by_role("link", name="Parked").first.click()
    group = page.locator(".group", has_text="item SHIRT-M")
    expect(group).to_contain_text("map it:")
    expect(group).to_contain_text("2 held behind")
    expect(group).to_contain_text(XSS)
    group.get_by_role("button", name="Release all 2").click()
    expect(page.get_by_role("status")).to_have_text("Released 2 events: due now.")
    expect(page.locator(".group")).to_have_count(1)
    ready = console.stage.read(lambda c: due.due(c, "acme", 100, console.stage.clock.at))
    assert {one.event.key for one in ready} >= {"order:1002", "order:1003"}


def test_one_event_is_released_from_its_story(page: Page) -> None:
    sign_in(page)
    page.get_by_role("searchbox").fill("#1002")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", name="Order #1002")).to_be_visible()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("status")).to_have_text("Released 1 event: due now.")
    expect(page.get_by_role("heading", name="Order #1002")).to_be_visible()
    expect(page.locator("tr", has_text="order:1002")).to_contain_text("on its way")


def test_a_story_shows_the_whole_path(page: Page) -> None:
    sign_in(page)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.goto(STORY + "1001")
    steps = page.locator(".path .what").all_inner_texts()
    assert steps[0].startswith("Delivered by shop")
    assert steps[-1].startswith("Credit memo: in the books with 12.79 USD")
    assert sum(step.startswith("Invoice: in the books") for step in steps) == 1
    page.get_by_role("link", name="open").first.click()
    expect(page.locator("pre.body")).to_contain_text('"access_token": "[secret]"')


def test_the_overview_renews_itself(page: Page, console: Console) -> None:
    page.clock.install()
    sign_in(page)
    expect(page.locator(".figures .person dd")).to_have_text("4")
    console.stage.pass_(minutes=2)
    page.mouse.click(700, 5)
    page.clock.fast_forward(16_000)
    expect(page.locator("footer")).to_contain_text("12:06:")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_only_down(phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    sign_in(phone)
    expect(phone.get_by_role("heading", name="Overview")).to_be_visible()
    for path in (*PAGES, STORY + "1001", STORY + "1002", STORY + "1005"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") == 390, path


def test_long_ids_break_no_page(page: Page, phone: Page, console: Console) -> None:
    long = "W" * 250
    console.stage.deliver(order(long, 99_999_999_999, customer="N" * 300))
    console.stage.work("acme", f"order:{long}").park(replace(UNMAPPED, subject=f"item {long}", detail=long, cure=long))
    for shown, width in ((page, 1280), (phone, 390)):
        sign_in(shown)
        expect(shown.get_by_role("heading", name="Overview")).to_be_visible()
        for path in ("/", "/parked", "/orders", "/tie-out", STORY + long, "/orders?text=" + long + "x"):
            shown.goto(path)
            assert shown.evaluate("document.documentElement.scrollWidth") == width, path[:40]


def test_screenshots(page: Page, phone: Page, request: pytest.FixtureRequest) -> None:
    """Kept for people where LEDGERHOOK_TEST_SCREENSHOTS names a folder; always proves that the pages can be drawn."""
    folder = os.environ.get("LEDGERHOOK_TEST_SCREENSHOTS")
    for name, shown in (("laptop", page), ("phone", phone)):
        sign_in(shown)
        expect(shown.get_by_role("heading", name="Overview")).to_be_visible()
        for what, path in (
            ("overview", "/"),
            ("parked", "/parked"),
            ("story", STORY + "1001"),
            ("tie-out", "/tie-out"),
        ):
            shown.goto(path)
            drawn = shown.screenshot(full_page=True)
            assert drawn.startswith(b"\x89PNG")
            if folder:
                Path(folder, f"{what}-{name}.png").write_bytes(drawn)
