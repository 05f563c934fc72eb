"""Unlinked mentions: where a page names a concept that it never links to."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator

from . import inline
from .reader import Reader, label_start, texts
from .registry import Concept, Note, Vault, fold
from .report import Problem

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[A-Za-z0-9]")
_BRACKETS = re.compile(r"\[[@^][^\[\]\n]*\]")


class Names:
    """Finds the names of concepts in a text, the longest first, in time linear in the text for names of bounded length.

    A name counts when it has two Han characters, or three Latin letters or digits of which two are letters (`NF4`); a
    Latin one only as a whole word.
    """

    def __init__(self, vault: Vault) -> None:
        self._concepts: dict[str, Concept] = {}
        for concept in sorted(vault.concepts.values(), key=lambda concept: concept.id):
            for name in concept.names:
                if len(_HAN.findall(name)) >= 2 or (len(_WORD.findall(name)) >= 3 and len(_LATIN.findall(name)) >= 2):
                    self._concepts.setdefault(name, concept)
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._concepts:
            lengths[name[:2]].add(len(name))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        """Lengths of the names that begin with two characters."""

    def find(self, text: str) -> Iterator[tuple[int, str, Concept]]:
        """Position, name and concept of each mention; none overlap."""
        position = 0
        while position < len(text) - 1:
            for length in self._lengths.get(text[position : position + 2], ()):
                name = text[position : position + length]
                if name in self._concepts and _whole(text, position, position + len(name)):
                    yield position, name, self._concepts[name]
                    position += len(name)
                    break
            else:
                position += 1


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a span is not part of a longer Latin word, such as `GPT` in `GPT-4` or `Qwen2` in `Qwen2.5`."""
    if _word(text[start : start + 1]) and start:
        before = text[start - 1]
        if _word(before) or (before in "-_." and _word(text[start - 2 : start - 1])):
            return False
    if _word(text[end - 1 : end]):
        after = text[end : end + 1]
        if _word(after) or (after and after in "-_." and _word(text[end + 1 : end + 2])):
            return False
    return True


def _word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def unlinked(note: Note, vault: Vault, reader: Reader, names: Names) -> Iterator[Problem]:
    """A line of advice for each concept that the note names and never links to, at its first mention."""
    linked = {(reference.target.path, reference.target.anchor) for reference in reader.references(note)}
    linked_pages = {path for path, _ in linked}
    done: set[str] = set()
    for text in texts(note.blocks):
        if text.kind != "text":
            continue
        prose = _without_labels(text.split)
        for position, name, concept in names.find(prose):
            known = (concept.path, concept.anchor) in linked if concept.anchor else concept.path in linked_pages
            # A section's own index is one click away on each of its pages.
            near = not concept.anchor and note.path.startswith(concept.path.removesuffix("index.md"))
            if known or near or concept.id in done or concept.path == note.path:
                continue
            done.add(concept.id)
            line = text.split.line_at(position)
            link = f"[[{_target(concept, vault)}|{name}]]"
            yield Problem(note.path, line, "unlinked mention", f"names {name} and never links to it: {link}")


def _without_labels(split: inline.Split) -> str:
    """The prose with the labels of links, citations and footnote marks blanked, every position kept."""
    prose = _BRACKETS.sub(lambda match: " " * len(match[0]), split.prose)
    for match in inline.TOKEN.finditer(split.prose):
        if split.holes[int(match[1])].kind == "target":
            start = label_start(split.prose, match.start())
            prose = prose[:start] + " " * (match.start() - start) + prose[match.start() :]
    return prose


def _target(concept: Concept, vault: Vault) -> str:
    """How a wikilink names the home of a concept: by file name, with the folder where that is not enough."""
    path = concept.path.removesuffix(".md")
    name = posixpath.basename(path)
    same = [other for other in vault.notes if fold(posixpath.basename(other).removesuffix(".md")) == fold(name)]
    return (name if len(same) == 1 else path) + (f"#^{concept.anchor}" if concept.anchor else "")
