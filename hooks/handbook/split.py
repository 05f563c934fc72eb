"""From one long note to pages: `python -m handbook.split NOTE --into FOLDER --level 3`.

Every heading down to the level begins a page; a heading above it that has pages below becomes a folder with an index.
The text of a page is the note's own, line for line, but for heading levels, links among the new pages, and the
addresses of files that move along.
"""

from __future__ import annotations

import argparse
import posixpath
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

import yaml

from . import blocks, frontmatter, inline, registry

_UNSAFE = re.compile(r"[\\/:*?\"<>|#^\[\]\x00-\x1f]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass
class Page:
    """A page to write: its path in the target folder, its title, and the note's lines from `start` to before `end`."""

    path: str
    title: str
    order: int
    level: int
    start: int
    end: int
    heading: blocks.Heading | None
    lines: list[str] = field(default_factory=list)


@dataclass
class Result:
    """What a split makes: files by path, files to copy by path, and what was done or went wrong."""

    pages: list[Page]
    texts: dict[str, str]
    copies: dict[str, Path]
    messages: list[str]


def split(note: Path, level: int) -> Result:
    """Split the note at headings down to `level`; nothing is written."""
    text = frontmatter.normalise(note.read_bytes())
    whole, problems = registry.read_note("note.md", text, lambda tex: tex)
    lines = text.split("\n")
    messages = [f"{note}:{problem.line}: {problem.message}" for problem in problems]

    pages = _outline(whole, level, len(lines))
    for page in pages:
        page.lines = lines[page.start : page.end]
    home = _homes(whole, pages)
    rewritten = 0
    copies: dict[str, Path] = {}
    for page in pages:
        rewritten += _rewrite(page, whole, home, note, copies, messages)
        _shift(page, whole)
    texts = {page.path: _text(page, whole.meta) for page in pages if page.heading or _has_text(page)}
    messages.append(f"{len(texts)} pages, {rewritten} links rewritten, {len(copies)} files to copy")
    return Result(pages, texts, copies, messages)


def _outline(note: registry.Note, level: int, total: int) -> list[Page]:
    """The pages, in the note's order; the first is the text above the first heading."""
    heads = [block for block in note.blocks if isinstance(block, blocks.Heading) and block.level <= level]
    sections = {section.line: section for section in note.sections}
    stops = [*(head.line - 1 for head in heads), total]
    pages = [Page("index.md", note.meta.title or note.title, 0, 0, note.source.first_line - 1, stops[0], None)]
    trail: list[tuple[int, str]] = []
    used = {"index.md"}
    for index, head in enumerate(heads):
        while trail and trail[-1][0] >= head.level:
            trail.pop()
        title = sections[head.line].text or f"第 {index + 1} 节"
        name = _unused(_file_name(title), posixpath.join(*(part for _, part in trail), ""), used)
        parent = index + 1 < len(heads) and heads[index + 1].level > head.level
        path = posixpath.join(*(part for _, part in trail), name, "index.md") if parent else ""
        path = path or posixpath.join(*(part for _, part in trail), f"{name}.md")
        used |= {path, posixpath.join(posixpath.dirname(path), name)}
        pages.append(Page(path, title, (index + 1) * 10, head.level, head.line - 1, stops[index + 1], head))
        if parent:
            trail.append((head.level, name))
    return pages


def _file_name(title: str) -> str:
    """A title as a file name that Obsidian and every file system take."""
    name = " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", title)).split()).strip(". ")
    return name[:80] or "page"


def _unused(name: str, folder: str, used: set[str]) -> str:
    candidate, count = name, 2
    while {f"{folder}{candidate}.md", f"{folder}{candidate}/index.md", f"{folder}{candidate}"} & used:
        candidate, count = f"{name} {count}", count + 1
    return candidate


def _homes(note: registry.Note, pages: Sequence[Page]) -> dict[str, tuple[Page, str]]:
    """Where each anchor of the note goes: its page, and the fragment there (empty for the page's own heading)."""
    home: dict[str, tuple[Page, str]] = {}
    for section in note.sections:
        page = _page_of(section.line, pages)
        own = page.heading is not None and page.heading.line == section.line
        fragment = "" if own else section.text
        home.setdefault(section.anchor, (page, fragment))
        home.setdefault(registry.heading_key(section.text), (page, fragment))
    for identifier, line in note.ids.items():
        page = _page_of(line, pages)
        own = page.heading is not None and page.heading.line == line
        home[identifier] = (page, "" if own else identifier)
    return home


def _page_of(line: int, pages: Sequence[Page]) -> Page:
    return next(page for page in reversed(pages) if page.start < line)


def _leaves(note: registry.Note) -> Iterator[tuple[int, str]]:
    """The inline text of the note, with the file line where each begins."""
    for block in blocks.walk(note.blocks):
        if isinstance(block, blocks.Paragraph | blocks.Heading | blocks.Table):
            yield block.line, block.text
        elif isinstance(block, blocks.Callout):
            yield block.line, block.title


def _rewrite(
    page: Page,
    note: registry.Note,
    home: dict[str, tuple[Page, str]],
    source: Path,
    copies: dict[str, Path],
    messages: list[str],
) -> int:
    """Rewrite the links of the page in place; gives how many."""
    count = 0
    for start, text in _leaves(note):
        if not page.start < start <= page.end:
            continue
        for hole in inline.split(text, start).holes:
            new = _link(hole, page, home, source, copies, messages)
            if new and new != hole.text:
                at = hole.line - 1 - page.start
                page.lines[at] = page.lines[at].replace(hole.text, new, 1)
                count += 1
    return count


def _link(
    hole: inline.Hole,
    page: Page,
    home: dict[str, tuple[Page, str]],
    source: Path,
    copies: dict[str, Path],
    messages: list[str],
) -> str:
    """The new form of a link; empty when it stays as it is."""
    if hole.kind == "wikilink" and hole.body.lstrip().startswith("#"):
        target, _, alias = hole.body.partition("|")
        name = target.strip().removeprefix("#")
        found = home.get(name.removeprefix("^")) or home.get(registry.heading_key(name))
        if not found:
            messages.append(f"{source}:{hole.line}: {hole.text} leads nowhere: mend it in {page.path}")
            return ""
        goal, fragment = found
        if goal is page and fragment:
            return ""
        address = goal.path.removesuffix(".md") + (f"#{name}" if fragment else "")
        return f"[[{address}|{alias or name.removeprefix('^')}]]"
    if hole.kind != "target" or _SCHEME.match(hole.body.strip()):
        return ""
    address, _, fragment = hole.body.strip().removeprefix("<").removesuffix(">").partition("#")
    if not address and fragment:
        found = home.get(unquote(fragment)) or home.get(registry.heading_key(unquote(fragment)))
        if not found:
            messages.append(f"{source}:{hole.line}: link to #{fragment} leads nowhere: mend it in {page.path}")
            return ""
        goal, anchor = found
        if goal is page and anchor:
            return ""
        return f"]({_relative(goal.path, page.path)}" + (f"#{quote(anchor)})" if anchor else ")")
    if not address:
        messages.append(f"{source}:{hole.line}: link without an address: mend it in {page.path}")
        return ""
    file = source.parent / unquote(address)
    if not file.is_file() or not file.resolve().is_relative_to(source.parent.resolve()):
        messages.append(f"{source}:{hole.line}: {address} is not beside the note: mend it in {page.path}")
        return ""
    kept = posixpath.normpath(unquote(address))
    copies[kept] = file
    return f"]({_relative(kept, page.path)}" + (f"#{fragment})" if fragment else ")")


def _relative(path: str, page: str) -> str:
    return quote(posixpath.relpath(path, posixpath.dirname(page) or "."), safe="/")


_LEVEL = re.compile(r"^( {0,3})(#{1,6})(?=[ \t]|$)")


def _shift(page: Page, note: registry.Note) -> None:
    """Make the page's highest heading below its title a second-level one, and take its own heading off."""
    inner = [
        block
        for block in note.blocks
        if isinstance(block, blocks.Heading) and page.start < block.line <= page.end and block is not page.heading
    ]
    up = min((block.level for block in inner), default=2) - 2
    for block in inner:
        at = block.line - 1 - page.start
        page.lines[at] = _LEVEL.sub(lambda match: match[1] + "#" * max(1, len(match[2]) - up), page.lines[at])
    if page.heading:
        link = page.heading.text.strip()
        # A heading that is a link keeps it as the page's first line: the address would be lost with the heading.
        page.lines[: len(page.heading.lines)] = [link, ""] if "](" in link else []


def _has_text(page: Page) -> bool:
    return any(line.strip() for line in page.lines)


def _text(page: Page, meta: frontmatter.FrontMatter) -> str:
    """The page's file: front matter, then its lines."""
    data: dict[str, object] = {"title": page.title}
    if page.level == 0 and meta.permalinks:
        data["permalink"] = meta.permalinks[0] if len(meta.permalinks) == 1 else list(meta.permalinks)
    if meta.tags:
        data["tags"] = list(meta.tags)
    for key, value in (("created", meta.created), ("updated", meta.updated)):
        if value:
            data[key] = value
    data["order"] = page.order
    head = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
    body = "\n".join(page.lines).strip("\n")
    return f"---\n{head}---\n\n{body}\n" if body else f"---\n{head}---\n"


def write(result: Result, folder: Path, force: bool) -> list[str]:
    """Write the pages below `folder` and copy the files; FileExistsError and nothing written unless `force`."""
    targets = [folder / path for path in (*result.texts, *result.copies)]
    there = [target for target in targets if target.exists()]
    if there and not force:
        raise FileExistsError(f"{there[0]} exists ({len(there)} in all): nothing was written; --force overwrites")
    done = []
    for path, text in result.texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")
        done.append(f"wrote {target} ({len(text)} characters)")
    for path, source in result.copies.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        done.append(f"copied {target}")
    return done


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; prints what it did, and everything in the note that needs a hand."""
    parser = argparse.ArgumentParser(prog="python -m handbook.split", description="Split one long note into pages.")
    parser.add_argument("note", type=Path, help="the Markdown file")
    parser.add_argument("--into", type=Path, required=True, help="the folder for the pages")
    parser.add_argument(
        "--level", type=int, default=2, choices=range(1, 7), help="the deepest heading that begins a page"
    )
    parser.add_argument("--force", action="store_true", help="overwrite files that exist")
    options = parser.parse_args(arguments)
    try:
        result = split(options.note, options.level)
        done = write(result, options.into, options.force)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("\n".join([*done, *result.messages]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
