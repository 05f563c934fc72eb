"""Embeds: `![[note]]`, `![[note#heading]]`, `![[note#^block]]` show blocks of another note, the rest shows a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from operator import is_

from . import blocks, inline, links
from .registry import Note, Target, Vault

MAX_DEPTH = 5
"""Embeds inside embeds beyond this are not shown."""

IMAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp)$", re.I)
AUDIO = re.compile(r"\.(?:mp3|wav|m4a|ogg|3gp|flac|oga|opus)$", re.I)
VIDEO = re.compile(r"\.(?:mp4|webm|ogv|mov|mkv)$", re.I)
PDF = re.compile(r"\.pdf$", re.I)

_ALONE = re.compile(r"[ \t]*!\[\[[^\n]*\]\][ \t]*(?:\^[A-Za-z0-9-]+)?[ \t]*$")


@dataclass
class Expander:
    """Puts the blocks that a note embeds into its tree; `scope_of` gives the scope to resolve a note's links in."""

    vault: Vault
    scope_of: Callable[[Note], links.Scope]
    count: int = 0
    trail: list[tuple[str, str]] = field(default_factory=list)
    fault: Callable[[str], None] = lambda message: None
    """Reports at the embed of the page itself that is being followed."""

    def page(self, note: Note) -> list[blocks.Block]:
        """The tree of a note with all that it embeds."""
        if "![[" not in note.source.body:
            return list(note.blocks)
        self.trail = [(note.path, "")]
        return self.expand(note.blocks, note)

    def expand(self, tree: Sequence[blocks.Block], note: Note) -> list[blocks.Block]:
        """The tree with an Embed for each line that is nothing but the embed of a note; what stays is shared."""
        out: list[blocks.Block] = []
        for block in tree:
            if isinstance(block, blocks.Paragraph) and "![[" in block.text:
                out += self._paragraph(block, note)
            elif isinstance(block, blocks.Container):
                children = self.expand(block.children, note)
                same = len(children) == len(block.children) and all(map(is_, children, block.children))
                out.append(block if same else replace(block, children=children))
            else:
                out.append(block)
        return out

    def _paragraph(self, block: blocks.Paragraph, note: Note) -> list[blocks.Block]:
        out: list[blocks.Block] = []
        text: list[str] = []
        start = block.line

        def flush(following: int) -> None:
            nonlocal text, start
            if text:
                out.append(blocks.Paragraph(start, text))
            text, start = [], following

        for index, line in enumerate(block.lines):
            hole = _only_embed(line, block.line + index) if _ALONE.match(line) else None
            embed = self._embed(hole, note) if hole else None
            if embed is None:
                text.append(line)
            else:
                flush(block.line + index + 1)
                out.append(embed)
        flush(0)
        if block.id and out:
            out[0].id = block.id
        return out

    def _embed(self, hole: inline.Hole, note: Note) -> blocks.Block | None:
        """The blocks that an embed shows; nothing when it is a file, which the inline pass shows."""
        target = hole.body.replace("\\|", "|").partition("|")[0].strip()
        scope = self.scope_of(note)
        name = target.partition("#")[0].strip()
        if name and self.vault.attachment(name, note) and not self.vault.find(name, note)[0]:
            return None
        found = links.resolve(target, hole, scope, kind="embed")
        if found is None or found.path not in self.vault.notes:
            return blocks.Paragraph(hole.line, [links.escape(links.bare(target))]) if found is None else None
        scope.follow(found, hole.line)
        step = (found.path, found.anchor)
        if len(self.trail) == 1:
            self.fault = partial(scope.problem, hole.line, "embed")
        way = " → ".join(path for path, _ in [*self.trail, step])
        if step in self.trail:
            self.fault(f"embeds go round in a circle: {way}; make one of them a link")
            return _link(found, hole)
        if len(self.trail) > MAX_DEPTH:
            self.fault(f"embeds are nested more than {MAX_DEPTH} deep: {way}; make one of them a link")
            return _link(found, hole)
        source = self.vault.notes[found.path]
        self.count += 1
        number = self.count
        self.trail.append(step)
        shown = self.expand(part(source, found.anchor), source)
        self.trail.pop()
        return blocks.Embed(hole.line, [*shown, *_footnotes(shown, source)], source.path, number)


def _link(found: Target, hole: inline.Hole) -> blocks.Block:
    """A paragraph with a link in place of an embed that cannot be shown."""
    target = hole.body.replace("\\|", "|").partition("|")[0]
    return blocks.Paragraph(hole.line, [f"[[{target}|{found.text}]]"])


def part(note: Note, anchor: str) -> list[blocks.Block]:
    """The blocks of a note that an embed names: all of them, a heading with its section, or one block."""
    if not anchor:
        return list(note.blocks)
    section = next((section for section in note.sections if section.anchor == anchor), None)
    if section:
        return [block for block in note.blocks if section.line <= block.line < section.end]
    for block in blocks.walk(note.blocks):
        if isinstance(block, blocks.List):
            for item in block.children:
                if item.id == anchor:
                    return [replace(block, children=[item], id="")]
        if block.id == anchor:
            return [block]
    return []


def _only_embed(line: str, number: int) -> inline.Hole | None:
    split = inline.split(line, number)
    embeds = [hole for hole in split.holes if hole.kind == "embed"]
    rest = inline.TOKEN.sub("", split.prose).strip()
    return embeds[0] if len(embeds) == len(split.holes) == 1 and not rest else None


_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")


def _footnotes(shown: Sequence[blocks.Block], note: Note) -> list[blocks.Block]:
    """The footnotes that the shown blocks use, defined elsewhere in their note."""
    here = {id(block) for block in blocks.walk(shown)}
    used = {
        label
        for block in blocks.walk(shown)
        if isinstance(block, blocks.Leaf)
        for label in _REFERENCE.findall(block.text)
    }
    return [
        block
        for block in note.blocks
        if isinstance(block, blocks.Footnote) and block.label in used and id(block) not in here
    ]


def file(hole: inline.Hole, scope: links.Scope) -> str:
    """`![[file|300x200|caption]]` as an image, player, PDF viewer or link; a missing file is reported."""
    name, *options = (option.strip() for option in hole.body.replace("\\|", "|").split("|"))
    path = scope.vault.attachment(name, scope.note)
    fragment = ""
    if not path:
        name, _, fragment = name.partition("#")
        path = scope.vault.attachment(name, scope.note)
    if not path:
        if scope.vault.find(name, scope.note)[0]:
            # A note in the middle of a line cannot be shown there; a link is what is left of it.
            return links.wikilink(inline.Hole("wikilink", hole.text, hole.body, hole.line), scope)
        scope.problem(hole.line, "missing file", f"embed {hole.text} matches no file of the vault")
        return links.escape(links.bare(name))
    size = next((match for option in options for match in [links.SIZE.fullmatch(option)] if match), None)
    caption = " ".join(option for option in options if not links.SIZE.fullmatch(option))
    label = caption or path.rpartition("/")[2]
    attributes = f' width="{size[1]}"' + (f' height="{size[2]}"' if size[2] else "") if size else ""
    address = links.in_vault(path, fragment)
    if IMAGE.search(path):
        return f"![{links.escape(label)}]({scope.href(path)})" + (f"{{{attributes} }}" if attributes else "")
    if AUDIO.search(path):
        return f'<audio controls preload="none" src="{address}" aria-label="{escape(label)}"></audio>'
    if VIDEO.search(path):
        return f'<video controls preload="metadata" src="{address}"{attributes} aria-label="{escape(label)}"></video>'
    if PDF.search(path):
        viewer = f'<iframe class="pdf" src="{address}"{attributes} title="{escape(label)}" loading="lazy"></iframe>'
        return f"{viewer}[{links.escape(label)}]({scope.href(path)})"
    return f"[{links.escape(label)}]({scope.href(path)})"
