"""The questions as a deck for Anki: formulas as MathJax, ids that stay, so that a new deck updates an old one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path
from urllib.parse import urljoin

import genanki

from .questions import Question

# Chosen once at random, as genanki asks: Anki knows deck and note type by them.
DECK_ID, MODEL_ID = 1726493018, 1480257731

_SPAN = re.compile(r"</?span\b[^>]*>")
_FORMULA = re.compile(r'<span class="katex(?P<display>-display)?"')
_TEX = re.compile(r'<annotation encoding="application/x-tex">(.*?)</annotation>', re.S)
_CSS = """
.card { max-width: 40em; margin: 0 auto; font-size: 18px; line-height: 1.7; }
.from { color: #888; font-size: 14px; }
"""


def mathjax(html: str) -> str:
    r"""HTML with its KaTeX formulas as `\(…\)` and `\[…\]`, which Anki renders with MathJax."""
    parts, at = [], 0
    while found := _FORMULA.search(html, at):
        depth = 0
        for span in _SPAN.finditer(html, found.start()):
            depth += -1 if span[0].startswith("</") else 1
            if not depth:
                break
        formula = html[found.start() : span.end()]
        tex = _TEX.search(formula)
        parts += [html[at : found.start()], _delimited(unescape(tex[1]), bool(found["display"])) if tex else formula]
        at = span.end()
    return "".join([*parts, html[at:]])


def _delimited(tex: str, display: bool) -> str:
    opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
    # Anki's fields are HTML.
    return opening + tex.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + closing


def write(questions: Sequence[Question], site: str, target: Path) -> None:
    """Write the deck; `site` is the address of the question page, empty when the site's is not known."""
    model = genanki.Model(
        MODEL_ID,
        "大模型从零开始",
        fields=[{"name": name} for name in ("题目", "答案", "出处")],
        templates=[
            {
                "name": "问答",
                "qfmt": '<div class="from">{{出处}}</div>{{题目}}',
                "afmt": "{{FrontSide}}<hr id=answer>{{答案}}",
            }
        ],
        css=_CSS,
    )
    deck = genanki.Deck(DECK_ID, "大模型从零开始")
    for question in questions:
        deck.add_note(
            genanki.Note(
                model=model,
                fields=[
                    mathjax(question.title),
                    mathjax(_whole(question.answer, site)),
                    escape(f"{question.section} · {question.page}"),
                ],
                guid=genanki.guid_for(question.id),
                tags=[re.sub(r"\s+", "_", tag) for tag in (*question.tags, f"难度::{question.level}")],
            )
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    genanki.Package(deck).write_to_file(str(target))


def _whole(html: str, site: str) -> str:
    """HTML with whole addresses; without the site's own, links become their text."""
    if not site:
        return re.sub(r"</?a\b[^>]*>", "", html)
    return re.sub(r'(href=")(?![a-z]+:)([^"]*)', lambda link: link[1] + _join(site, link[2]), html)


def _join(site: str, address: str) -> str:
    return urljoin(site, unescape(address)).replace("&", "&amp;")
