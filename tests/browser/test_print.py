"""What a page looks like on paper: nothing wider than it, and the questions with or without their answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

# The width of A4 less the margins of print.css, in CSS pixels.
PAPER = {"width": 657, "height": 900}


@pytest.fixture
def paper(browser: Browser) -> Iterator[Page]:
    """A dark page, as it is printed."""
    context = browser.new_context(viewport={"width": PAPER["width"], "height": PAPER["height"]}, color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    yield page
    context.close()


@pytest.mark.parametrize("path", ["attention/flash-attention/", "models/comparison/", "serving/gguf-format/"])
def test_nothing_is_wider_than_the_paper(paper: Page, address: str, path: str) -> None:
    paper.goto(address + path)
    wide = paper.evaluate("""() => [...document.querySelectorAll("article :is(table, pre, figure, .katex-base)")]
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.textContent.slice(0, 40))""")
    assert wide == []


def test_the_questions_are_printed_with_or_without_answers(paper: Page, address: str) -> None:
    paper.goto(address + "questions/")
    total = paper.locator("li[data-id]").count()
    paper.goto(address + "questions/print/")
    assert paper.locator(".question-list li").count() == total > 100
    expect(paper.locator(".question-print")).to_be_hidden()
    answer = paper.locator(".question-answer").first
    expect(answer).to_be_visible()
    paper.emulate_media(media="screen")
    paper.get_by_label("只印题目").check()
    paper.emulate_media(media="print")
    expect(answer).to_be_hidden()
    expect(paper.locator(".question-list .question-title").first).to_be_visible()


def test_the_answers_to_print_need_no_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "questions/print/")
    expect(page.locator(".question-answer").first).to_be_visible()
    page.get_by_label("只印题目").check()
    expect(page.locator(".question-answer").first).to_be_hidden()
    context.close()
