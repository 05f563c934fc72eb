"""What a page looks like on paper: its text alone, black on white, nothing cut, with answers or without."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

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


def test_only_the_text_is_printed_black_on_white(paper: Page, address: str) -> None:
    paper.goto(address + "attention/gqa/")
    for name in (".md-header", ".md-sidebar", ".md-footer", ".md-path", ".md-search", ".backlinks", ".page-source"):
        for box in paper.locator(name).all():
            expect(box).to_be_hidden()
    expect(paper.locator("article h1")).to_be_visible()
    assert paper.evaluate("document.body.dataset.mdColorScheme") == "slate"
    styles = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    color, _ = paper.locator("article p").nth(2).evaluate(styles)
    _, ground = paper.locator("body").evaluate(styles)
    assert color == "rgb(0, 0, 0)"
    assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


@pytest.mark.parametrize("path", ["attention/flash-attention/", "models/comparison/", "serving/gguf-format/"])
def test_nothing_is_wider_than_the_paper(paper: Page, address: str, path: str) -> None:
    paper.goto(address + path)
    wide = paper.evaluate("""() => [...document.querySelectorAll("article :is(table, pre, figure, .katex-base)")]
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.textContent.slice(0, 40))""")
    assert wide == []


def test_a_printed_page_holds_the_answers_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "attention/gqa/")
    question = page.locator("details.question").first
    assert question.get_attribute("open") is None
    answer = question.locator("p").first.text_content() or ""
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    context.close()
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]
    # Chromium takes some characters for radicals of the same shape, so only a part without such is looked for.
    text = "".join(sheet.extract_text() for sheet in pdf.pages).replace("\n", "")
    parts = re.findall(r"[\u4e00-\u9fff]{4,}", answer)
    assert parts
    assert any(part in text for part in parts)


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
