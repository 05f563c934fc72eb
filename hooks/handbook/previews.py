"""The data of the hover previews: for each address that a link may have, a name and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import unquote

from .reader import Reader, Reference
from .registry import Vault


def table(
    vault: Vault, reader: Reader, references: Iterable[Reference], url: Callable[[str], str]
) -> dict[str, tuple[str, str]]:
    """(name, sentence) by address: every page, every concept, and every other anchor that a note links to.

    Addresses are relative to the site's root and not percent-encoded; `url` gives that of a note's page.
    """
    names = {(note.path, ""): note.title for note in vault.notes.values()}
    names |= {(reference.target.path, reference.target.anchor): reference.target.text for reference in references}
    names |= {(concept.path, concept.anchor): concept.names[0] for concept in vault.concepts.values() if concept.anchor}
    found = {}
    for (path, anchor), name in sorted(names.items()):
        note = vault.notes[path]
        sentence = reader.summary(note, anchor)
        if sentence:
            address = unquote(url(path)) + (f"#{anchor}" if anchor else "")
            found[address] = (name if anchor else note.title, sentence)
    return found
