"""The whole book, from the built site: one HTML page, and the same printed by Chromium as a PDF (`make book`).

Usage: python -m tools.book SITE, where SITE is the folder of the built site; the book is written to SITE/book/.
"""

from __future__ import annotations

import functools
import io
import posixpath
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import quote, unquote, urljoin, urlsplit

from lxml import etree, html
from playwright.sync_api import Browser, Route, sync_playwright
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    Fit,
    FloatObject,
    NameObject,
    NullObject,
    StreamObject,
    TextStringObject,
)

from tools.chromium import ARGUMENTS, chromium

ROOT = Path(__file__).resolve().parent.parent
PAGE, PDF = "book/index.html", "book/llm-from-scratch.pdf"
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/deed.zh-hans"

# What stands around a text on the site, and what only a script brings to life.
FURNITURE_CLASSES = frozenset({"headerlink", "page-facts", "note-foot", "backlinks", "page-source", "section-pages"})
FURNITURE_TAGS = frozenset({"button", "form", "link", "script"})
REFERRING = ("for", "aria-controls", "aria-describedby", "aria-labelledby", "headers")
"""The attributes that hold ids of the same page."""


class BookError(RuntimeError):
    """The book cannot be made whole; the message has a line for each fault."""


@dataclass(frozen=True)
class Chapter:
    """A page of notes: its title as plain text, its address relative to the root of the site."""

    title: str
    address: str


@dataclass(frozen=True)
class Outline:
    """Name and summary of the site, its address (empty when it has none), and the chapters of each part in order.

    The first chapter of a part is the page of its section.
    """

    title: str
    summary: str
    site: str
    parts: Sequence[Sequence[Chapter]]


@dataclass(frozen=True)
class Book:
    """The HTML of the book: what its head holds, and its pieces: the title and the contents, then each part."""

    head: str
    pieces: Sequence[str]

    def page(self) -> str:
        """The book as one page, for `site/book/`."""
        return _page(self.head, "".join(self.pieces))


def outline(llms: str) -> Outline:
    """What the site holds, from the text of its `llms.txt`."""
    name, summary, root = (
        found[1] if (found := re.search(pattern, llms, re.M)) else ""
        for pattern in (r"^# (.+)$", r"^> (.+)$", r"\((\S*)llms-full\.txt\)")
    )
    chapters = []
    for title, path in re.findall(r"^- \[(.*?)\]\((\S+)\.md\)", llms, re.M):
        address = unquote(path.removeprefix(root))
        chapters.append(Chapter(title, re.sub(r"(^|/)index$", "", address) + "/"))
    parts = [list(run) for _, run in groupby(chapters, lambda chapter: chapter.address.partition("/")[0])]
    return Outline(name, summary, root, parts)


# --- From a page of the site to a chapter ---------------------------------------------------------------------------


def read(page: bytes) -> tuple[html.HtmlElement, list[str]]:
    """The text of a page of the site, without what stands around it, and the addresses of the styles it needs."""
    document = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    styles = [link.get("href") for link in document.iter("link") if link.get("rel") == "stylesheet"]
    article = document.find(".//article")
    for element in list(article.iter(etree.Element)):
        # Each line of code is an anchor on the site: a burden to a PDF, where it would be a link.
        line = element.tag == "a" and element.get("id", "").startswith("__codelineno")
        if line or element.tag in FURNITURE_TAGS or not FURNITURE_CLASSES.isdisjoint(element.classes):
            element.drop_tree()
    return article, styles


def chapter(article: html.HtmlElement, address: str, book: Collection[str], level: int) -> str:
    """The text of the page at `address` as a section of the book, its title a heading of `level`.

    Every id gets the page's address before it, a link to a page of `book` leads to its place in the book, and every
    other address is made relative to the folder of the book. What was folded is open.
    """
    for element in article.iter(etree.Element):
        if re.fullmatch("h[1-6]", element.tag):
            element.tag = f"h{min(int(element.tag[1]) + level - 1, 6)}"
        elif element.tag == "details":
            element.set("open", "")
        for name in ("name", "loading"):
            element.attrib.pop(name, None)
        if element.get("id"):
            element.set("id", address + element.get("id"))
        for name in REFERRING:
            if element.get(name):
                element.set(name, " ".join(address + one for one in element.get(name).split()))
        for name in ("href", "src", "poster"):
            if element.get(name) is not None:
                element.set(name, moved(element.get(name), address, book))
    inner = escape(article.text or "", quote=False) + "".join(
        html.tostring(child, encoding="unicode", method="html") for child in article
    )
    kind = "part" if level == 2 else "chapter"
    return f'<section class="book-{kind}" id="{escape(address)}">\n{inner.strip()}\n</section>\n'


def moved(link: str, address: str, book: Collection[str]) -> str:
    """An address on the page at `address` as it stands in the book, a page one folder below the root of the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return link
    target = urlsplit(urljoin("/" + quote(address), link))
    path = unquote(target.path).lstrip("/")
    if path in book:
        return "#" + path + unquote(target.fragment)
    return "../" + target._replace(path=target.path.lstrip("/")).geturl()


# --- From chapters to the book ---------------------------------------------------------------------------------------


def make(site: Path, whole: Outline, version: str) -> Book:
    """The book of the site; BookError where a page is missing or a link leads nowhere."""
    addresses = {chapter.address for part in whole.parts for chapter in part}
    styles: dict[str, None] = {}
    pieces, faults = [_front(whole, version) + _contents(whole.parts)], []
    for part in whole.parts:
        sections = []
        for one in part:
            file = site / one.address / "index.html"
            if not file.is_file():
                faults.append(f"{file}: not there, but llms.txt lists it: build the site again")
                continue
            article, needed = read(file.read_bytes())
            if article.find_class("mermaid"):
                faults.append(f"{file}: a Mermaid diagram is drawn by a script, which no book runs: make it a figure")
            styles |= dict.fromkeys(moved(style, one.address, ()) for style in needed)
            sections.append(chapter(article, one.address, addresses, 2 if one is part[0] else 3))
        pieces.append("".join(sections))
    links = "".join(f'<link rel="stylesheet" href="{escape(style)}">\n' for style in styles)
    head = f"""\
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="{escape(whole.summary)}">
<title>{escape(whole.title)}</title>
<link rel="icon" href="../assets/favicon.svg">
{links}<link rel="stylesheet" href="../assets/book/book.css">
"""
    book = Book(head, pieces)
    faults += check(book.page(), site)
    if faults:
        raise BookError("\n".join(faults))
    return book


def _page(head: str, body: str) -> str:
    return f"""\
<!doctype html>
<html lang="zh">
<head>
{head}</head>
<body dir="ltr" data-md-color-scheme="default" data-md-color-primary="custom" data-md-color-accent="custom">
<script>if (matchMedia("(prefers-color-scheme: dark)").matches) document.body.dataset.mdColorScheme = "slate"</script>
<main class="book md-typeset">
{body}</main>
</body>
</html>
"""


def _front(whole: Outline, version: str) -> str:
    lines = [f"版本：{escape(version)}"]
    if whole.site:
        lines.append(f'网站：<a href="{escape(whole.site)}">{escape(whole.site)}</a>')
    lines.append(f'文字与图片采用 <a href="{LICENCE}">CC BY-SA 4.0</a> 许可，代码采用 MIT 许可。')
    facts = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<header class="book-front"><h1>{escape(whole.title)}</h1><p>{escape(whole.summary)}</p>'
        f'<div class="book-facts">{facts}</div></header>\n'
    )


def _contents(parts: Sequence[Sequence[Chapter]]) -> str:
    def entry(chapter: Chapter) -> str:
        return f'<a href="#{escape(chapter.address)}">{escape(chapter.title, quote=False)}</a>'

    items = "".join(
        f"<li>{entry(part[0])}<ol>{''.join(f'<li>{entry(chapter)}</li>' for chapter in part[1:])}</ol></li>\n"
        for part in parts
    )
    return f'<nav class="book-contents" aria-label="目录"><h2>目录</h2><ol>\n{items}</ol></nav>\n'


def check(page: str, site: Path) -> list[str]:
    """What is wrong with the book: ids that stand twice, links to no place in it and to no file of the site."""
    document = html.document_fromstring(page)
    ids = Counter(element.get("id") for element in document.iter(etree.Element) if element.get("id"))
    faults = [f"{PAGE}: the id {name} stands {count} times" for name, count in ids.items() if count > 1]
    for element in document.iter(etree.Element):
        for name in ("href", "src", "poster"):
            link = element.get(name, "")
            target = urlsplit(link)
            if target.scheme or target.netloc or not link:
                continue
            if link.startswith("#"):
                found = unquote(link[1:]) in ids
            else:
                file = site / posixpath.normpath("book/" + unquote(target.path))
                found = (file / "index.html").is_file() if target.path.endswith("/") else file.is_file()
            if not found:
                faults.append(f"{PAGE}: {link} leads nowhere; mend it in the page {_home(element)}")
    return faults


def _home(element: html.HtmlElement) -> str:
    return next((above.get("id") for above in element.iterancestors("section") if above.get("id")), "book/")


# --- From the book to paper ------------------------------------------------------------------------------------------


# Chromium takes a character that shares its glyph with a radical for that radical; those below have no NFKC form.
RADICALS = dict(
    zip(
        "⺠⻄⻅⻆⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "民西见角车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
HELVETICA = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
NUMBER_SIZE, DIGIT_WIDTH = 9, 0.556
"""Of the page numbers in the contents: the size in points, and how wide a digit of Helvetica is at size 1."""
NOWHERE = "http://book.invalid/"
"""Stands for the address of a site that has none."""
INNER = "book:"
"""Begins, until the pieces are joined, the address of a link from one of them to another."""


class Place(NamedTuple):
    """A place in the PDF: the number of its page, from 0, and how far it is from the left and the bottom, in points."""

    page: int
    left: float
    top: float


def print_pdf(browser: Browser, site: Path, whole: Outline, book: Book, target: Path) -> None:
    """Print the book of `site` as one PDF with bookmarks, page numbers, and links that lead to its pages or the web.

    Piece by piece: Chromium takes gigabytes for all at once. Where the site has no address the links to it are left
    out: on paper and on another computer there is nothing to lead to. BookError where a link leads nowhere.
    """
    writer = PdfWriter()
    starts, joined = [0], []
    # One piece is joined while Chromium prints the next, and only one at a time.
    with ThreadPoolExecutor(1) as pool:
        for piece in to_print(book.pieces):
            start = f"<style>html {{ counter-reset: page {starts[-1]} }}</style>\n"
            pdf = _print(browser, site, whole.site or NOWHERE, _page(book.head + start, piece))
            printed = PdfReader(io.BytesIO(pdf))
            starts.append(starts[-1] + len(printed.pages))
            joined.append(pool.submit(_append, writer, printed))
        places = {name: place for one in joined for name, place in one.result().items()}
    sheets = list(writer.pages)
    lost = {name for sheet in sheets for link in _links(sheet) if (name := _inner(link)) and name not in places}
    if lost:
        raise BookError("\n".join(f"{target}: a link leads to #{name}, which is not printed" for name in sorted(lost)))
    _number_contents(writer, sheets[1 : starts[1]], places)
    for sheet in sheets:
        _lead(sheet, sheets, places)
    for part in whole.parts:
        above = None
        for one in part:
            place = places[one.address]
            fit = Fit.xyz(place.left, place.top)
            item = writer.add_outline_item(
                title=one.title, page_number=place.page, parent=above, fit=fit, is_open=False
            )
            above = above or item
    _map_radicals(writer)
    # The pieces have the same letters.
    writer.compress_identical_objects()
    writer.add_metadata({"/Title": whole.title})
    writer.root_object[NameObject("/Lang")] = TextStringObject("zh")
    writer.create_viewer_preferences()[NameObject("/DisplayDocTitle")] = BooleanObject(True)
    writer.page_mode = "/UseOutlines"
    writer.write(target)


def to_print(pieces: Sequence[str]) -> list[str]:
    """The pieces as they are printed one by one.

    Chromium names in a PDF only the places that a link on the same page leads to, and drops a link to a place that is
    not there. So a link to another piece is one out of the book, and the other has a hidden link to the place.
    """
    homes = {
        unescape(name): number for number, piece in enumerate(pieces) for name in re.findall(r' id="(.*?)"', piece)
    }
    wanted: list[set[str]] = [set() for _ in pieces]

    def outward(match: re.Match[str], number: int) -> str:
        home = homes.get(unquote(unescape(match[1])), number)
        if home == number:
            return match[0]
        wanted[home].add(match[1])
        return f' href="{INNER}{match[1]}"'

    printed = [
        re.sub(r' href="#(.*?)"', functools.partial(outward, number=number), piece)
        for number, piece in enumerate(pieces)
    ]
    return [
        piece + "".join(f'<a href="#{name}" hidden></a>\n' for name in sorted(names))
        for piece, names in zip(printed, wanted, strict=True)
    ]


def _print(browser: Browser, site: Path, base: str, html: str) -> bytes:
    """The PDF of a page for `site/book/`, where the site has the address `base`."""

    def serve(route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path.removeprefix(urlsplit(base).path))
        if path == "book/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif (site / path).is_file():
            route.fulfill(path=site / path)
        else:
            route.abort()

    page = browser.new_page()
    page.route("**/*", serve)
    page.goto(base + "book/")
    # On the screen only what comes near is laid out, and only the fonts of that are loaded.
    page.evaluate("Promise.all([...document.fonts].map(font => font.load())).then(() => null)")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    return pdf


def _append(writer: PdfWriter, reader: PdfReader) -> dict[str, Place]:
    """Add the pages of a piece; gives its places by id."""
    first = len(writer.pages)
    for sheet in reader.pages:
        writer.add_page(sheet)
    places = {}
    for name, found in reader.named_destinations.items():
        number = reader.get_destination_page_number(found)
        if number is not None:
            places[unquote(name[1:])] = Place(first + number, float(found.left or 0), float(found.top or 0))
    return places


def _links(sheet: PageObject) -> list[DictionaryObject]:
    return [link.get_object() for link in sheet.get("/Annots", ())]


def _inner(link: DictionaryObject) -> str | None:
    """The id that a link leads to; None for one out of the book."""
    if "/Dest" in link:
        return unquote(str(link["/Dest"])[1:])
    address = _address(link)
    return unquote(address.removeprefix(INNER)) if address.startswith(INNER) else None


def _address(link: DictionaryObject) -> str:
    return str(cast(DictionaryObject, link["/A"])["/URI"])


def _lead(sheet: PageObject, sheets: Sequence[PageObject], places: Mapping[str, Place]) -> None:
    """Have the links of a page lead to pages of the file; those to a site without an address go."""
    kept = ArrayObject()
    for link in _links(sheet):
        name = _inner(link)
        if name is not None:
            place = places[name]
            link.pop("/A", None)
            link[NameObject("/Dest")] = ArrayObject(
                [
                    sheets[place.page].indirect_reference,
                    NameObject("/XYZ"),
                    *map(FloatObject, (place.left, place.top)),
                    NullObject(),
                ]
            )
        elif _address(link).startswith(NOWHERE):
            continue
        # In the page itself: two pages may not share one, however alike.
        kept.append(link)
    sheet[NameObject("/Annots")] = kept


def _number_contents(writer: PdfWriter, sheets: Sequence[PageObject], places: Mapping[str, Place]) -> None:
    """Put the number of its page beside each line of the contents, at the right edge of the line's link.

    Chromium knows no `target-counter()`.
    """
    font = writer._add_object(
        DictionaryObject({NameObject(key): NameObject(value) for key, value in HELVETICA.items()})
    )
    for sheet in sheets:
        marks = []
        for link in _links(sheet):
            if (name := _inner(link)) is not None:
                _, bottom, right, _ = map(float, cast(ArrayObject, link["/Rect"]))
                text = str(places[name].page + 1)
                left = right - len(text) * DIGIT_WIDTH * NUMBER_SIZE
                marks.append(f"BT /Number {NUMBER_SIZE} Tf {left:.2f} {bottom + 3:.2f} Td ({text}) Tj ET")
        before, after = DecodedStreamObject(), DecodedStreamObject()
        before.set_data(b"q ")
        after.set_data(f" Q {' '.join(marks)}".encode("ascii"))
        contents = sheet["/Contents"] if isinstance(sheet["/Contents"], ArrayObject) else [sheet.raw_get("/Contents")]
        sheet[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *contents, writer._add_object(after)])
        resources = cast(DictionaryObject, sheet["/Resources"].get_object())
        fonts = DictionaryObject(cast(DictionaryObject, resources["/Font"].get_object()))
        fonts[NameObject("/Number")] = font
        sheet[NameObject("/Resources")] = DictionaryObject({**resources, NameObject("/Font"): fonts})


def _map_radicals(writer: PdfWriter) -> None:
    """Have the text of the file name the characters that are read, so that they are found and copied."""
    for font in writer._objects:
        if isinstance(font, DictionaryObject) and font.get("/Type") == "/Font" and "/ToUnicode" in font:
            table = cast(StreamObject, font["/ToUnicode"].get_object())
            text = table.get_data().decode("ascii")
            if (mended := unified(text)) != text:
                table.set_data(mended.encode("ascii"))


def unified(table: str) -> str:
    """A ToUnicode table with each radical (U+2E80 to U+2FDF) replaced by the character that has its shape."""

    def one(code: int) -> str:
        character = chr(code)
        found = RADICALS.get(character) or unicodedata.normalize("NFKC", character)
        return f"<{ord(found):04X}>" if 0x2E80 <= code <= 0x2FDF else f"<{code:04X}>"

    def run(match: re.Match[str]) -> str:
        first, last, code = (int(match[group], 16) for group in (1, 2, 3))
        codes = range(code, code + last - first + 1)
        if all(not 0x2E80 <= one <= 0x2FDF for one in codes):
            return match[0]
        return f"<{match[1]}> <{match[2]}> [{' '.join(map(one, codes))}]"

    table = re.sub(r"<(\w+)> <(\w+)> <(\w{4})>", run, table)
    return re.sub(r"^(<\w+>) <(\w{4})>$", lambda match: f"{match[1]} {one(int(match[2], 16))}", table, flags=re.M)


def _version() -> str:
    command = ["git", "log", "-1", "--format=%cs（%h）"]
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"the book says no version: git says nothing ({error})", file=sys.stderr)
        return "不详"
    return run.stdout.strip()


def main(arguments: list[str]) -> int:
    """Write the book of the site in the folder named; 1, and what is wrong, where it cannot be made whole."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    site = Path(arguments[0])
    program = chromium()
    if program is None:
        print(
            "the PDF is printed by Chromium, which is missing: install it, or name it with CHROMIUM=", file=sys.stderr
        )
        return 1
    try:
        whole = outline((site / "llms.txt").read_text("utf-8"))
        book = make(site, whole, _version())
        (site / PAGE).parent.mkdir(exist_ok=True)
        (site / PAGE).write_text(book.page(), "utf-8")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            print_pdf(browser, site, whole, book, site / PDF)
            browser.close()
    except (BookError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    for name in (PAGE, PDF):
        print(f"{site / name}: {(site / name).stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
