"""面试题库: every question of the vault with its place, and the deck of cards made of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from . import blocks
from .registry import Note

FRONT = {
    "title": "面试题库",
    "description": "全站的面试题：按节与难度筛选，随机抽题，按记忆曲线复习，导出到 Anki。",
    "search": "{exclude: true}",
    "hide": "[toc]",
}
PRINTED_FRONT = {
    "title": "面试题库：打印版",
    "summary": "全站的面试题与答案，按节排在一页上，可以只印题目。",
    "search": "{exclude: true}",
    "hide": "[toc]",
}
LEVELS = ("易", "中", "难")
"""The marks of difficulty, written `> [!question|难]`, or as `difficulty: 难` in the front matter for a whole page."""
USUAL = "中"

_OPENING = re.compile(r'<(details|div) class="(?:admonition )?question"(?P<rest>[^>]*)>')


@dataclass(frozen=True)
class Question:
    """A question: `id` is its anchor on its page, `title` and `answer` are HTML, `level` one of LEVELS."""

    id: str
    title: str
    answer: str
    level: str
    page: str
    address: str
    section: str
    tags: tuple[str, ...]


def identifier(path: str, title: str) -> str:
    """The anchor of a question: it stays when the page grows, and changes when the question is worded anew."""
    return "q-" + hashlib.sha256(f"{path}\n{' '.join(title.split())}".encode()).hexdigest()[:10]


def of(note: Note) -> list[blocks.Callout]:
    """The questions of a note, in order."""
    return [one for one in blocks.walk(note.blocks) if isinstance(one, blocks.Callout) and one.is_question]


def level(mark: str, page: str) -> str:
    """The difficulty that a callout's mark names, else the page's front matter, else the usual one."""
    return next((name for name in (mark, page) if name in LEVELS), USUAL)


def anchored(html: str, identifiers: Iterable[str]) -> str:
    """Give each question of a page's HTML its anchor, in their order in the source."""
    names = iter(identifiers)

    def name(match: re.Match[str]) -> str:
        anchor = next(names, None)
        # A block id of the author's is the anchor, too.
        named = anchor is None or " id=" in match["rest"]
        return match[0] if named else f'<{match[1]} id="{anchor}"{match[0].removeprefix("<" + match[1])}'

    return _OPENING.sub(name, html)


def frame(title: str) -> str:
    """The Markdown of a page of questions, with a place for them, which `fill` or `fill_printed` puts in."""
    return f"# {title}\n\n<div data-questions></div>\n"


def fill(content: str, questions: Sequence[Question], deck: str, assets: str) -> str:
    """Put the list of questions into the HTML of the page; `deck` and `assets` are the addresses of what it uses."""
    sections = list(dict.fromkeys(question.section for question in questions))
    options = "".join(f'<option value="{escape(section)}">{escape(section)}</option>' for section in sections)
    levels = "".join(f'<option value="{name}">{name}</option>' for name in LEVELS)
    html = (
        f'<link rel="stylesheet" href="{escape(assets)}questions.css">'
        f"<p>全站 {len(questions)} 道题，答案在各自的页面上。"
        f'也可以下载 <a href="{escape(deck)}" download>Anki 牌组</a>：'
        "编号不变，以后导入新版会更新旧卡片，不影响复习进度；"
        '或者看 <a href="print/">打印版</a>，题目和答案都在一页上。</p>'
        '<form class="question-tools" hidden>'
        f'<label>节 <select name="section"><option value="">全部</option>{options}</select></label>'
        f'<label>难度 <select name="level"><option value="">全部</option>{levels}</select></label>'
        '<label>进度 <select name="state"><option value="">全部</option><option value="due">该复习的</option>'
        '<option value="new">没做过的</option></select></label>'
        '<label>含有 <input name="text" type="search" autocomplete="off" placeholder="题目里的字"></label>'
        '<output class="question-count" aria-live="polite"></output>'
        '<span class="question-buttons"><button type="button" name="draw">随机抽一题</button>'
        '<button type="button" name="review">开始复习</button>'
        '<button type="button" name="export">导出进度</button>'
        '<button type="button" name="import">导入进度</button></span>'
        "</form>"
        '<div class="question-card" hidden tabindex="-1"></div>'
        f'<div class="question-list">{_groups(questions, _item)}</div>'
        f'<script type="module" src="{escape(assets)}questions.js"></script>'
    )
    return content.replace("<div data-questions></div>", html)


def fill_printed(content: str, questions: Sequence[Question], assets: str) -> str:
    """Put the questions with their answers into the HTML of the page to print; the reader may leave the answers out."""
    html = (
        f'<link rel="stylesheet" href="{escape(assets)}questions.css">'
        '<fieldset class="question-print"><legend>打印</legend>'
        '<label><input type="radio" name="print" checked> 题目和答案</label>'
        '<label><input type="radio" name="print" class="question-only"> 只印题目</label></fieldset>'
        f'<div class="question-list">{_groups(questions, _answered)}</div>'
    )
    return content.replace("<div data-questions></div>", html)


def _groups(questions: Sequence[Question], item: Callable[[Question], str]) -> str:
    sections = ((section, list(run)) for section, run in groupby(questions, lambda question: question.section))
    return "".join(
        f'<section class="question-group" data-section="{escape(section)}"><h2 id="section-{index}">{escape(section)}'
        f" <small>{len(own)}</small></h2><ol>{''.join(map(item, own))}</ol></section>"
        for index, (section, own) in enumerate(sections, 1)
    )


def _item(question: Question) -> str:
    tags = " ".join(question.tags)
    return (
        f'<li data-id="{question.id}" data-level="{question.level}" data-tags="{escape(tags)}">'
        f'<a href="{escape(question.address)}#{question.id}">{question.title}</a>'
        f' <span class="question-page">{escape(question.page, quote=False)}</span></li>'
    )


def _answered(question: Question) -> str:
    return (
        f'<li data-level="{question.level}"><p class="question-title">{question.title}'
        f' <span class="question-page">{question.level} · '
        f'<a href="{escape(question.address)}#{question.id}">{escape(question.page, quote=False)}</a></span></p>'
        f'<div class="question-answer">{question.answer}</div></li>'
    )
