"""面试题库 in a browser: filters, answers, repetition that is kept, exported and imported; keyboard, phone, disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

KEY = "handbook-questions"


@pytest.fixture
def bank(page: Page, address: str) -> Page:
    page.goto(address + "questions/")
    expect(page.locator(".question-tools")).to_be_visible()
    return page


def test_the_filters_leave_what_they_say(bank: Page) -> None:
    shown = bank.locator("li[data-id]:visible")
    total = shown.count()
    bank.select_option("[name=section]", index=1)
    section = bank.locator("[name=section]").input_value()
    assert 0 < shown.count() < total
    assert bank.locator(".question-group:visible").evaluate_all("all => all.map(one => one.dataset.section)") == [
        section
    ]
    bank.fill("[name=text]", "梯度")
    assert all("梯度" in text for text in shown.all_inner_texts())
    bank.fill("[name=text]", "绝没有这几个字")
    assert shown.count() == 0
    expect(bank.locator(".question-count")).to_contain_text("0 道题")


def test_a_review_by_keyboard_is_remembered(bank: Page, address: str) -> None:
    bank.get_by_role("button", name="开始复习").click()
    card = bank.locator(".question-card")
    title = card.locator(".question-title").inner_text()
    bank.keyboard.press("Space")
    expect(card.locator(".question-grades button")).to_have_count(4)
    assert len(card.locator(".question-answer").inner_text()) > 20
    bank.keyboard.press("4")
    expect(card.locator(".question-title")).not_to_have_text(title)
    bank.keyboard.press("Escape")
    expect(card).to_be_hidden()
    saved = json.loads(bank.evaluate("key => localStorage.getItem(key)", KEY))
    assert next(iter(saved["cards"].values()))["reps"] == 1
    bank.goto(address + "questions/")
    expect(bank.locator(".question-count")).to_contain_text("做过 1 道")


def test_progress_leaves_and_comes_back(bank: Page, tmp_path: Path) -> None:
    bank.get_by_role("button", name="开始复习").click()
    bank.keyboard.press("Space")
    expect(bank.locator(".question-grades button")).to_have_count(4)
    bank.keyboard.press("3")
    bank.keyboard.press("Escape")
    with bank.expect_download() as download:
        bank.get_by_role("button", name="导出进度").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    bank.evaluate("() => localStorage.clear()")
    bank.reload()
    expect(bank.locator(".question-count")).to_contain_text("做过 0 道")
    with bank.expect_file_chooser() as chooser:
        bank.get_by_role("button", name="导入进度").click()
    chooser.value.set_files(file)
    expect(bank.locator(".question-count")).to_contain_text("读入 1 道")


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"format": 9, "cards": {}}', "<script>"])
def test_a_strange_file_harms_nothing(bank: Page, tmp_path: Path, text: str) -> None:
    file = tmp_path / "strange.json"
    file.write_text(text, "utf-8")
    with bank.expect_file_chooser() as chooser:
        bank.get_by_role("button", name="导入进度").click()
    chooser.value.set_files(file)
    expect(bank.locator(".question-count")).to_contain_text("读不进来")
    assert bank.evaluate("key => localStorage.getItem(key)", KEY) is None


def test_what_is_saved_of_questions_that_are_gone_stays(page: Page, address: str) -> None:
    """An update of the site may drop a question; its progress is kept, and the page works."""
    gone = {"due": "2030-01-01T00:00:00.000Z", "stability": 3, "difficulty": 5, "reps": 2, "state": 2}
    saved = json.dumps({"format": 1, "cards": {"q-gone": gone}})
    page.goto(address)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, saved])
    page.goto(address + "questions/")
    page.get_by_role("button", name="开始复习").click()
    page.keyboard.press("Space")
    expect(page.locator(".question-grades button")).to_have_count(4)
    page.keyboard.press("3")
    expect(page.locator(".question-grades button")).to_have_count(0)
    assert "q-gone" in json.loads(page.evaluate("key => localStorage.getItem(key)", KEY))["cards"]


def test_a_link_to_a_question_opens_it(page: Page, address: str) -> None:
    page.goto(address + "questions/")
    link = page.locator("li[data-id] a").first
    anchor = link.evaluate("link => link.hash")
    link.click()
    expect(page.locator(f"details{anchor}")).to_have_attribute("open", "")


def test_it_works_from_the_disk_but_for_the_answers(browser: Browser, site: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((site / "questions/index.html").as_uri())
    # Modules are not loaded from the disk: the list and its links are what there is.
    assert page.locator("li[data-id]").count() > 100
    context.close()


def test_it_fits_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, service_workers="block")
    page = context.new_page()
    page.goto(address + "questions/")
    page.get_by_role("button", name="随机抽一题").click()
    expect(page.locator(".question-card")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for box in page.locator(".question-tools button, .question-card button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    ):
        assert box >= 44
    context.close()
