"""What a page offers, counted: minutes to read, concepts, questions, labs; and the links to its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from . import questions
from .machines import Source, minutes
from .registry import Note, Vault

_LAB = re.compile(r'--8<-- "(labs/[^":]+)')


@dataclass(frozen=True)
class Facts:
    """The counts of a page."""

    minutes: int
    concepts: int
    questions: int
    labs: int

    def line(self) -> str:
        """The facts in a line."""
        parts = [f"约 {self.minutes} 分钟读完"]
        parts += [f"{self.concepts} 个概念"] if self.concepts > 1 else []
        parts += [f"{self.labs} 个实验"] if self.labs else []
        parts += [f"{self.questions} 道面试题"] if self.questions else []
        return " · ".join(parts)


def of(note: Note, vault: Vault) -> Facts:
    """Count what a note offers."""
    return Facts(
        minutes=minutes(note.source.body),
        concepts=len(vault.homes.get(note.path, ())),
        questions=len(questions.of(note)),
        labs=len(set(_LAB.findall(note.source.body))),
    )


def totals(pages: int, concepts: int, formulas: int, figures: int, labs: int, tests: int, questions: int) -> str:
    """What the whole site holds, for the home page."""
    shown = {"页": pages, "个概念": concepts, "条公式": formulas, "张图": figures, "个能运行的实验": labs}
    shown |= {"个自动测试": tests, "道面试题": questions}
    parts = (f"<span><b>{count:,}</b> {name}</span>" for name, count in shown.items() if count)
    return f'<p class="totals">{" ".join(parts)}</p>'


def under_title(html: str, facts: Facts, updated: str) -> str:
    """Put the facts of a page, and the day of its last change, under its title, which may stand above the text."""
    day = f' · <span>更新于 <time datetime="{escape(updated)}">{escape(updated)}</time></span>' if updated else ""
    return _below_title(html, f'<p class="page-facts" data-search-exclude="">{facts.line()}{day}</p>\n')


def place_for_progress(html: str) -> str:
    """A line under the title of a route, which overrides/assets/paths/paths.js fills: put there by it, it would move
    all that stands below.
    """
    return _below_title(html, '<p class="path-progress" role="status" data-search-exclude=""></p>\n')


def _below_title(html: str, line: str) -> str:
    head, mark, rest = html.partition("</h1>")
    return f"{head}{mark}\n{line}{rest}" if mark else line + html


def foot(repository: str, source: Source, address: str) -> str:
    """The links to a page's source: to read, and, where the repository is known, to edit and to report an error."""
    links = [f'<a href="{escape(address)}" type="text/markdown">Markdown 原文</a>']
    if repository:
        query = urlencode({"template": "error.yml", "title": f"[勘误] {source.title}", "page": f"docs/{source.path}"})
        links.append(f'<a href="{escape(repository)}/edit/main/docs/{escape(source.path)}" rel="edit">编辑本页</a>')
        links.append(f'<a href="{escape(f"{repository}/issues/new?{query}")}">报告错误</a>')
    return f'<p class="page-source" data-search-exclude="">{" · ".join(links)}</p>\n'
