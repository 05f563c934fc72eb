"""勘误: every widespread error that a page of the vault corrects, by section, from the callouts titled 常见误区."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from .callouts import Callout

FRONT = {
    "title": "勘误",
    "description": "流传很广却不对的说法：错在哪里，依据是什么。",
    "search": "{exclude: true}",
}
MARK = "常见误区："
"""What the title of a callout begins with that corrects an error which readers meet elsewhere."""


@dataclass(frozen=True)
class Erratum:
    """An error: where it is corrected, what is said wrongly and what is right, both as HTML of the page of errors."""

    section: str
    page: str
    address: str
    wrong: str
    right: str


def is_one(callout: Callout) -> bool:
    """Whether a callout corrects such an error."""
    return callout.kind == "warning" and callout.title.startswith(MARK)


def frame(sections: Sequence[str]) -> str:
    """The Markdown of the page: a heading for each section, and a place for its errors, which `fill` puts in."""
    heads = (f'## {title}\n\n<div data-errata="{number}"></div>\n' for number, title in enumerate(sections))
    return "\n".join(["# 勘误\n", "<div data-errata-count></div>\n", *heads])


def fill(content: str, errata: Sequence[Erratum]) -> str:
    """Put the errors into the HTML of the page, each under its section and the page that corrects it."""
    counted = f"<p>全站更正了 {len(errata)} 条流传很广的说法。每条先写错的说法，再写为什么错、依据是什么。</p>"
    content = content.replace("<div data-errata-count></div>", counted)
    for number, (_, own) in enumerate(groupby(errata, lambda erratum: erratum.section)):
        runs = [list(run) for _, run in groupby(own, lambda erratum: erratum.page)]
        content = content.replace(f'<div data-errata="{number}"></div>', "".join(map(_page, runs)))
    return content


def _page(errata: Sequence[Erratum]) -> str:
    address = escape(errata[0].address.partition("#")[0])
    head = f'<h3 class="errata-page"><a href="{address}">{escape(errata[0].page, quote=False)}</a></h3>'
    return head + "".join(map(_item, errata))


def _item(erratum: Erratum) -> str:
    link = f'<a class="errata-home" href="{escape(erratum.address)}" aria-label="到正文">→</a>'
    return f'<section class="erratum"><h4>{erratum.wrong} {link}</h4>{erratum.right}</section>'
