"""Links between notes: wikilinks, Markdown links to notes, headings and files, and images."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from .inline import Hole
from .registry import Note, Target, Vault
from .report import Problem

BROKEN = "broken:"
"""Address of a Markdown link that leads nowhere; `pages.drop_broken` makes its text plain."""

SIZE = re.compile(r"(\d+)(?:x(\d+))?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_DESTINATION = re.compile(
    r"""\s*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>\S*))(?P<title>\s+(?:"[^"]*"|'[^']*'|\([^)]*\)))?\s*$"""
)
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&#$~=!|^]")


IN_VAULT = "vault:"
"""Begins the address of a file of the vault in raw HTML; `pages.vault_addresses` makes it relative to the page."""


def in_vault(path: str, fragment: str = "") -> str:
    """The address of a file of the vault, for raw HTML."""
    return IN_VAULT + quote(path, safe="/") + (f"#{quote(fragment, safe='=&,')}" if fragment else "")


_ABSENT = {"link": "link to [[{}]] matches no page", "embed": "embed ![[{}]] matches no page and no file"}


@dataclass(frozen=True)
class Scope:
    """What a link is resolved against: the vault, the note it stands in, and the page it is shown on (another one in an
    embed).
    """

    vault: Vault
    note: Note
    page: str
    report: Callable[[Problem], None]
    follow: Callable[[Target, int], None]
    """Told of each link that leads somewhere, and its line: `reader` collects them."""

    def problem(self, line: int, kind: str, message: str) -> None:
        """Report a fault of the note."""
        self.report(Problem(self.note.path, line, kind, message))

    def href(self, path: str, anchor: str = "") -> str:
        """The address of a file of the vault, relative to the page."""
        if path == self.page and anchor:
            return "#" + quote(anchor)
        relative = posixpath.relpath(path, posixpath.dirname(self.page) or ".")
        return quote(relative, safe="/") + (f"#{quote(anchor)}" if anchor else "")


def escape(text: str) -> str:
    """Plain text that Markdown reads as just that text."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text)


def wikilink(hole: Hole, scope: Scope, text: Callable[[str], str] = escape) -> str:
    """`[[target|text]]` as a Markdown link; a broken one becomes its text and is reported."""
    target, _, alias = hole.body.replace("\\|", "|").partition("|")
    target, alias = target.strip(), alias.strip()
    found = resolve(target, hole, scope)
    if found is None:
        return text(alias or bare(target))
    scope.follow(found, hole.line)
    return f"[{text(alias or found.text)}]({scope.href(found.path, found.anchor)})"


def bare(target: str) -> str:
    """What is shown of a target that leads nowhere."""
    name, _, fragment = target.partition("#")
    return posixpath.basename(name) or fragment.lstrip("^") or target


def resolve(target: str, hole: Hole, scope: Scope, kind: str = "link") -> Target | None:
    """Where `page#fragment` leads from the note; nothing when it leads nowhere, which is reported."""
    vault, note = scope.vault, scope.note
    name, _, fragment = target.partition("#")
    name, fragment = name.strip(), fragment.strip()
    if not name and not fragment:
        scope.problem(hole.line, kind, f"{kind} {hole.text} is empty: write the name of a page in it")
        return None
    if not name:
        found = vault.anchor(note, fragment) or vault.anywhere(fragment.removeprefix("^"))
        if not found:
            scope.problem(
                hole.line, kind, f"{kind} {hole.text} matches no heading or block of this page and no concept"
            )
        return found
    # A file name may hold a `#`: the whole target is tried first.
    path, ambiguous = vault.find(target, note) if fragment else ("", False)
    if path:
        fragment = ""
    else:
        path, ambiguous = vault.find(name, note)
    if ambiguous:
        message = f"{kind} {hole.text} matches several pages; {path} was taken: write the folder too"
        scope.problem(hole.line, f"ambiguous {kind}", message)
    if path:
        page = vault.notes[path]
        if not fragment:
            return Target(path, "", page.title)
        found = vault.anchor(page, fragment)
        if not found:
            scope.problem(hole.line, kind, f"{kind} {hole.text} matches no heading or block of {path}")
        return found or Target(path, "", page.title)
    attachment = vault.attachment(name, note)
    if attachment:
        return Target(attachment, fragment, posixpath.basename(attachment))
    concept = vault.concept(name)
    if concept:
        return Target(concept.path, concept.anchor, concept.names[0])
    if vault.is_hidden(name):
        scope.problem(
            hole.line,
            "unpublished link",
            f"{kind} {hole.text} leads to a note that is not published: it is shown as text",
        )
        return None
    nearest = vault.nearest(name)
    hint = f"; nearest: [[{nearest}]]" if nearest else ""
    scope.problem(hole.line, kind, f"{_ABSENT[kind].format(name)}{hint}")
    return None


def target(hole: Hole, scope: Scope, image: bool) -> str:
    """The `](…)` of a Markdown link or image, its address made relative to the page it is shown on."""
    match = _DESTINATION.match(hole.body)
    if not match:
        # A destination with spaces is no Markdown link, but Obsidian's authors write it: `](my note.md)`.
        match = _DESTINATION.match(f"<{hole.body.strip()}>")
    if not match:
        return hole.text
    address, title = match["angle"] if match["angle"] is not None else match["bare"], match["title"] or ""
    if _SCHEME.match(address):
        return f"]({address.replace(' ', '%20')}{title})"
    if not address:
        scope.problem(hole.line, "link", "link has no address: write one between the parentheses")
        return f"]({BROKEN})"
    found = _file(unquote(address), hole, scope, image)
    if found and not image:
        scope.follow(found, hole.line)
    return f"]({scope.href(found.path, found.anchor)}{title})" if found else f"]({BROKEN}{title})"


def _file(address: str, hole: Hole, scope: Scope, image: bool) -> Target | None:
    vault, note = scope.vault, scope.note
    name, _, fragment = address.partition("#")
    if not name:
        found = vault.anchor(note, fragment) or vault.anywhere(fragment.removeprefix("^"))
        if not found:
            scope.problem(
                hole.line, "link", f"link to #{fragment} matches no heading or block of this page and no concept"
            )
        return found
    attachment = vault.attachment(address, note) or vault.attachment(name, note)
    if attachment:
        return Target(attachment, fragment if attachment != address else "", "")
    if image:
        scope.problem(hole.line, "missing file", f"image {name} does not exist in the vault")
        return None
    path = vault.relative(name, note)
    if path:
        # Not by name: a Markdown link gives the place.
        page = vault.notes[path]
        found = vault.anchor(page, fragment) if fragment else Target(path, "", page.title)
        if not found:
            scope.problem(hole.line, "link", f"link to {address} matches no heading or block of {path}")
        return found or Target(path, "", page.title)
    return resolve(address, hole, scope)
