"""参考文献: every work that a page cites, by year, with the pages that cite it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from .citations import Reference, reference_html

FRONT = {
    "title": "参考文献",
    "description": "全站引用的论文与报告，按年份排列，并列出引用它们的页面。",
    "search": "{exclude: true}",
}
NO_YEAR = "日期不详"


@dataclass(frozen=True)
class Work:
    """A reference, and the pages that cite it as (title, address relative to the list)."""

    reference: Reference
    pages: tuple[tuple[str, str], ...]

    @property
    def year(self) -> str:
        return self.reference.year if self.reference.year.isdigit() else NO_YEAR


def short(reference: Reference) -> str:
    """A reference in a few words, for a page that holds citations of many pages: first author and year."""
    author = reference.authors[0] if reference.authors else reference.title
    family = author.split()[-1] if author.isascii() or " " in author else author
    others = len(reference.authors) > 1 or reference.more_authors
    return f"{family}{' 等' if others else ''}，{reference.year}" if reference.year.isdigit() else family


def years(works: Sequence[Work]) -> list[str]:
    """The years of the works, the newest first."""
    return sorted(
        {work.year for work in works}, key=lambda year: (year == NO_YEAR, -int(year) if year.isdigit() else 0)
    )


def frame(years: Sequence[str]) -> str:
    """The Markdown of the list: a heading for each year, and a place for its works, which `fill` puts in."""
    heads = (f'## {year} {{: #{_anchor(year)} }}\n\n<div data-year="{year}"></div>\n' for year in years)
    return "\n".join(["# 参考文献\n", "<div data-works-count></div>\n", *heads])


def _anchor(year: str) -> str:
    return f"year-{year}" if year != NO_YEAR else "no-year"


def fill(content: str, works: Sequence[Work]) -> str:
    """Put the works into the HTML of the list, each under its year, by first author."""
    counted = f"<p>全站引用了 {len(works)} 篇论文与报告，按首次公开的年份排列，每篇下面是引用它的页面。</p>"
    content = content.replace("<div data-works-count></div>", counted)
    ordered = sorted(works, key=lambda work: (work.year, short(work.reference).lower(), work.reference.title))
    for year, group in groupby(ordered, lambda work: work.year):
        items = "".join(_item(work) for work in group)
        content = content.replace(f'<div data-year="{year}"></div>', f'<ul class="works">{items}</ul>')
    return content


def _item(work: Work) -> str:
    pages = "、".join(f'<a href="{escape(address)}">{escape(title, quote=False)}</a>' for title, address in work.pages)
    cited = f'<p class="work-pages">见 {pages}</p>' if pages else ""
    return f'<li id="ref-{escape(work.reference.key)}"><p>{reference_html(work.reference)}</p>{cited}</li>'
