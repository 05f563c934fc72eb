"""勘误: every widespread error that a page of the vault corrects, from the callouts titled 常见误区.

One page lists what is said wrongly; a page a section says what is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from . import blocks
from .callouts import Callout
from .questions import identifier
from .registry import Note

TITLE = "勘误"
FRONT = {
    "title": TITLE,
    "description": "流传很广却不对的说法：错在哪里，依据是什么。",
    "search": "{exclude: true}",
}
MARK = "常见误区："
"""What the title of a callout begins with that corrects an error which readers meet elsewhere."""


@dataclass(frozen=True)
class Erratum:
    """An error: where it is corrected, what is said wrongly and what is right, both as HTML of the page that shows it.

    `id` is its anchor on the page of its section, whose address `listed` is, as seen from the page that shows it.
    """

    id: str
    section: str
    listed: str
    page: str
    address: str
    wrong: str
    right: str


def is_one(callout: Callout) -> bool:
    """Whether a callout corrects such an error."""
    return callout.kind == "warning" and callout.title.startswith(MARK)


def anchor(path: str, title: str) -> str:
    """The anchor of an error, which stays when its page grows."""
    return identifier(path, title).replace("q-", "e-", 1)


def page_of(path: str) -> str:
    """The page that lists the errors which the note at `path` corrects: `errata/attention.md`, that of its section."""
    return f"errata/{_folder(path)}.md"


def pages(notes: Iterable[Note]) -> dict[str, str]:
    """The folders of the sections that have errors, by the page that lists them."""
    return {
        page_of(note.path): _folder(note.path)
        for note in notes
        if "/" in note.path and any(map(_marked, blocks.walk(note.blocks)))
    }


def _folder(path: str) -> str:
    return path.partition("/")[0]


def _marked(block: blocks.Block) -> bool:
    return isinstance(block, blocks.Callout) and block.title.startswith(MARK)


def front(section: str) -> dict[str, str]:
    """The front matter of the page of a section."""
    return FRONT | {
        "title": f"{TITLE}：{section}",
        "description": f"{section}里流传很广却不对的说法：错在哪里，依据是什么。",
    }


def frame(sections: Sequence[str]) -> str:
    """The Markdown of the page of all: a heading for each section, and a place for its errors, which `fill` puts in."""
    heads = (f'## {title}\n\n<div data-errata="{number}"></div>\n' for number, title in enumerate(sections))
    return "\n".join([f"# {TITLE}\n", "<div data-errata-count></div>\n", *heads])


def fill(content: str, errata: Sequence[Erratum]) -> str:
    """Put what is said wrongly into the HTML of the page of all, each with a link to what is right."""
    counted = (
        f"<p>全站更正了 {len(errata)} 条流传很广的说法，都列在下面。点每条后面的箭头，看它为什么错、依据是什么。</p>"
    )
    content = content.replace("<div data-errata-count></div>", counted)
    for number, (_, own) in enumerate(groupby(errata, lambda erratum: erratum.section)):
        lines = "".join(f"<li>{one.wrong} {_arrow(f'{one.listed}#{one.id}', '为什么错')}</li>" for one in own)
        content = content.replace(f'<div data-errata="{number}"></div>', f'<ul class="errata">{lines}</ul>')
    return content


def section_frame(section: str, titles: Sequence[str]) -> str:
    """The Markdown of the page of a section: a heading for each page that corrects errors, and places for them."""
    heads = (f'## {title}\n\n<div data-errata="{number}"></div>\n' for number, title in enumerate(titles))
    return "\n".join(
        [
            f"# {TITLE}：{section}\n",
            '<p>每条先写错的说法，再写为什么错、依据是什么。其他节的都列在<a href="../">勘误</a>里。</p>\n',
            *heads,
        ]
    )


def fill_section(content: str, errata: Sequence[Erratum]) -> str:
    """Put the errors of a section into the HTML of its page, each under the page that corrects it."""
    for number, (_, own) in enumerate(groupby(errata, lambda erratum: erratum.page)):
        content = content.replace(f'<div data-errata="{number}"></div>', "".join(map(_item, own)))
    return content


def _item(erratum: Erratum) -> str:
    head = f"<h3>{erratum.wrong} {_arrow(erratum.address, '到正文')}</h3>"
    return f'<section class="erratum" id="{erratum.id}">{head}{erratum.right}</section>'


def _arrow(address: str, label: str) -> str:
    return f'<a class="errata-home" href="{escape(address)}" aria-label="{label}">→</a>'
