"""The vault as a whole: every note, every name that leads to one, every anchor, and the concept registry."""

from __future__ import annotations

import difflib
import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import blocks, cache, frontmatter, inline
from .report import Problem

Readable = Callable[[str], str]
"""TeX to readable text."""


def fold(name: str) -> str:
    """A name as names compare: NFC, case folded, white space single."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@dataclass(frozen=True)
class Section:
    """A heading of a note: plain text, level, HTML anchor, the file lines it covers (`end` excluded)."""

    text: str
    level: int
    anchor: str
    line: int
    end: int


@dataclass
class Note:
    """A note of the vault: `path` is relative to it, with forward slashes."""

    path: str
    source: frontmatter.Source
    blocks: list[blocks.Block]
    title: str = ""
    sections: list[Section] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    """Block ids and HTML anchors, with the line of each."""

    @property
    def meta(self) -> frontmatter.FrontMatter:
        """The note's front matter."""
        return self.source.meta

    @property
    def slug(self) -> str:
        """The file's name without its suffix; for an index, the folder's."""
        folder, name = posixpath.split(self.path)
        stem = name.removesuffix(".md")
        return posixpath.basename(folder) if stem.lower() in ("index", "readme") else stem

    @property
    def folder(self) -> str:
        """The folder of the note, relative to the vault; empty at the top."""
        return posixpath.dirname(self.path)

    def anchors(self) -> set[str]:
        """Every id that a link may name on the page."""
        return {section.anchor for section in self.sections} | self.ids.keys()


@dataclass(frozen=True)
class Concept:
    """The home of a concept: `names` has the shown name first; `anchor` is empty when the whole page is the home."""

    id: str
    names: tuple[str, ...]
    path: str
    anchor: str
    line: int


_MARKS = re.compile(r"\*\*|__|~~|==|(?<!\w)[*_]|[*_](?!\w)")
_NOT_SLUG = re.compile(r"[^\w\- ]+")
_HTML_ANCHOR = re.compile(r"<[A-Za-z][^<>]*?\s(?:id|name)\s*=\s*[\"']?([^\s\"'<>]+)")
_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def plain(text: str, readable: Readable) -> str:
    """The text a reader sees: links as their text, formulas readable, marks gone."""
    parts = inline.split(text)

    def show(hole: inline.Hole) -> str:
        if hole.kind in ("math", "display"):
            return readable(hole.body)
        if hole.kind == "wikilink":
            target, _, alias = hole.body.partition("|")
            return (alias or target.replace("#^", "#").strip("#").replace("#", " > ")).rstrip("\\")
        return hole.body if hole.kind in ("code", "escape", "url") else ""

    prose = _MARKS.sub("", re.sub(r"\[\^[^\]]*\]", "", parts.prose))
    prose = re.sub(rf"\[([^\[\]]*)(?={inline.OPEN})", r"\1", prose)
    return " ".join(parts.fill(prose, show).split())


def slug(text: str) -> str:
    """A readable id for a heading: Han characters stay, white space becomes hyphens."""
    text = _NOT_SLUG.sub("", unicodedata.normalize("NFC", text).lower())
    return re.sub(r"[\s-]+", "-", text).strip("-") or "section"


def read_note(path: str, text: str, readable: Readable) -> tuple[Note, list[Problem]]:
    """Parse a note and find its title, sections and anchors; gives its headings their HTML ids."""
    source = frontmatter.read(text)
    tree, faults = blocks.parse(source.body, source.first_line)
    note = Note(path, source, tree)
    problems = [Problem(path, line, "front matter", message) for line, message in source.faults]
    problems += [Problem(path, line, "structure", message) for line, message in faults]

    headings: list[blocks.Heading] = []
    for block in blocks.walk(tree):
        if block.id:
            if block.id in note.ids:
                message = f"block id ^{block.id} stands on line {note.ids[block.id]} too: rename one of them"
                problems.append(Problem(path, block.line, "duplicate id", message))
            note.ids.setdefault(block.id, block.line)
        if isinstance(block, blocks.Heading):
            headings.append(block)
        elif isinstance(block, blocks.Html | blocks.Paragraph):
            for index, line in enumerate(block.lines):
                for anchor in _HTML_ANCHOR.findall(line) if "<" in line else ():
                    note.ids.setdefault(anchor, block.line + index)

    used = dict.fromkeys(note.ids, 1)
    ends = _ends(headings, source.first_line + source.body.count("\n") + 1)
    for heading, end in zip(headings, ends, strict=True):
        text = plain(heading.text, readable)
        heading.anchor = heading.id or _unused(slug(text), used)
        note.sections.append(Section(text, heading.level, heading.anchor, heading.line, end))
    first = next((section.text for section in note.sections if section.level == 1), "")
    note.title = plain(note.meta.title, readable) or first or note.slug or path.removesuffix(".md")
    return note, problems


def _unused(anchor: str, used: dict[str, int]) -> str:
    """The anchor, numbered when the page has it already; `used` counts each."""
    candidate = anchor
    while candidate in used:
        used[anchor] = used.get(anchor, 1) + 1
        candidate = f"{anchor}-{used[anchor]}"
    used[candidate] = 1
    return candidate


def _ends(headings: Sequence[blocks.Heading], last: int) -> list[int]:
    """The line where each heading's section ends: that of the next heading of its level or above."""
    ends = [last] * len(headings)
    open_at: list[int] = []
    for index, heading in enumerate(headings):
        while open_at and headings[open_at[-1]].level >= heading.level:
            ends[open_at.pop()] = heading.line
        open_at.append(index)
    return ends


@dataclass(frozen=True)
class Target:
    """Where a link leads: a page and an anchor of it (empty: its top), and the text to show when the link has none."""

    path: str
    anchor: str
    text: str


class Vault:
    """Every note and attachment of a vault, and what their names lead to."""

    def __init__(
        self, notes: Iterable[Note], attachments: Iterable[str] = (), unpublished: Iterable[Note] = (), own: bool = True
    ) -> None:
        self.notes = {note.path: note for note in sorted(notes, key=lambda note: note.path)}
        self.unpublished = {note.path: note for note in unpublished}
        self.own = own
        self.problems: list[Problem] = []
        self._names: dict[str, list[str]] = defaultdict(list)
        self._aliases: dict[str, list[str]] = defaultdict(list)
        self._files: dict[str, list[str]] = defaultdict(list)
        self._hidden: set[str] = set()
        for path, note in self.notes.items():
            self._names[fold(posixpath.basename(path).removesuffix(".md"))].append(path)
            if note.slug and posixpath.basename(path).lower() in ("index.md", "readme.md"):
                self._names[fold(note.slug)].append(path)
            for name in (note.title, *note.meta.aliases):
                self._aliases[fold(name)].append(path)
        for path in self.unpublished:
            self._hidden |= {fold(posixpath.basename(path).removesuffix(".md")), fold(path.removesuffix(".md"))}
        for path in attachments:
            self._files[fold(posixpath.basename(path))].append(path)
        self.attachments = {fold(path): path for paths in self._files.values() for path in paths}
        self.paths = {fold(path.removesuffix(".md")): path for path in self.notes}
        self.concepts = self._register()
        self.homes: dict[str, list[Concept]] = defaultdict(list)
        """The concepts that have their home on a page or in a part of it, by the note's path."""
        for concept in self.concepts.values():
            self.homes[concept.path].append(concept)
        self._anchors: dict[str, list[str]] = defaultdict(list)
        for path, note in self.notes.items():
            for anchor in note.ids:
                self._anchors[anchor].append(path)

    def _register(self) -> dict[str, Concept]:
        concepts: dict[str, Concept] = {}
        for note in self.notes.values():
            for concept in _homes(note, self.problems):
                first = concepts.setdefault(concept.id, concept)
                if first is not concept:
                    where = f"{first.path}:{first.line}"
                    message = f"concept id {concept.id} has its home at {where} already: give one of them another id"
                    self.problems.append(Problem(concept.path, concept.line, "duplicate concept", message))
        self._concept_names: dict[str, str] = {}
        for concept in concepts.values():
            for name in (concept.id, *concept.names):
                self._concept_names.setdefault(fold(name), concept.id)
        return concepts

    def find(self, name: str, origin: Note) -> tuple[str, bool]:
        """The path of the note that `name` means when `origin` links to it (empty: none), and whether the choice was
        ambiguous.
        """
        name = name.strip().rstrip("/").removesuffix(".md")
        key = fold(name)
        if "/" in key:
            exact = fold(posixpath.normpath(posixpath.join(origin.folder, name)))
            for candidate in (key.lstrip("/"), exact):
                for path in (candidate, f"{candidate}/index", f"{candidate}/readme"):
                    if path in self.paths:
                        return self.paths[path], False
            named = self._names.get(posixpath.basename(key), ())
            ends = [path for path in named if fold(path.removesuffix(".md")).endswith("/" + key.lstrip("./"))]
            if ends:
                return _nearest(ends, origin)
        for table in (self._names, self._aliases):
            if key in table:
                return _nearest(table[key], origin)
        return "", False

    def relative(self, address: str, origin: Note) -> str:
        """The path of the note that an address relative to `origin` names, or nothing."""
        place = fold(posixpath.normpath(posixpath.join(origin.folder, address.rstrip("/").removesuffix(".md"))))
        return next(
            (self.paths[path] for path in (place, f"{place}/index", f"{place}/readme") if path in self.paths), ""
        )

    def attachment(self, name: str, origin: Note) -> str:
        """The path of the attachment that `name` means, or nothing."""
        key = fold(name)
        for candidate in (fold(posixpath.normpath(posixpath.join(origin.folder, name))), key.lstrip("/")):
            if candidate in self.attachments:
                return self.attachments[candidate]
        ends = [
            path
            for path in self._files.get(posixpath.basename(key), ())
            if fold("/" + path).endswith("/" + key.lstrip("./"))
        ]
        return _nearest(ends, origin)[0]

    def is_hidden(self, name: str) -> bool:
        """Whether `name` is a note that is not published."""
        return fold(name.strip().removesuffix(".md")) in self._hidden

    def concept(self, name: str) -> Concept | None:
        """The concept with this id or name."""
        key = name if name in self.concepts else self._concept_names.get(fold(name), "")
        return self.concepts.get(key)

    def anchor(self, note: Note, fragment: str) -> Target | None:
        """Where `#fragment` leads on a page: a block id, a heading (also nested, `a#b`), or an HTML anchor."""
        if fragment.startswith("^"):
            fragment = fragment[1:]
            return Target(note.path, fragment, self._label(note, fragment)) if fragment in note.ids else None
        if fragment in note.ids:
            return Target(note.path, fragment, self._label(note, fragment))
        wanted = [heading_key(part) for part in fragment.split("#") if part.strip()]
        found = _nested(note.sections, wanted) if wanted else None
        if found:
            return Target(note.path, found.anchor, found.text)
        section = next((section for section in note.sections if section.anchor == fragment), None)
        return Target(note.path, section.anchor, section.text) if section else None

    def anywhere(self, identifier: str) -> Target | None:
        """Where a bare id leads when its own page does not have it: a concept's home, or the one page with such an
        anchor.
        """
        concept = self.concepts.get(identifier)
        if concept:
            return Target(concept.path, concept.anchor, concept.names[0])
        pages = self._anchors.get(identifier, ())
        return Target(pages[0], identifier, self._label(self.notes[pages[0]], identifier)) if len(pages) == 1 else None

    def _label(self, note: Note, identifier: str) -> str:
        concept = self.concepts.get(identifier)
        if concept and concept.path == note.path:
            return concept.names[0]
        section = next((section for section in note.sections if section.anchor == identifier), None)
        return section.text if section else note.title

    def nearest(self, name: str) -> str:
        """The name most like `name`, for the report of a broken link; empty when none is like it."""
        shown = {fold(known): known for known in self._shown_names()}
        close = difflib.get_close_matches(fold(name), shown, n=1, cutoff=0.6)
        return shown[close[0]] if close else ""

    def _shown_names(self) -> Iterator[str]:
        for path, note in self.notes.items():
            yield posixpath.basename(path).removesuffix(".md")
            yield from note.meta.aliases
        yield from self.concepts


def names_digest(vault: Vault, urls: Mapping[str, str]) -> str:
    """The digest of all that a page may show of another note, or of what its links depend on, but the note's text."""
    rows = [
        (
            note.path,
            note.title,
            note.meta,
            [(section.text, section.level, section.anchor) for section in note.sections],
            list(note.ids),
        )
        for note in (*vault.notes.values(), *vault.unpublished.values())
    ]
    return cache.digest(rows, sorted(vault.unpublished), sorted(vault.attachments.items()), sorted(urls.items()))


def heading_key(text: str) -> str:
    """A heading as `[[page#heading]]` names it: Obsidian ignores punctuation, case and white space runs there."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _nested(sections: Sequence[Section], wanted: Sequence[str]) -> Section | None:
    """The first heading that matches the last name, below one that matches the name before it, and so on."""
    for index, section in enumerate(sections):
        if heading_key(section.text) != wanted[0]:
            continue
        if len(wanted) == 1:
            return section
        stop = next((i for i in range(index + 1, len(sections)) if sections[i].level <= section.level), len(sections))
        found = _nested(sections[index + 1 : stop], wanted[1:])
        if found:
            return found
    return None


def _nearest(paths: Sequence[str], origin: Note) -> tuple[str, bool]:
    """The path in the origin's own folder, else the shortest; whether there were others."""
    if not paths:
        return "", False
    unique = sorted(
        set(paths), key=lambda path: (posixpath.dirname(path) != origin.folder, path.count("/"), len(path), path)
    )
    return unique[0], len(unique) > 1


def _homes(note: Note, problems: list[Problem]) -> Iterator[Concept]:
    """The concepts that live on a note: itself (in a section, an id as slug, unless it says no), and those it lists."""
    if note.meta.is_concept and note.folder and _KEBAB.fullmatch(note.slug):
        yield Concept(note.slug, tuple(dict.fromkeys((note.title, *note.meta.aliases))), note.path, "", 1)
    for identifier, names in note.meta.concepts.items():
        if identifier == note.slug:
            message = f"concept {identifier} is the page itself: put its names in `aliases`, not in `concepts`"
            problems.append(Problem(note.path, 1, "concept", message))
        elif identifier not in note.ids:
            message = f"`concepts` lists {identifier}, but no heading or block ends with ^{identifier}"
            problems.append(Problem(note.path, 1, "concept", message))
        else:
            yield Concept(identifier, names or (identifier,), note.path, identifier, note.ids[identifier])


_HAN = re.compile(r"[\u3400-\u9fff]")
_SNIPPET = re.compile(r'--8<--\s+"(labs/[^":]+)')


def concept_rows(vault: Vault, url: Callable[[str], str]) -> list[dict[str, Any]]:
    """The rows of `concepts.json` (DESIGN section 2), ordered by id; `url` gives the address of a note's page."""
    rows = []
    for concept in sorted(vault.concepts.values(), key=lambda concept: concept.id):
        note = vault.notes[concept.path]
        scope = list(_scope(note, concept))
        labs = [
            match[1]
            for block in scope
            if isinstance(block, blocks.Fence)
            for match in [_SNIPPET.search(block.text)]
            if match
        ]
        # The name written out rather than its abbreviation.
        latin = sorted(
            (name for name in concept.names if not _HAN.search(name)), key=lambda name: " " not in name.strip()
        )
        section = vault.notes.get(f"{note.folder.split('/')[0]}/index.md")
        rows.append(
            {
                "id": concept.id,
                "title": concept.names[0],
                "en": latin[0] if latin else "",
                "aliases": list(concept.names[1:]),
                "url": url(concept.path) + (f"#{concept.anchor}" if concept.anchor else ""),
                "section": section.title if section else note.folder.split("/")[0],
                "lab": labs[0] if labs else None,
                "questions": sum(isinstance(block, blocks.Callout) and block.is_question for block in scope),
            }
        )
    return rows


def _scope(note: Note, concept: Concept) -> Iterator[blocks.Block]:
    """The blocks of a concept's home: the whole page, the section of its heading, or the one block."""
    if not concept.anchor:
        yield from blocks.walk(note.blocks)
        return
    section = next((section for section in note.sections if section.anchor == concept.anchor), None)
    for block in blocks.walk(note.blocks):
        if block.id == concept.anchor or (section and section.line <= block.line < section.end):
            yield block
