"""A tree of blocks written as the Markdown that Python-Markdown and the enabled extensions read.

Python-Markdown nests by four columns, wants blank lines where CommonMark does not, joins neighbouring quotes and lists,
and knows
callouts as admonitions (`!!!`, `???`). What it would read in another way than Obsidian goes round it: raw HTML becomes
a token that
`pages.restore_html` replaces in the finished page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from . import blocks

Where = Literal["text", "heading", "cell", "title", "html", "fence", "mermaid"]
Inline = Callable[[str, int, Where], str]
"""Turns the inline text of a block, which starts at a line of its file, into Markdown."""
Report = Callable[[int, str, str], None]
"""Takes the line, kind and message of a problem."""

HTML_OPEN, HTML_CLOSE = "\ufdd2", "\ufdd3"

CALLOUTS = {
    "note": ("note", "说明"),
    "abstract": ("abstract", "摘要"), "summary": ("abstract", "摘要"), "tldr": ("abstract", "摘要"),
    "info": ("info", "信息"), "todo": ("info", "待办"),
    "tip": ("tip", "提示"), "hint": ("tip", "提示"), "important": ("tip", "重要"),
    "success": ("success", "完成"), "check": ("success", "完成"), "done": ("success", "完成"),
    "question": ("question", "问题"), "help": ("question", "问题"), "faq": ("question", "问题"),
    "warning": ("warning", "注意"), "caution": ("warning", "注意"), "attention": ("warning", "注意"),
    "failure": ("failure", "失败"), "fail": ("failure", "失败"), "missing": ("failure", "缺失"),
    "danger": ("danger", "危险"), "error": ("danger", "错误"),
    "bug": ("bug", "缺陷"), "example": ("example", "示例"), "quote": ("quote", "引用"), "cite": ("quote", "引用"),
}  # fmt: skip
"""Obsidian's callout types: the Material type that draws each, and the title shown when the author gives none."""

_FENCE_OPTION = re.compile(r"""(?:title|linenums|hl_lines)=(?:"[^"\n]*"|'[^'\n]*')""")
_LANGUAGE = re.compile(r"\{?\s*\.?([\w#.+-]+)")
# Lines that Python-Markdown or an extension would read as a block, though the note's own structure says they are text.
_LOOKS_LIKE_BLOCK = re.compile(r"(?:#|!!!|\?\?\?|///|:\s|>|={2,}\s*$|-{2,}\s*$|\|.*\|\s*$|[-*+][ \t]|\d+[.)][ \t])")


@dataclass
class Writer:
    """Writes blocks; `html` collects the raw HTML that the tokens stand for."""

    inline: Inline
    report: Report
    inside: Callable[[blocks.Embed], Writer]
    """Gives the writer for the blocks of an embed: links and problems are those of the note they come from."""
    html: list[str] = field(default_factory=list)
    embedded: str = ""
    """Tells the footnotes of an embed from the page's; empty on the page itself."""

    def raw(self, html: str) -> str:
        """A token for raw HTML."""
        self.html.append(html)
        return f"{HTML_OPEN}{len(self.html) - 1}{HTML_CLOSE}"

    def anchor(self, identifier: str) -> str:
        """An empty element that a fragment leads to; nothing in an embed, whose ids belong to another page."""
        return f'<span class="anchor" id="{identifier}"></span>' if identifier and not self.embedded else ""

    def document(self, tree: Sequence[blocks.Block]) -> str:
        """The Markdown of a whole note."""
        return "\n".join(self.write(tree)) + "\n"

    def write(self, children: Sequence[blocks.Block]) -> list[str]:
        """The lines of sibling blocks, a blank line between any two."""
        out: list[str] = []
        previous: blocks.Block | None = None
        for block in children:
            lines = self.block(block)
            if not lines:
                continue
            if previous is not None:
                out.append("")
                if _would_join(previous, block):
                    out += [self.raw("<!-- -->"), ""]
            if self.anchor(block.id) and not isinstance(block, blocks.Heading | blocks.Paragraph):
                out += [self.raw(self.anchor(block.id)), ""]
            out += lines
            previous = block
        return out

    def block(self, block: blocks.Block) -> list[str]:
        """The lines of one block, without the marks of its containers."""
        match block:
            case blocks.Heading():
                text = self.inline(" ".join(block.lines), block.line, "heading")
                # An embedded heading has no id, which belongs to its own page, and is not in the table of contents.
                attributes = 'data-toc-omit=""' if self.embedded else f"#{block.anchor}"
                return [f"{'#' * block.level} {text} {{: {attributes} }}"]
            case blocks.Paragraph():
                text = self.inline(block.text, block.line, "text")
                lines = [_as_text(line) for line in text.split("\n")] if text.strip() else []
                return [self.anchor(block.id) + lines[0], *lines[1:]] if lines else lines
            case blocks.Table():
                return self.table(block)
            case blocks.Fence():
                lines = self.inline(block.text, block.line + 1, "fence").split("\n") if block.lines else []
                info = block.info
                if re.match(r"mermaid\b", info):
                    info = self.inline(block.text, block.line + 1, "mermaid")
                return fence(info, lines)
            case blocks.Code():
                # As a fence: after a list, indentation alone would make it part of the last item.
                return fence("text", block.lines)
            case blocks.Html():
                return [self.raw(self.inline(block.text, block.line, "html"))]
            case blocks.Rule():
                return ["* * *"]
            case blocks.Callout():
                return self.callout(block)
            case blocks.Quote():
                return [f"> {line}".rstrip() for line in self.write(block.children)] or [">"]
            case blocks.List():
                return self.items(block)
            case blocks.Footnote():
                inner = self.write(block.children)
                return [f"[^{self.embedded}{block.label}]: {inner[0] if inner else ''}", *indent(inner[1:])]
            case blocks.Embed():
                inner = self.inside(block).write(block.children)
                return [self.raw('<div class="embed">'), "", *inner, "", self.raw("</div>")]
        raise TypeError(f"no way to write a {type(block).__name__}")

    def callout(self, block: blocks.Callout) -> list[str]:
        """A callout as an admonition, or as a details block when it folds."""
        style, default = CALLOUTS.get(block.kind, ("note", block.kind.capitalize()))
        own = re.sub(r"[^\w-]+", "-", block.kind).strip("-")
        classes = style if own in ("", style) else f"{style} {own}"
        title = (
            self.inline(block.title, block.line, "title") if block.title else self.inline(default, block.line, "title")
        )
        mark = {"": "!!!", "-": "???", "+": "???+"}[block.fold]
        return [f'{mark} {classes} "{title}"', *indent(["", *self.write(block.children)] if block.children else [])]

    def items(self, block: blocks.List) -> list[str]:
        """A list whose items are indented by four columns."""
        out: list[str] = []
        lines: list[str] = []
        for index, item in enumerate(block.children):
            assert isinstance(item, blocks.Item)
            mark = f"{block.start + index}." if block.ordered else "-"
            # After an item of several blocks, only a blank line makes Python-Markdown begin a new one.
            if out and (not block.tight or "" in lines):
                out.append("")
            lines = self.item(item, block.tight)
            lines[0] = self.anchor(item.id) + lines[0]
            out.append(f"{mark} ".ljust(4) + lines[0] if block.ordered else f"- {lines[0]}")
            out += indent(lines[1:])
        return out

    def item(self, item: blocks.Item, tight: bool) -> list[str]:
        """The lines of an item; Python-Markdown needs something to begin it with: an empty token if no text does."""
        children = _task(item.children)
        if (
            tight
            and len(children) == 2
            and isinstance(children[0], blocks.Paragraph)
            and isinstance(children[1], blocks.List)
        ):
            return [*self.block(children[0]), *self.block(children[1])] if not children[1].id else self.write(children)
        lines = self.write(children)
        if not children or not isinstance(children[0], blocks.Paragraph) or not lines:
            return [self.raw(""), *([""] if lines else []), *lines]
        return lines

    def table(self, block: blocks.Table) -> list[str]:
        """A table, each cell turned on its own; a pipe inside a cell is written as an entity."""
        rows: list[str] = []
        width = len(blocks.cells(block.lines[0]))
        for index, line in enumerate(block.lines):
            row = blocks.cells(line)
            if len(row) > width:
                message = (
                    f"table row has {len(row)} cells, the header {width}: the rest is lost (a pipe in a cell is \\|)"
                )
                self.report(block.line + index, "table", message)
            if index != 1:
                row = [self.inline(cell, block.line + index, "cell").replace("\n", " ") for cell in row[:width]]
            rows.append("| " + " | ".join(row + [""] * (width - len(row))) + " |")
        return rows


_TASK = re.compile(r"\[([^ xX\]])\][ \t]+(?=\S)")


def _task(children: Sequence[blocks.Block]) -> list[blocks.Block]:
    """An item's blocks, a custom task mark such as `[-]` written as a done task that carries the mark."""
    first = children[0] if children else None
    mark = _TASK.match(first.lines[0]) if isinstance(first, blocks.Paragraph) else None
    if not isinstance(first, blocks.Paragraph) or not mark:
        return list(children)
    rest = first.lines[0][mark.end() :]
    head = f'[x] <span class="task-mark" data-task="{escape(mark[1])}"></span>{rest}'
    return [blocks.Paragraph(first.line, [head, *first.lines[1:]], id=first.id), *children[1:]]


def indent(lines: Sequence[str]) -> list[str]:
    """The lines four columns in; blank ones stay empty."""
    return ["    " + line if line else "" for line in lines]


def fence(info: str, lines: Sequence[str]) -> list[str]:
    """A fence that SuperFences accepts: one language word and the options it knows, whatever else the author wrote
    there.
    """
    longest = max((len(run) for line in lines for run in re.findall(r"^\s*(`{3,})", line)), default=2)
    marks = "`" * (longest + 1)
    language = _LANGUAGE.match(info)
    options = " ".join(_FENCE_OPTION.findall(info))
    head = f"{marks}{language[1] if language and '=' not in language[1] else 'text'}"
    return [f"{head} {options}".rstrip(), *lines, marks]


def _would_join(before: blocks.Block, block: blocks.Block) -> bool:
    """Whether Python-Markdown would make one block of two neighbours."""
    if isinstance(before, blocks.List) and isinstance(block, blocks.List):
        return before.ordered == block.ordered
    return type(before) is blocks.Quote and type(block) is blocks.Quote


def _as_text(line: str) -> str:
    """A line of a paragraph that no block rule matches."""
    return f"&#{ord(line[0])};{line[1:]}" if _LOOKS_LIKE_BLOCK.match(line) else line
