"""One page of every template in a real browser: requests, errors, search, dark from the first paint, targets."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect

from tests.browser.test_layout import SCHEMES, TOO_WIDE

pytestmark = pytest.mark.browser

TEMPLATES = {
    "home": "",
    "section": "attention/",
    "content": "attention/flash-attention/",
    "models": "models/comparison/",
    "paths": "paths/",
    "path": "paths/from-scratch/",
    "questions": "questions/",
    "errata": "errata/",
    "section's errata": "errata/attention/",
    "references": "references/",
    "glossary": "glossary/",
    "tags": "tags/",
    "graph": "graph/",
    "contributing": "contributing/",
    "missing": "no/such/page",
}
WIDTHS = (320, 390, 768, 1440)


def _search(page: Page, query: str) -> None:
    box = page.get_by_role("textbox", name="搜索", exact=True)
    box.fill(query)
    # Material reads the box when a key is let go, as it is at the end of any way of typing.
    box.press("End")


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_fits_asks_no_other_host_and_logs_no_error(browser: Browser, address: str, template: str) -> None:
    """At every width and in both schemes: nothing wider than the window, no failed request, nothing in the console."""
    # With the worker, which asks for more than the page; without what is still moving after a change of width.
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    outside: list[str] = []
    failed: list[str] = []
    logged: list[str] = []
    requested: list[str] = []

    def request(request: Request) -> None:
        requested.append(request.url)
        if not request.url.startswith((address, "data:", "blob:")):
            outside.append(request.url)

    def response(response: Response) -> None:
        if response.status >= 400 and not response.url.endswith(TEMPLATES["missing"]):
            failed.append(f"{response.status} {response.url}")

    def console(message: ConsoleMessage) -> None:
        # Chromium logs the status of the missing page itself.
        if message.type in ("error", "warning") and not message.location.get("url", "").endswith(TEMPLATES["missing"]):
            logged.append(message.text)

    context.on("request", request)
    context.on("response", response)
    context.on("requestfailed", lambda request: failed.append(request.url))
    page.on("console", console)
    page.on("pageerror", lambda error: logged.append(str(error)))

    page.goto(address + TEMPLATES[template], wait_until="networkidle")
    page.evaluate("document.querySelectorAll('article details').forEach(details => details.open = true)")
    # What is left out far from the screen would be laid out piece by piece, by each question about it.
    style = page.add_style_tag(content="* { content-visibility: visible !important }")
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES.values():
            page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
            faults += [(width, scheme, fault) for fault in page.evaluate(TOO_WIDE)]
    assert faults == []
    style.evaluate("style => style.remove()")

    # What a reader touches: the colour switch, the search with its worker, the end of the page.
    page.locator("label[for^=__palette]:visible").click()
    _search(page, "注意力")
    # How quickly it answers is asked elsewhere; here the worker of the site is being installed, too.
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")

    assert any("search" in url and "worker" in url for url in requested)
    assert (outside, failed, logged) == ([], [], [])
    context.close()


@pytest.mark.parametrize(
    ("query", "expected"), [("注意力", "attention/"), ("GQA", "attention/gqa/"), ("gqa", "attention/gqa/")]
)
def test_search_finds_the_page(page: Page, address: str, query: str, expected: str) -> None:
    page.goto(address)
    _search(page, query)
    first = page.locator(".md-search-result__item a").first
    expect(first).to_be_visible()
    assert unquote(str(first.get_attribute("href"))).partition("?")[0].startswith(address + expected)


def test_the_form_of_the_home_page_opens_the_search(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("GQA")
    page.keyboard.press("Enter")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    expect(page.locator(".md-search-result__item").first).to_contain_text("GQA")


BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.parametrize(
    ("system", "chosen", "scheme"),
    [
        ("dark", None, "slate"),
        ("light", None, "default"),
        ("light", "dark", "slate"),
        ("dark", "light", "default"),
    ],
)
def test_the_scheme_is_set_before_the_first_paint(
    browser: Browser, address: str, system: str, chosen: str | None, scheme: str
) -> None:
    context = browser.new_context(color_scheme="dark" if system == "dark" else "light", service_workers="block")
    page = context.new_page()
    if chosen:
        page.goto(address)
        page.locator("label[for=__palette_1]:visible").click()
        if chosen == "dark":
            page.locator("label[for=__palette_2]:visible").click()
    # The switch sets the scheme too, but after the page was painted: without it, only what comes in time counts.
    page.route("**/scheme.js", lambda route: route.abort())
    page.goto(address + "attention/gqa/", wait_until="domcontentloaded")
    assert page.evaluate("document.body.dataset.mdColorScheme") == scheme
    dark = sum(map(int, page.evaluate(BACKGROUND).removeprefix("rgb(").removesuffix(")").split(","))) < 3 * 64
    assert dark == (scheme == "slate")
    context.close()


def test_a_target_stands_below_the_header_and_is_marked(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address + "attention/gqa/#mqa")
    heading = page.locator("#mqa")
    header = page.locator(".md-header").bounding_box()
    box = heading.bounding_box()
    assert header
    assert box
    assert header["y"] + header["height"] <= box["y"] < 300
    assert heading.evaluate("e => getComputedStyle(e).backgroundColor") not in (
        "rgba(0, 0, 0, 0)",
        page.evaluate(BACKGROUND),
    )


def test_motion_is_reduced_where_the_reader_wants_it(page: Page, address: str) -> None:
    longest = """() => Math.max(...[...document.querySelectorAll("*")].flatMap(e => {
        const style = getComputedStyle(e);
        return [...style.transitionDuration.split(","), ...style.animationDuration.split(",")].map(parseFloat);
    }))"""
    page.goto(address + "attention/gqa/")
    assert page.evaluate(longest) > 0.1
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(longest) <= 0.001
