"""面试题库: every question of the vault is there, its anchor stays, and the deck loses nothing on its way into Anki."""

from __future__ import annotations

import dataclasses
import re
import shutil
import time
from html import unescape
from pathlib import Path

import pytest
from anki.collection import Collection
from anki.import_export_pb2 import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from handbook import callouts, deck, questions

from tests.built_site import ROOT, prose

TEX = re.compile(r'<annotation encoding="application/x-tex">(.*?)</annotation>', re.S)
OPENING = re.compile(r"^(?:> ?)+\[!(?:question|help|faq)(?:\|[^\]]*)?\]", re.M | re.I)
ANCHORED = [
    ('<details class="question">\n<summary>Q</summary>', '<details id="q-1" class="question">\n<summary>Q</summary>'),
    (
        '<div class="admonition question">\n<p class="admonition-title">Q</p>',
        '<div id="q-1" class="admonition question">\n<p class="admonition-title">Q</p>',
    ),
    ('<details class="question" id="own">', '<details class="question" id="own">'),
    ('<details class="note">', '<details class="note">'),
]
MATHJAX = [
    ("<p>x &lt; y</p>", "<p>x &lt; y</p>"),
    (
        '<p>a <span class="katex"><span class="katex-mathml"><math><annotation encoding="application/x-tex">a&lt;b'
        "</annotation></math></span><span><span></span></span></span> b</p>",
        r"<p>a \(a&lt;b\) b</p>",
    ),
    (
        '<span class="katex-display"><span class="katex"><annotation encoding="application/x-tex">\\frac12'
        "</annotation></span></span>。",
        r"\[\frac12\]。",
    ),
]


def test_an_anchor_stays_when_the_title_is_only_laid_out_anew() -> None:
    assert questions.identifier("a/b.md", "为什么  除以 8？") == questions.identifier("a/b.md", "为什么 除以 8？")
    assert questions.identifier("a/b.md", "为什么？") != questions.identifier("a/c.md", "为什么？")
    # Progress is kept and decks are updated by it: a change of the rule would lose both.
    assert questions.identifier("attention/gqa.md", "GQA 减少计算量吗？") == "q-7f719e8945"


@pytest.mark.parametrize(("html", "expected"), ANCHORED)
def test_a_question_gets_its_anchor(html: str, expected: str) -> None:
    assert questions.anchored(html, ["q-1"]) == expected


@pytest.mark.parametrize(
    ("mark", "page", "expected"),
    [("", "", "中"), ("难", "", "难"), ("", "易", "易"), ("难", "易", "难"), ("?", "易", "易"), ("200", "x", "中")],
)
def test_the_difficulty(mark: str, page: str, expected: str) -> None:
    assert questions.level(mark, page) == expected


@pytest.mark.parametrize(("html", "expected"), MATHJAX)
def test_formulas_are_written_for_mathjax(html: str, expected: str) -> None:
    assert deck.mathjax(html) == expected


def test_every_question_of_the_vault_is_listed_and_reached(site: Path) -> None:
    sources = sum(len(OPENING.findall(prose(path.read_text("utf-8")))) for path in (ROOT / "docs").rglob("*.md"))
    html = (site / "questions/index.html").read_text("utf-8")
    rows = re.findall(r'<li data-id="([^"]+)".*?<a href="\.\./([^"#]*)#([^"]+)"', html)
    assert len(rows) == sources
    assert len({identifier for identifier, _, _ in rows}) == sources
    for identifier, place, anchor in rows:
        assert identifier == anchor
        assert f'id="{anchor}"' in (site / place / "index.html").read_text("utf-8"), (place, anchor)


def _import(collection: Collection, package: Path) -> None:
    collection.import_anki_package(
        ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions(merge_notetypes=True))
    )


def test_the_deck_enters_anki_whole_and_once(site: Path, tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    shutil.copy(site / "questions/questions.apkg", package)
    listed = re.findall(r'<li data-id="([^"]+)"', (site / "questions/index.html").read_text("utf-8"))
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        _import(collection, package)
        first = {collection.get_note(note).guid: note for note in collection.find_notes("")}
        assert len(first) == len(listed)
        # A second deck updates the notes of the first instead of doubling them.
        _import(collection, package)
        assert {collection.get_note(note).guid: note for note in collection.find_notes("")} == first
        formulas = 0
        for note in first.values():
            title, answer, place = collection.get_note(note).fields
            assert title
            assert answer
            assert place
            for text in (title, answer):
                formulas += text.count(r"\(") + text.count(r"\[")
                assert text.count(r"\(") == text.count(r"\)"), text
                assert "katex" not in text
                assert "x-math" not in text
        assert formulas > 100
    finally:
        collection.close()


def test_a_later_deck_changes_the_answer_and_keeps_the_card(tmp_path: Path) -> None:
    old = questions.Question("q-1", "<p>问</p>", "<p>旧</p>", "易", "页", "page/", "节", ("标签",))
    new = dataclasses.replace(old, answer="<p>新</p>", level="难")
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        kept = []
        for number, question in enumerate((old, new)):
            package = tmp_path / f"{number}.apkg"
            # Anki takes the note that was changed last, by a clock of seconds.
            time.sleep(1.1 * number)
            deck.write([question], "", package)
            _import(collection, package)
            [card] = collection.find_cards("")
            [note] = collection.find_notes("")
            kept.append((card, note))
            fields = collection.get_note(note).fields
        assert kept[0] == kept[1]
        assert fields == ["<p>问</p>", "<p>新</p>", "节 · 页"]
        assert "难度::难" in collection.get_note(note).tags
    finally:
        collection.close()


def test_an_answer_holds_the_formulas_of_its_page(site: Path, tmp_path: Path) -> None:
    """TeX in the deck = TeX in the questions of the pages, formula by formula."""
    package = tmp_path / "deck.apkg"
    shutil.copy(site / "questions/questions.apkg", package)
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        _import(collection, package)
        found = sorted(
            tex
            for note in collection.find_notes("")
            for text in collection.get_note(note).fields[:2]
            for tex in re.findall(r"\\[(\[](.*?)\\[)\]]", text, re.S)
        )
    finally:
        collection.close()
    shown = sorted(
        tex
        for path in site.rglob("index.html")
        for callout in callouts.read(path.read_text("utf-8"))
        if callout.kind == "question"
        for tex in re.findall(
            r'<annotation encoding="application/x-tex">(.*?)</annotation>', callout.title + callout.body
        )
    )
    assert len(found) > 100
    assert [unescape(tex) for tex in found] == [unescape(tex) for tex in shown]
