"""The HTML of the built site: links and fragments, ids, text without leftovers, nothing from another host."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree

from tests.built_site import PREFIX, page_addresses

HOST = "http://127.0.0.1"
LEFTOVER = re.compile(
    r"\[\[|\]\]|!\[|\[!\w|\$[^\s$](?:[^$\n]*[^\s$])?\$(?!\d)|\\(?:frac|mathrm|begin|left|text|sqrt)\b|tmp_inline_md_katex|\[@\w"
    r"|==\S[^=\n]*==|%%|:::|\{:|--8<--|(?:^|\s)\^[a-z][\w-]*$|[\ufdd0-\ufdef\ue000-\uf8ff\U000f0000-\U0010ffff]",
    re.M,
)
"""Syntax of the notes, of TeX and of the pipeline that no reader should see."""
NEVER_CODE = re.compile(
    r"tmp_inline_md_katex|\[!\w+\]|--8<--|[\ufdd0-\ufdef\ue000-\uf8ff\U000f0000-\U0010ffff]|</?(?:span|div|p|sup|a|x-math)\b"
)


@dataclass
class Html:
    """What the tests need of one page; lxml tells it of each tag and text."""

    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    description: str = ""
    h1: int = 0
    _open: list[bool] = field(default_factory=list)
    _hidden: int = 0

    @property
    def text(self) -> str:
        """What a reader sees, without code."""
        return "".join(self.pieces)

    def start(self, tag: str, a: dict[str, str]) -> None:
        if "id" in a:
            self.ids.append(a["id"])
        if (tag == "a" and "href" in a) or (tag == "link" and a.get("rel") in ("prev", "next")):
            self.links.append(a["href"])
        elif tag == "link" and a.get("rel") != "canonical":
            self.loaded.append(a["href"])
        elif tag == "form" and "action" in a:
            self.links.append(a["action"])
        elif tag == "meta" and a.get("name") == "description":
            self.description = a["content"]
        if tag != "a" and "src" in a:
            self.loaded.append(a["src"])
        self.h1 += tag == "h1"
        self.attributes += [a[name] for name in ("alt", "title", "aria-label") if name in a]
        # KaTeX draws some signs with private characters of its fonts; its MathML says what they are.
        hidden = tag in ("code", "pre", "script", "style", "annotation") or a.get("class") == "katex-html"
        self._open.append(hidden)
        self._hidden += hidden

    def end(self, tag: str) -> None:
        self._hidden -= self._open.pop()

    def data(self, data: str) -> None:
        self.pieces.append(" " if self._hidden else data)

    def close(self) -> None:
        """What lxml asks of who listens to it."""


def parsed(html: str) -> Html:
    """What the tests need of a page, from its text."""
    page = Html()
    etree.HTML(html.encode(), etree.HTMLParser(target=page, encoding="utf-8"))
    return page


@cache
def _read(file: Path) -> Html:
    return parsed(file.read_text("utf-8"))


def _pages(site: Path) -> dict[str, Html]:
    """Every page of the site by its full address."""
    pages = {f"{HOST}{PREFIX}{address}": _read(site / address / "index.html") for address in page_addresses(site)}
    return pages | {f"{HOST}{PREFIX}404.html": _read(site / "404.html")}


def _fault(site: Path, page: str, link: str) -> str | None:
    """Why a link of a page leads nowhere; None where it leads to a file (and fragment) or leaves the site."""
    target = urlsplit(urljoin(page, link))
    if link.startswith("javascript:") or target.scheme not in ("http", "https") or target.netloc != "127.0.0.1":
        return None
    if not target.path.startswith(PREFIX):
        return f"{link} leaves the site's folder"
    file = site / unquote(target.path.removeprefix(PREFIX))
    if target.path.endswith("/"):
        file /= "index.html"
    if not file.is_file():
        return f"{link}: no such file"
    if target.fragment and unquote(target.fragment) not in _read(file).ids:
        return f"{link}: no such id"
    return None


def test_every_link_and_fragment_resolves(site: Path) -> None:
    pages = _pages(site)
    assert sum(len(page.links) for page in pages.values()) > 20 * len(pages)
    faults = [
        (address, fault)
        for address, page in pages.items()
        for link in [*page.links, *page.loaded]
        if (fault := _fault(site, address, link))
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("../gqa/#mqa", None),
        ("../gqa/#no-such-id", "no such id"),
        ("../no-such-page/", "no such file"),
        ("../../../elsewhere/", "leaves the site's folder"),
        ("https://example.org/nothing", None),
    ],
)
def test_a_broken_link_is_found(site: Path, link: str, fault: str | None) -> None:
    found = _fault(site, f"{HOST}{PREFIX}attention/mla/", link)
    assert found == fault if fault is None else fault in str(found)


def test_ids_are_unique_on_a_page(site: Path) -> None:
    repeated = {
        (address, name)
        for address, page in _pages(site).items()
        for name, count in Counter(page.ids).items()
        if count > 1
    }
    assert repeated == set()


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    loaded = {link for page in _pages(site).values() for link in page.loaded}
    assert loaded
    assert {link for link in loaded if urlsplit(link).netloc} == set()
    styles = [file.read_text("utf-8") for file in site.rglob("*.css")]
    assert styles
    # An address in a comment or in a drawing of a data: URL is not loaded.
    assert [found for style in styles for found in re.findall(r"""url\(["']?(?:https?:)?//[^)]*""", style)] == []


def test_no_syntax_is_left_in_the_text(site: Path) -> None:
    left = [
        (address, piece[max(0, match.start() - 20) : match.end() + 20])
        for address, page in _pages(site).items()
        for piece in [page.text, *page.attributes, page.description]
        for match in LEFTOVER.finditer(piece)
    ]
    assert left == []


def test_no_syntax_is_left_in_what_search_shows(site: Path) -> None:
    # A script for each page, with its texts. They hold code too, so only what is never code is looked for.
    texts = [file.read_text("utf-8") for file in (site / "assets" / "search" / "text").glob("*.js")]
    assert len(texts) > 20
    assert [match[0] for text in texts for match in NEVER_CODE.finditer(text)] == []


@pytest.mark.parametrize(
    "text",
    ["见 [[gqa]]", "> [!warning] 误区", "设 $x_1$ 为", r"得 \frac{1}{2}", "据 [@vaswani2017attention]", "\ufdd2"],
)
def test_leftover_syntax_is_found(text: str) -> None:
    assert LEFTOVER.search(text)


@pytest.mark.parametrize("text", ["从 $5 到 $6", "a[i][j]", "q^k", "50% 到 60%", "注意力 [3]", "x == y"])
def test_plain_text_is_no_leftover(text: str) -> None:
    assert not LEFTOVER.search(text)


def test_every_page_has_one_title_and_a_description(site: Path) -> None:
    pages = _pages(site)
    assert {address: page.h1 for address, page in pages.items() if page.h1 != 1} == {}
    assert [address for address, page in pages.items() if not page.description] == []


def test_a_section_lists_its_pages_in_order_with_their_summaries(site: Path) -> None:
    html = (site / "attention" / "index.html").read_text("utf-8")
    listed = html[html.index('class="section-pages"') :]
    addresses = re.findall(r'<a href="(\.\./|\./)?([\w-]+)/"', listed[: listed.index("</nav>")])
    names = [name for _, name in addresses]
    assert sorted(f"attention/{name}/" for name in names) == [
        a for a in page_addresses(site) if a.startswith("attention/") and a != "attention/"
    ]
    assert names[:2] == ["why-attention", "scaled-dot-product-attention"]
    assert len(re.findall("<p>.+</p>", listed)) >= len(names)
