"""Notes as plain text: the sentence around each link, and the sentence that says what a page or a concept is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, NamedTuple

from . import blocks, embeds, inline, links
from .registry import Note, Readable, Target, Vault, plain

AROUND = 70
"""Characters of a sentence shown on either side of a link."""
LONGEST = 140
"""Characters of a summary that is taken from the text."""
WINDOW = 300
"""Characters of a block that are searched on either side of a link, so that no text makes the search quadratic."""

_SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)】]*|\.(?=\s)|\n")
_IMAGE = re.compile(rf"{inline.OPEN}(\d+){inline.CLOSE}[^{inline.OPEN}]*(?:{inline.TOKEN.pattern})")
_CITATION = re.compile(r"\s*\[@[^\[\]\n]*\]")
_INLINE_FOOTNOTE = re.compile(r"\^\[[^\[\]\n]*\]")


class Words(NamedTuple):
    """The sentence of a link: the text before it, in it and after it."""

    before: str
    text: str
    after: str


@dataclass(frozen=True)
class Reference:
    """A link from a note to another page, or to an anchor of it; `line` is the file's."""

    source: str
    line: int
    target: Target
    words: Callable[[], Words]
    """Reads the sentence, which costs more than to find the link."""


@dataclass(frozen=True)
class Text:
    """The inline text of one block, or of one row of a table."""

    split: inline.Split
    kind: Literal["heading", "title", "text"]


def texts(tree: Sequence[blocks.Block]) -> Iterator[Text]:
    """All inline text of a tree: headings, titles of callouts and columns, running text."""
    for block in blocks.walk(tree):
        match block:
            case blocks.Heading():
                yield Text(inline.split(" ".join(block.lines), block.line), "heading")
            case blocks.Paragraph():
                yield Text(inline.split(block.text, block.line), "text")
            case blocks.Callout():
                yield Text(inline.split(block.title, block.line), "title")
            case blocks.Table():
                for index, row in enumerate(block.lines):
                    if index != 1:
                        # A row is read as one sentence: a cell alone rarely says anything.
                        text = " · ".join(cell for cell in blocks.cells(row) if cell)
                        yield Text(inline.split(text, block.line + index), "text" if index else "title")


def label_start(prose: str, end: int) -> int:
    """Where the `[` stands that opens the label of a Markdown link whose target is at `end`; `end` if there is none."""
    depth = 1
    for position in range(end - 1, max(-1, end - WINDOW), -1):
        depth += {"]": 1, "[": -1}.get(prose[position], 0)
        if not depth:
            return position
    return end


@dataclass
class Reader:
    """Reads the notes of a vault; `readable` turns TeX into text."""

    vault: Vault
    readable: Readable
    _formulas: dict[str, str] = field(default_factory=dict)

    def _tex(self, tex: str) -> str:
        if tex not in self._formulas:
            self._formulas[tex] = self.readable(tex)
        return self._formulas[tex]

    def plain(self, text: str, note: Note) -> str:
        """What a reader of the note sees of a text, without citations and footnotes."""
        split = inline.split(text)
        return self._plain(split.prose, split, self._follow(split, note))

    def _plain(self, prose: str, split: inline.Split, leads: Mapping[int, Target]) -> str:
        """The plain text of a part of the prose of `split`."""

        def show(hole: inline.Hole) -> str:
            if hole.kind != "wikilink":
                return hole.text
            target, _, alias = hole.body.replace("\\|", "|").partition("|")
            found = leads.get(id(hole))
            return alias.strip() or (found.text if found else links.bare(target.strip()))

        bare = _INLINE_FOOTNOTE.sub("", _without_images(prose, split))
        if self.vault.own:
            bare = _CITATION.sub("", bare)
        return plain(split.fill(bare, show), self._tex)

    def _follow(self, split: inline.Split, note: Note) -> dict[int, Target]:
        """The pages of the vault that the links and embeds of a text lead to, by the hole's identity."""
        found: list[Target] = []
        scope = links.Scope(self.vault, note, note.path, lambda _: None, lambda target, _: found.append(target))
        leads = {}
        for hole in split.holes:
            found.clear()
            if hole.kind in ("wikilink", "embed"):
                links.wikilink(hole, scope)
            elif hole.kind == "target":
                links.target(hole, scope, image=False)
            if found and found[0].path in self.vault.notes:
                leads[id(hole)] = found[0]
        return leads

    def references(self, note: Note) -> Iterator[Reference]:
        """Every link of a note to a page of the vault, its own included, in order."""
        for text in texts(note.blocks):
            split = text.split
            prose, leads = split.prose, self._follow(split, note)
            for match in inline.TOKEN.finditer(prose) if leads else ():
                hole = split.holes[int(match[1])]
                if id(hole) in leads:
                    words = partial(self._words, split, leads, match, hole)
                    yield Reference(note.path, hole.line, leads[id(hole)], words)

    def told(self, note: Note, limit: int) -> list[Reference]:
        """The same with the sentences of the first `limit` links to each other page read, as another process needs."""
        seen: Counter[str] = Counter()
        out = []
        for reference in self.references(note):
            target = reference.target.path
            seen[target] += 1
            wanted = target != note.path and seen[target] <= limit
            words = reference.words() if wanted else Words("", "", "")
            out.append(replace(reference, words=partial(Words, *words)))
        return out

    def _words(
        self, split: inline.Split, leads: Mapping[int, Target], match: re.Match[str], hole: inline.Hole
    ) -> Words:
        """The sentence of the link that ends with a hole, whose token is matched in the prose."""
        prose, start, end = split.prose, match.start(), match.end()
        if hole.kind == "target":
            start = label_start(prose, end=start)
            text = self._plain(prose[start + 1 : match.start()], split, leads)
        else:
            text = self._plain(match[0], split, leads)
        before, after = _sentence(prose, start, end)
        return Words(
            _last(self._side(before, split, leads)),
            text or leads[id(hole)].text,
            _first(self._side(after, split, leads)),
        )

    def _side(self, prose: str, split: inline.Split, leads: Mapping[int, Target]) -> str:
        """The plain text of one side of a link, with the space that separates it from the link."""
        shown = self._plain(prose, split, leads)
        left = " " if prose[:1].isspace() else ""
        right = " " if prose[-1:].isspace() else ""
        return f"{left}{shown}{right}" if shown else left

    def summary(self, note: Note, anchor: str = "") -> str:
        """What a page or an anchor of it is about, in one sentence; empty when it has no running text."""
        if not anchor and note.meta.summary:
            return self.plain(note.meta.summary, note)
        for block in blocks.walk(embeds.part(note, anchor)):
            if not isinstance(block, blocks.Paragraph):
                continue
            split = inline.split(block.text)
            # Formulas, images and embeds alone say nothing.
            if not re.search(r"\w", inline.TOKEN.sub("", _without_images(split.prose, split))):
                continue
            for sentence in _sentences(split.prose):
                shown = self.plain(split.source(sentence), note)
                if shown:
                    # What the sentence leads to, a formula or a list, is not shown.
                    shown = re.sub(r"[：:，,、；;]$", "。", shown)
                    return shown if len(shown) <= LONGEST else shown[:LONGEST].rstrip() + "…"
        return ""


def _without_images(prose: str, split: inline.Split) -> str:
    """The prose without the images of Markdown and their alternative texts."""

    def drop(match: re.Match[str]) -> str:
        return "" if split.holes[int(match[1])].kind == "image" else match[0]

    return _IMAGE.sub(drop, prose)


def _sentences(prose: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(prose):
        yield prose[start : end.end()]
        start = end.end()
    yield prose[start:]


def _sentence(prose: str, start: int, end: int) -> tuple[str, str]:
    """The parts before and after a span of the sentence around it."""
    # Never from or to the middle of a token.
    before = re.sub(rf"^\d*{inline.CLOSE}", "", prose[max(0, start - WINDOW) : start])
    after = re.sub(rf"{inline.OPEN}\d*$", "", prose[end : end + WINDOW])
    first = max((match.end() for match in _SENTENCE_END.finditer(before)), default=0)
    last = _SENTENCE_END.search(after)
    return before[first:].lstrip(), after[: last.end() if last else None].rstrip()


def _last(text: str) -> str:
    return text if len(text) <= AROUND else "…" + text[-AROUND:]


def _first(text: str) -> str:
    return text if len(text) <= AROUND else text[:AROUND] + "…"
