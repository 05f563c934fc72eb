"""The search box in headless Chromium: keys, what it shows, what it keeps, addresses, without a server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def box(page: Page) -> str:
    """What stands in the search box."""
    return page.locator(".md-search__input").input_value()


@pytest.mark.parametrize("key", ["/", "s", "Control+k"])
def test_a_key_opens_the_box(home: Page, key: str) -> None:
    home.keyboard.press(key)
    expect(home.locator(".md-search__input")).to_be_focused()
    expect(home.locator("#__search")).to_be_checked()
    assert box(home) == ""
    home.keyboard.type("s/f")
    assert box(home) == "s/f"
    home.keyboard.press("Escape")
    expect(home.locator("#__search")).not_to_be_checked()
    expect(home.locator(".md-search__input")).not_to_be_focused()


def test_nothing_is_loaded_before_the_box_is_used(page: Page, address: str) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert not any("assets/search/" in url and not url.endswith(("search.js", "search.css")) for url in requested)
    page.locator(".md-search__input").focus()
    page.evaluate("siteSearch('注意力')")
    assert [worker.url for worker in page.workers] == [f"{address}assets/search/worker.js"]


def test_results_come_while_typing_and_keys_walk_them(home: Page, address: str) -> None:
    home.keyboard.press("/")
    home.keyboard.type("分组查询")
    first = home.locator(".md-search-result__item a").first
    expect(first).to_be_visible()
    assert unquote(str(first.get_attribute("href"))).startswith(f"{address}attention/gqa/")
    home.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    home.keyboard.press("ArrowDown")
    expect(home.locator(".md-search-result__item a").nth(1)).to_be_focused()
    home.keyboard.press("ArrowUp")
    home.keyboard.press("ArrowUp")
    expect(home.locator(".md-search__input")).to_be_focused()
    home.keyboard.press("ArrowDown")
    home.keyboard.press("Enter")
    home.wait_for_url(f"{address}attention/gqa/**")


def test_a_result_keeps_the_focus_when_results_come_again(home: Page) -> None:
    field = home.locator(".md-search__input")
    field.fill("分组查询")
    first = home.locator(".md-search-result__item a").first
    first.focus()

    def search_again() -> None:
        home.evaluate("document.querySelectorAll('.md-search-result__item').forEach(row => row.dataset.old = '')")
        field.dispatch_event("input")
        expect(home.locator("[data-old]")).to_have_count(0)

    search_again()
    expect(first).to_be_focused()
    field.evaluate("field => field.value = 'qqqqzzzz'")
    search_again()
    expect(field).to_be_focused()


def test_enter_opens_the_best_result_and_the_page_shows_the_query(home: Page, address: str) -> None:
    home.keyboard.press("/")
    home.keyboard.type("GQA")
    home.keyboard.press("Enter")
    home.wait_for_url(f"{address}attention/gqa/?h=gqa")
    mark = home.locator("article mark[data-md-highlight]").first
    expect(mark).to_have_text("GQA")


def test_matches_are_marked_and_counted(home: Page) -> None:
    home.locator(".md-search__input").fill("旋转位置编码")
    item = home.locator(".md-search-result__item").first
    expect(item.locator("h1 mark")).to_have_text("旋转位置编码")
    expect(item.locator("p mark").first).to_be_visible()
    expect(home.locator(".md-search-result__meta")).to_contain_text("个符合条件的结果")


def test_a_mended_word_is_told(home: Page) -> None:
    home.locator(".md-search__input").fill("flash atention")
    expect(home.locator(".md-search-result__meta")).to_contain_text("已按 attention 查找")


def test_the_empty_state_suggests(home: Page) -> None:
    field = home.locator(".md-search__input")
    field.focus()
    popular = home.locator(".search-hint", has_text="常看的概念").get_by_role("button")
    expect(popular.first).to_be_visible()
    field.fill("qqqqzzzz")
    expect(home.locator(".md-search-result__meta")).to_have_text("没有找到符合条件的结果")
    expect(popular.first).to_be_visible()
    name = popular.first.inner_text()
    popular.first.click()
    assert box(home) == name
    expect(home.locator(".md-search-result__item").first).to_be_visible()


def test_a_near_miss_is_asked_back(home: Page) -> None:
    home.locator(".md-search__input").fill("旋传位值编玛")
    expect(home.locator(".search-hint", has_text="你要找的是不是").get_by_role("button").first).to_be_visible()


def test_opened_searches_are_kept_here_and_can_be_cleared(home: Page, address: str) -> None:
    field = home.locator(".md-search__input")
    field.fill("GQA")
    home.locator(".md-search-result__item a").first.click()
    home.wait_for_url("**/attention/gqa/**")
    field.focus()
    recent = home.locator(".search-hint", has_text="最近搜过")
    expect(recent.get_by_role("button").first).to_have_text("GQA")
    recent.get_by_role("button", name="清除").click()
    expect(recent).to_have_count(0)


def test_an_address_with_q_opens_the_search(page: Page, address: str) -> None:
    page.goto(f"{address}attention/?q=RoPE")
    expect(page.locator(".md-search-result__item a").first).to_be_visible()
    assert box(page) == "RoPE"
    expect(page.locator("[data-clipboard-text]").first).to_have_attribute(
        "data-clipboard-text", f"{address}attention/?q=RoPE"
    )
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{address}attention/")


def test_half_typed_names_are_completed(home: Page) -> None:
    field = home.locator(".md-search__input")
    field.fill("分组查")
    expect(home.locator(".md-search__suggest")).to_have_text("分组查询注意力")
    field.press("End")
    field.press("ArrowRight")
    assert box(home) == "分组查询注意力"


def test_more_results_are_shown_on_demand(home: Page) -> None:
    home.locator(".md-search__input").fill("注意力")
    items = home.locator(".md-search-result__item")
    expect(items).to_have_count(10)
    home.locator(".search-more").click()
    expect(items.nth(10)).to_be_visible()


def test_it_works_from_the_disk(browser: Browser, site: Path) -> None:
    """The site is built to be served: its pages are opened as files, as someone does who downloads it."""
    page = browser.new_page(service_workers="block")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site.as_uri()}/attention/gqa/index.html")
    assert page.evaluate("siteSearch('MLA').then(rows => rows[0].url)") == "attention/mla/"
    page.locator(".md-search__input").fill("旋转位置编码")
    expect(page.locator(".md-search-result__item a").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/position/rope/index.html?h=*")
    expect(page.locator("article mark[data-md-highlight]").first).to_be_visible()
    assert errors == []
    page.close()


def test_it_works_on_a_phone(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, service_workers="block")
    page.goto(address)
    page.locator(".md-header__button[for=__search]").click()
    page.locator(".md-search__input").fill("GQA")
    result = page.locator(".md-search-result__item a").first
    expect(result).to_be_visible()
    shape = result.bounding_box()
    assert shape and shape["width"] <= 390
    result.click()
    page.wait_for_url(f"{address}attention/gqa/**")
    page.close()
