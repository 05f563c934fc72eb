"""From a note to the Markdown of its page: every step in one place, in order.

A note is parsed once into blocks (`blocks`), embeds are put into the tree (`embeds`), the inline text of each block is
split once into prose and holes (`inline`), the steps of `PROSE` run over the prose, each hole gets its final form by
`HOLES`, and the tree is written out as Python-Markdown's Markdown (`emit`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from . import blocks, citations, embeds, emit, inline, links, tags
from .formulas import Formula
from .registry import Note, Vault
from .report import Problem

MATH_OPEN, MATH_CLOSE = "\ufdd4", "\ufdd5"


@dataclass
class Page:
    """A note made ready for MkDocs: Markdown, and what its tokens stand for."""

    path: str
    markdown: str = ""
    formulas: list[Formula] = field(default_factory=list)
    formula_places: list[tuple[str, int]] = field(default_factory=list)
    """The note and line of each formula: an embed brings those of another note."""
    html: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    mermaid: bool = False
    """Whether the page has a Mermaid diagram."""
    embedded: set[str] = field(default_factory=set)
    """The notes of which parts are shown."""
    snippets: set[str] = field(default_factory=set)
    """The files of labs of which parts are shown."""
    definitions: list[str] = field(default_factory=list)
    """Markdown that goes to the end of the page: the texts of inline footnotes."""


@dataclass(frozen=True)
class Context:
    """What a step may look at and write to."""

    page: Page
    scope: links.Scope
    keys: Collection[str]
    """Citation keys of the bibliography; empty in a vault without one."""
    where: emit.Where = "text"
    root: Path | None = None
    """The project whose `labs/` a snippet may show; None in a foreign vault."""
    embedded: str = ""


# --- steps over the prose of a block, in order
# -------------------------------------------------------------------------------------


def cite(prose: str, split: inline.Split, context: Context) -> str:
    """`[@key]` of known keys becomes a citation token; an unknown key is reported and keeps its text."""
    if "@" not in prose:
        return prose
    guarded, problems = citations.guard(prose, context.keys, context.scope.note.path, split.line_at)
    for problem in problems:
        context.scope.report(problem)
    return guarded


_FOOTNOTE_OPEN = re.compile(r"(?<!\\)\^\[")


def inline_footnotes(prose: str, split: inline.Split, context: Context) -> str:
    """`^[text]` becomes a numbered footnote of the page."""
    match = _FOOTNOTE_OPEN.search(prose)
    while match:
        end, depth = match.end(), 1
        while end < len(prose) and depth:
            depth += {"[": 1, "]": -1}.get(prose[end], 0)
            end += 1
        if depth:
            break
        # Reserve the number first: the text may hold a footnote of its own.
        definitions = context.page.definitions
        definitions.append("")
        number = len(definitions)
        label = f"inline-{number}"
        body = fill(prose[match.end() : end - 1], split, context).replace("\n", " ")
        definitions[number - 1] = f"[^{label}]: {body}"
        prose = f"{prose[: match.start()]}[^{label}]{prose[end:]}"
        match = _FOOTNOTE_OPEN.search(prose, match.start())
    return prose


def tag_links(prose: str, split: inline.Split, context: Context) -> str:
    """`#tag` and `#nested/tag` become links to the page of tags; a heading has none."""
    if context.where == "heading" or "#" not in prose:
        return prose
    out, done = [], 0
    for match in tags.find(prose):
        out += [prose[done : match.start()], split.hide(tags.link(match[1]))]
        done = match.end()
    return "".join([*out, prose[done:]])


def braces(prose: str, split: inline.Split, context: Context) -> str:
    """A brace is text: the attribute lists of Python-Markdown are ours, not the author's."""
    return prose.replace("{", "&#123;")


_HEXO = re.compile(r"\{%-?[ \t]*([\w-]+)[ \t]*([^{}\n]*?)[ \t]*-?%\}")
_HEXO_TEXT = {"quot", "emp", "u", "wavy", "del", "kbd", "sup", "sub", "mark", "blur", "psw", "hashtag"}
_HEXO_BLOCK = {
    "note",
    "endnote",
    "box",
    "endbox",
    "folding",
    "endfolding",
    "tabs",
    "endtabs",
    "quote",
    "endquote",
    "raw",
    "endraw",
}


def hexo(prose: str, split: inline.Split, context: Context) -> str:
    """A Hexo tag goes and the text it encloses stays; one that is not known is reported, once a page."""

    def show(match: re.Match[str]) -> str:
        name, text = match[1], match[2]
        if name not in _HEXO_TEXT | _HEXO_BLOCK and not name.startswith("end"):
            message = f"Hexo tag {{% {name} %}} is not known here: the tag is dropped, the text around it stays"
            if not any(problem.kind == "hexo tag" and problem.message == message for problem in context.page.problems):
                context.scope.problem(split.line_at(match.start()), "hexo tag", message)
        return text if name in _HEXO_TEXT else ""

    return _HEXO.sub(show, prose) if "{%" in prose else prose


_FOOTNOTE_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")


def embedded_footnotes(prose: str, split: inline.Split, context: Context) -> str:
    """Footnotes of an embed get labels of their own."""
    return _FOOTNOTE_REFERENCE.sub(rf"[^{context.embedded}\1]", prose) if context.embedded else prose


PROSE: list[Callable[[str, inline.Split, Context], str]] = [
    hexo,
    cite,
    tag_links,
    braces,
    embedded_footnotes,
    inline_footnotes,
]


# --- the final form of what is not prose
# -------------------------------------------------------------------------------------------


def formula(hole: inline.Hole, context: Context) -> str:
    """A formula as the inline form of markdown-katex, with a token in place of the TeX."""
    page = context.page
    display = hole.kind == "display"
    # A table's own escape, as in GFM: inside a cell `\\|` is a pipe.
    tex = hole.body.replace("\\|", "|") if context.where == "cell" else hole.body
    page.formulas.append(Formula(tex.strip(), display))
    page.formula_places.append((context.scope.note.path, hole.line))
    return f"$`{MATH_OPEN}{len(page.formulas) - 1}{MATH_CLOSE}`$"


def code(hole: inline.Hole, context: Context) -> str:
    """A code span as it stands, unless Python-Markdown would change its text."""
    body = hole.body.replace("\n", " ")
    if context.where == "cell":
        body = body.replace("\\|", "|")
    plain = body == hole.body and body == body.strip() and "$" not in body and "|" not in body
    if plain:
        return hole.text
    if body.startswith(" ") and body.endswith(" ") and body.strip():
        body = body[1:-1]
    return f"<code>{''.join(f'&#{ord(char)};' if not char.isalnum() else char for char in body)}</code>"


def wikilink(hole: inline.Hole, context: Context) -> str:
    """A wikilink, whose text may hold formulas."""
    return links.wikilink(hole, context.scope, lambda text: _label(text, hole, context))


def _label(text: str, hole: inline.Hole, context: Context) -> str:
    parts = inline.split(text, hole.line)
    prose = inline.TOKEN.split(parts.prose)
    # `split` with one group alternates text and the number of the hole.
    shown = [
        links.escape(part)
        if index % 2 == 0
        else formula(parts.holes[int(part)], context)
        if parts.holes[int(part)].kind in ("math", "display")
        else links.escape(parts.holes[int(part)].text)
        for index, part in enumerate(prose)
    ]
    return "".join(shown)


def embed(hole: inline.Hole, context: Context) -> str:
    """An embedded file."""
    return embeds.file(hole, context.scope)


def html(hole: inline.Hole, context: Context) -> str:
    """An HTML tag, the file it shows or links to found as a link's would be."""
    return raw_addresses(hole.text, context)


def bare_url(hole: inline.Hole, context: Context) -> str:
    """An address becomes a link."""
    return hole.text if hole.text.startswith("<") else f"<{hole.text}>"


def escaped(hole: inline.Hole, context: Context) -> str:
    """A backslash escape; a pipe as an entity, which no table splits at."""
    return "&#124;" if hole.body == "|" else f"&#{ord(hole.body)};"


def as_is(hole: inline.Hole, context: Context) -> str:
    """What is left alone."""
    return hole.text


def nothing(hole: inline.Hole, context: Context) -> str:
    """What the reader does not see."""
    return ""


HOLES: dict[str, Callable[[inline.Hole, Context], str]] = {
    "math": formula,
    "display": formula,
    "code": code,
    "wikilink": wikilink,
    "embed": embed,
    "url": bare_url,
    "escape": escaped,
    "comment": nothing,
    "html": html,
    "image": as_is,
}  # "target" needs the hole before it: see `finish`.


def finish(prose: str, split: inline.Split, context: Context) -> str:
    """The prose after every step, its holes in their final form."""
    for step in PROSE:
        prose = step(prose, split, context)
    return fill(prose, split, context)


def fill(prose: str, split: inline.Split, context: Context) -> str:
    """The prose with its holes in their final form."""
    labels = _link_labels(prose, split)
    images = _images(prose, split)

    def final(hole: inline.Hole) -> str:
        if hole.kind == "target":
            return links.target(hole, context.scope, image=id(hole) in images)
        if hole.kind == "url" and id(hole) in labels:
            return hole.text
        return HOLES[hole.kind](hole, context)

    return split.fill(prose, final)


def _link_labels(prose: str, split: inline.Split) -> set[int]:
    """The addresses that are the text of a Markdown link, or the target of a link definition: they must not be links
    themselves.
    """
    found: set[int] = set()
    if "url" not in split.kinds:
        return found
    open_at: list[int] = []
    for match in re.finditer(rf"\[|\]|{inline.OPEN}(\d+){inline.CLOSE}", prose):
        if match[0] == "[":
            open_at.append(match.end())
        elif match[0] == "]":
            if open_at:
                open_at.pop()
        elif int(match[1]) < len(split.holes):
            hole = split.holes[int(match[1])]
            if hole.kind == "target" and open_at:
                inside = prose[open_at.pop() : match.start()]
                found |= {id(split.holes[int(i)]) for i in inline.TOKEN.findall(inside) if int(i) < len(split.holes)}
            elif hole.kind == "url" and re.search(
                r"(?:^|\n) {0,3}\[[^\]\n]+\]:[ \t]*$", prose[max(0, match.start() - 200) : match.start()]
            ):
                found.add(id(hole))
    return found


def _images(prose: str, split: inline.Split) -> set[int]:
    """The targets that belong to an image."""
    found: set[int] = set()
    waiting = 0
    for index in inline.TOKEN.findall(prose):
        hole = split.holes[int(index)] if int(index) < len(split.holes) else None
        if hole and hole.kind == "image":
            waiting += 1
        elif hole and hole.kind == "target" and waiting:
            waiting -= 1
            found.add(id(hole))
    return found


_ADDRESS = re.compile(r"""(<[^<>]*?\b(?:src|href|poster)\s*=\s*)(["'])([^"'<>]*)\2""")


def raw_addresses(text: str, context: Context) -> str:
    """Raw HTML in which the addresses of the vault's files are marked, to be made relative to the finished page."""

    def mark(match: re.Match[str]) -> str:
        name, _, fragment = match[3].partition("#")
        path = context.scope.vault.attachment(unquote(name), context.scope.note) if name and ":" not in name else ""
        return f'{match[1]}"{links.in_vault(path, fragment)}"' if path else match[0]

    return _ADDRESS.sub(mark, text) if "=" in text else text


_SNIPPET = re.compile(r'(\s*)(-{1,}8<-{1,})(\s+"([^"]*)"|\s*$|\s+\S)')


def snippets(text: str, line: int, context: Context) -> str:
    """The body of a fence; a snippet line that reads no part of a lab is reported and defused."""
    out = text.split("\n")
    for index, source in enumerate(out if context.root is not None and "8<" in text else ()):
        match = _SNIPPET.match(source)
        fault = _snippet_fault(match[4] or "", context.root) if match and context.root else ""
        if match and match[4]:
            # One that does not exist, too: it may come.
            context.page.snippets.add(match[4].partition(":")[0])
        if match and fault:
            context.scope.problem(line + index, "snippet", f"snippet {source.strip()}: {fault}")
            out[index] = f"{match[1]};{source[len(match[1]) :]}"
    return "\n".join(out)


_MERMAID_KIND = re.compile(r"\s*(?:---\n.*?\n---\n|%%.*\n|\s)*(mindmap|architecture(?:-beta)?)\b", re.S)


def mermaid(text: str, line: int, context: Context) -> str:
    """The language of a Mermaid fence: plain text, and a report, where the bundled build cannot draw it."""
    kind = _MERMAID_KIND.match(text)
    if kind:
        context.scope.problem(line, "mermaid", f"Mermaid {kind[1]} diagrams are not drawn here: the source is shown")
        return "text"
    context.page.mermaid = True
    return "mermaid"


def _snippet_fault(address: str, root: Path) -> str:
    name, _, section = address.partition(":")
    if not name.startswith("labs/") or ".." in Path(name).parts:
        return 'only files below labs/ can be shown, as --8<-- "labs/<section>/<file>.py:<part>"'
    path = root / name
    if not path.is_file():
        return f"{name} does not exist"
    if section and f"--8<-- [start:{section}]" not in path.read_text("utf-8"):
        return f"{name} has no part `{section}`: mark it with # --8<-- [start:{section}] and # --8<-- [end:{section}]"
    return ""


def normalise(note: Note, vault: Vault, keys: Collection[str] = (), root: Path | None = None) -> Page:
    """The page of a note; `root` is the project whose `labs/` the note's snippets may show."""
    page = Page(note.path)

    def scope_of(source: Note) -> links.Scope:
        # What is wrong in an embedded note is reported when that note is built.
        return links.Scope(vault, source, note.path, page.problems.append if source is note else _ignore, _ignore)

    def writer(source: Note, embedded: str) -> emit.Writer:
        scope = scope_of(source)

        def inline_text(text: str, line: int, where: emit.Where) -> str:
            context = Context(page, scope, keys, where, root, embedded)
            if where == "fence":
                return snippets(text, line, context)
            if where == "mermaid":
                return mermaid(text, line, context)
            if where == "html":
                return raw_addresses(text, context)
            split = inline.split(text, line)
            return finish(split.prose, split, context)

        def inside(block: blocks.Embed) -> emit.Writer:
            return writer(vault.notes[block.source], f"embed-{block.number}-")

        return emit.Writer(inline_text, scope.problem, inside, page.html, embedded)

    tree = embeds.Expander(vault, scope_of).page(note)
    page.embedded = {block.source for block in blocks.walk(tree) if isinstance(block, blocks.Embed)}
    markdown = writer(note, "").document(tree)
    page.markdown = "\n\n".join([markdown, *page.definitions]) if page.definitions else markdown
    return page


def _ignore(*_: object) -> None:
    """Nothing to tell."""
