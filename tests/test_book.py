"""The whole book: what becomes of a page in it, and that the book of the built site is whole."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tools import book

MOVED = [
    ("../mla/", "#attention/mla/"),
    ("../mla/#absorb", "#attention/mla/absorb"),
    ("../mla/#%E6%9C%BA%E5%88%B6", "#attention/mla/机制"),
    ("#机制", "#attention/gqa/机制"),
    ("#", "#attention/gqa/"),
    ("../", "#attention/"),
    ("../../questions/#q-1", "../questions/#q-1"),
    ("../img/a%20b.png", "../attention/img/a%20b.png"),
    ("../../assets/katex/katex.min.css", "../assets/katex/katex.min.css"),
    ("https://example.org/#x", "https://example.org/#x"),
    ("mailto:a@b.c", "mailto:a@b.c"),
]
CHAPTERS = [
    # Headings go down, ids and what refers to them get the page's address, what was folded is open.
    (
        3,
        '<h1>T</h1><h2 id="a">A<a class="headerlink" href="#a">¶</a></h2><p><a href="#a">x</a></p>',
        '<h3>T</h3><h4 id="p/q/a">A</h4><p><a href="#p/q/a">x</a></p>',
    ),
    (2, "<h1>T</h1><h2>A</h2>", "<h2>T</h2><h3>A</h3>"),
    (3, "<h1>T</h1><h5>A</h5>", "<h3>T</h3><h6>A</h6>"),
    (
        3,
        '<input id="i"><label for="i">l</label><b aria-labelledby="i j">b</b>',
        '<input id="p/q/i"><label for="p/q/i">l</label><b aria-labelledby="p/q/i p/q/j">b</b>',
    ),
    (3, "<details><summary>Q</summary><p>A</p></details>", '<details open=""><summary>Q</summary><p>A</p></details>'),
    # What only serves on the site goes, and the text after it stays.
    (3, '<p>a<button>b</button>c</p><p class="page-facts">f</p><script>s()</script>', "<p>ac</p>"),
    (
        3,
        '<pre><code><a id="__codelineno-0-1" href="#__codelineno-0-1"></a>x = 1\n</code></pre>',
        "<pre><code>x = 1\n</code></pre>",
    ),
    (3, "<p>a &lt; b &amp; c</p>", "<p>a &lt; b &amp; c</p>"),
]
TABLES = [
    ("<4E> <4E09>", "<4E> <4E09>"),
    ("<43> <2F00>", "<43> <4E00>"),
    ("<02> <2ED4>", "<02> <95E8>"),
    ("<01> <02> <2F08>", "<01> <02> [<4EBA> <513F>]"),
    ("<01> <02> <4E09>", "<01> <02> <4E09>"),
]

PRINTED = [["attention/", "attention/mla/"], ["serving/", "serving/kv-cache/"]]
"""Pages of two parts that link to each other."""


@pytest.mark.parametrize(("link", "expected"), MOVED)
def test_a_link_leads_to_the_same_place_from_the_book(link: str, expected: str) -> None:
    assert book.moved(link, "attention/gqa/", {"attention/", "attention/gqa/", "attention/mla/"}) == expected


@pytest.mark.parametrize(("level", "page", "expected"), CHAPTERS)
def test_a_page_becomes_a_chapter(level: int, page: str, expected: str) -> None:
    article, _ = book.read(f"<html><body><article>{page}</article></body></html>".encode())
    made = book.chapter(article, "p/q/", {"p/q/"}, level)
    assert re.fullmatch(r'<section class="book-\w+" id="p/q/">\n(.*)\n</section>\n', made, re.S)[1] == expected  # type: ignore[index]


@pytest.mark.parametrize(("table", "expected"), TABLES)
def test_a_radical_is_read_as_its_character(table: str, expected: str) -> None:
    assert book.unified(table) == expected


def test_the_outline_follows_the_navigation() -> None:
    llms = (
        "# N\n\n> S\n\n[llms-full.txt](https://h/b/llms-full.txt)\n\n## A\n\n- [A](https://h/b/a/index.md)：s\n"
        "- [x [1]](https://h/b/a/%E4%B8%80.md)\n\n## N\n\n- [C](https://h/b/c.md)\n"
    )
    found = book.outline(llms)
    assert (found.title, found.summary, found.site) == ("N", "S", "https://h/b/")
    assert [[(one.title, one.address) for one in part] for part in found.parts] == [
        [("A", "a/"), ("x [1]", "a/一/")],
        [("C", "c/")],
    ]


def test_pieces_are_printed_with_links_to_each_other() -> None:
    pieces = [
        '<a href="#a/">A</a><a href="#b/">B</a>',
        '<h2 id="a/">A</h2><p id="a/&lt;一">x</p><a href="#b/y">far</a><a href="#a/">near</a>',
        '<h2 id="b/">B</h2><p id="b/y">y</p><a href="#a/&lt;%E4%B8%80">far</a><code>href="#b/"</code>',
    ]
    assert book.to_print(pieces) == [
        '<a href="book:a/">A</a><a href="book:b/">B</a>',
        '<h2 id="a/">A</h2><p id="a/&lt;一">x</p><a href="book:b/y">far</a><a href="#a/">near</a>'
        '<a href="#a/" hidden></a>\n<a href="#a/&lt;%E4%B8%80" hidden></a>\n',
        '<h2 id="b/">B</h2><p id="b/y">y</p><a href="book:a/&lt;%E4%B8%80">far</a><code>href="#b/"</code>'
        '<a href="#b/" hidden></a>\n<a href="#b/y" hidden></a>\n',
    ]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text(
        '<article><h1>A</h1><p id="i"><a href="#no">x</a><b id="i">b</b></p></article>'
    )
    whole = book.Outline("N", "S", "", [[book.Chapter("A", "a/"), book.Chapter("B", "a/b/")]])
    with pytest.raises(book.BookError) as error:
        book.make(tmp_path, whole, "v")
    text = str(error.value)
    assert "a/b/index.html: not there" in text
    assert "the id a/i stands 2 times" in text
    assert "#a/no leads nowhere; mend it in the page a/" in text


@pytest.fixture(scope="module")
def whole(site: Path) -> book.Outline:
    return book.outline((site / "llms.txt").read_text("utf-8"))


def test_the_book_of_the_site_is_whole(site: Path, whole: book.Outline) -> None:
    """`make` says what is wrong with its links and ids; here: no page and no formula is missing."""
    page = book.make(site, whole, "v").page()
    addresses = [chapter.address for part in whole.parts for chapter in part]
    # Every note has its Markdown beside its page, but the home page, which is a menu.
    notes = {re.sub(r"(^|/)index$", "", str(file.relative_to(site))[:-3]) + "/" for file in site.rglob("*.md")}
    assert set(addresses) == notes
    assert re.findall(r'<section class="book-\w+" id="([^"]+)">', page) == addresses
    formula = '<span class="katex">'
    texts = [(site / address / "index.html").read_text("utf-8") for address in addresses]
    assert page.count(formula) == sum(text.count(formula) for text in texts) > 5000


@pytest.mark.browser
def test_a_part_is_read_from_the_disk_and_printed(
    browser: Browser, site: Path, whole: book.Outline, tmp_path: Path
) -> None:
    # A copy of what the page needs: the built site is read by other tests at the same time.
    copy = tmp_path / "site"
    (copy / "book").mkdir(parents=True)
    for entry in site.iterdir():
        if entry.name != "book":
            (copy / entry.name).symlink_to(entry)
    chapters = {chapter.address: chapter for part in whole.parts for chapter in part}
    parts = [[chapters[address] for address in addresses] for addresses in PRINTED]
    small = replace(whole, parts=parts)
    made = book.make(copy, small, "v")
    (copy / book.PAGE).write_text(made.page(), "utf-8")

    asked: list[str] = []
    failed: list[str] = []
    page = browser.new_page(color_scheme="dark")
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((copy / book.PAGE).as_uri(), wait_until="networkidle")
    assert asked
    assert ([url for url in asked if not url.startswith(("file:", "data:"))], failed) == ([], [])
    questions = page.locator("details.question")
    answer = questions.first.locator("p").first.inner_text()
    page.close()

    book.print_pdf(browser, copy, replace(small, site="https://example.org/handbook/"), made, copy / book.PDF)
    pdf = PdfReader(copy / book.PDF)
    sheets = [sheet.extract_text() for sheet in pdf.pages]
    text = "".join(sheets).replace("\n", "")
    # What a browser says the answer is, without what Chromium places elsewhere: formulas, ends of lines.
    assert max(re.findall(r"[\u4e00-\u9fff，]+", answer), key=len) in text
    assert not re.search("[\u2e80-\u2fdf\ufffd\x00]", text)

    # The pages are numbered from the first of the book to the last; its title has no number.
    for number, sheet in enumerate(sheets[1:], 2):
        assert str(number) in sheet.splitlines()
    assert "1" not in sheets[0].splitlines()

    # The bookmarks and the contents lead to the pages where the chapters begin.
    outline: list[Any] = pdf.outline
    bookmarks = [one for branch in outline for one in (branch if isinstance(branch, list) else [branch])]
    assert [one.title for one in bookmarks] == [one.title for part in parts for one in part]
    starts = [start for one in bookmarks if (start := pdf.get_destination_page_number(one)) is not None]
    assert starts == sorted(set(starts))
    for bookmark, start in zip(bookmarks, starts, strict=True):
        assert bookmark.title in sheets[start]
        assert str(start + 1) in sheets[1].splitlines()

    inner: list[tuple[int, int]] = []
    outer: list[str] = []
    numbers = {one.indirect_reference: number for number, one in enumerate(pdf.pages)}
    for number, printed in enumerate(pdf.pages):
        notes: list[Any] = printed.get("/Annots", [])
        for link in (note.get_object() for note in notes):
            if "/Dest" in link:
                inner.append((number, numbers[link["/Dest"][0].get_object().indirect_reference]))
            else:
                outer.append(link["/A"]["/URI"])
    first, second = starts[0], starts[len(parts[0])]
    assert [target for number, target in inner if number == 1] == starts
    assert [target for number, target in inner if first <= number < second <= target]
    assert [target for number, target in inner if first <= target < second <= number]
    assert any(url.startswith("https://example.org/handbook/") for url in outer)
    assert not [url for url in outer if not url.startswith(("https://", "http://"))]


@pytest.mark.browser
def test_a_link_to_what_is_not_printed_is_named(browser: Browser, tmp_path: Path) -> None:
    made = book.Book("", ['<p><a href="#a/b">x</a></p>', '<p>A<span id="a/b" hidden>b</span></p>'])
    with pytest.raises(book.BookError, match="#a/b, which is not printed"):
        book.print_pdf(browser, tmp_path, book.Outline("N", "S", "", []), made, tmp_path / "book.pdf")
