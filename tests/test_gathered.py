"""勘误 and 参考文献: what is taken from the pages, how it stands on another page, and that nothing of it is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from handbook import bibliography, callouts
from handbook.citations import Reference

from tests.built_site import ROOT, prose

NOTES = sorted((ROOT / "docs").rglob("*.md"))
FOUND = [
    ("<p>x</p>", []),
    (
        '<h2 id="a">A</h2>\n<div class="admonition warning">\n<p class="admonition-title">T</p>\n<p>b</p>\n</div>',
        [("warning", "T", "<p>b</p>", "a")],
    ),
    (
        '<details class="question">\n<summary>Q <code>&lt;/p&gt;</code></summary>\n<ul><li>1<br></li></ul>\n</details>',
        [("question", "Q <code>&lt;/p&gt;</code>", "<ul><li>1<br></li></ul>", "")],
    ),
    # The end of an inner box is not the end of the outer one.
    (
        '<div class="admonition note">\n<p class="admonition-title">O</p>\n<div class="admonition tip">\n'
        '<p class="admonition-title">I</p>\n<div>d</div>\n</div>\n<p>end</p>\n</div>',
        [
            ("tip", "I", "<div>d</div>", ""),
            (
                "note", "O",
                '<div class="admonition tip">\n<p class="admonition-title">I</p>\n<div>d</div>\n</div>\n<p>end</p>', "",
            ),
        ],
    ),
    ('<details>\n<summary>no callout</summary>\n<p>x</p>\n</details>', []),
]  # fmt: skip
MOVED = [
    ('<a href="../mla/#absorb">x</a>', '<a href="../attention/mla/#absorb">x</a>'),
    ('<a href="#mqa">x</a>', '<a href="../attention/gqa/#mqa">x</a>'),
    ('<img src="../img/a.png">', '<img src="../attention/img/a.png">'),
    ('<a href="https://example.org/">x</a>', '<a href="https://example.org/">x</a>'),
    ('<a href="mailto:a@b.c">x</a>', '<a href="mailto:a@b.c">x</a>'),
    ('<p id="x">id="y"</p>', '<p>id="y"</p>'),
    ('<a href="#ref-a2020b" id="cite-a2020b-1">&#91;1&#93;</a>', '<a class="cited" href="k/a2020b">A</a>'),
    ("<code>href=x</code>", "<code>href=x</code>"),
]


@pytest.mark.parametrize(("html", "expected"), FOUND)
def test_callouts_are_found_whole(html: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [(one.kind, one.title, one.body, one.anchor) for one in callouts.read(html)] == expected


@pytest.mark.parametrize(("html", "expected"), MOVED)
def test_what_is_moved_leads_to_the_same_places(html: str, expected: str) -> None:
    def cite(key: str) -> str:
        return f'<a class="cited" href="k/{key}">A</a>'

    assert callouts.moved(html, "attention/gqa/", "../{}".format, cite) == expected


@pytest.mark.parametrize(
    ("authors", "more", "year", "expected"),
    [
        (("Ashish Vaswani", "Noam Shazeer"), False, "2017", "Vaswani 等，2017"),
        (("Noam Shazeer",), False, "2019", "Shazeer，2019"),
        (("DeepSeek-AI",), False, "2025", "DeepSeek-AI，2025"),
        (("苏剑林",), False, "2021", "苏剑林，2021"),
        (("Kaiming He",), True, "2015", "He 等，2015"),
        (("OpenAI",), False, "n.d.", "OpenAI"),
    ],
)
def test_a_reference_in_a_few_words(authors: tuple[str, ...], more: bool, year: str, expected: str) -> None:
    reference = Reference("key", authors, more, "Title", "", year, "", "", "")
    assert bibliography.short(reference) == expected


def test_every_corrected_error_of_the_vault_is_listed(site: Path) -> None:
    text = "\n".join(prose(path.read_text("utf-8")) for path in NOTES)
    count = len(re.findall(r"^> ?\[!warning\][+-]? 常见误区：", text, re.M))
    listed = re.findall(
        r'href="([^"#]+)#(e-[^"]+)" aria-label="为什么错"', (site / "errata/index.html").read_text("utf-8")
    )
    shown = [
        (path.parent.name + "/", anchor)
        for path in (site / "errata").glob("*/index.html")
        for anchor in re.findall(r'<section class="erratum" id="([^"]+)">', path.read_text("utf-8"))
    ]
    assert len(shown) == count > 300
    assert sorted(listed) == sorted(shown)


def test_every_cited_work_is_listed_once_with_the_pages_that_cite_it(site: Path) -> None:
    page = (site / "references/index.html").read_text("utf-8")
    listed = re.findall(r'<li id="ref-([^"]+)">', page)
    citing: dict[str, set[str]] = {}
    for path in site.rglob("index.html"):
        place = path.parent.relative_to(site).as_posix()
        if place != "references":
            for key in re.findall(r'<li id="ref-([^"]+)">', path.read_text("utf-8")):
                citing.setdefault(key, set()).add(place)
    assert sorted(listed) == sorted(citing)
    # A record that no page cites is not kept.
    assert sorted(listed) == sorted(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text("utf-8"), re.M))
    for key, places in citing.items():
        item = re.search(rf'<li id="ref-{key}">.*?</li>', page, re.S)
        assert item
        assert set(re.findall(rf'href="\.\./([^"#]+)/#ref-{key}"', item[0])) == places, key
