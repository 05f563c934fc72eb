r"""Permission rules: deny, then ask, then allow; a compound command is judged part by part; paths are resolved first.

Rules are written Tool(pattern), `*` standing for anything, after the permission rules of Claude Code's documentation.
This is a teaching engine: what it cannot read for certain (substitutions, redirections) it asks about.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

DENY, ASK, ALLOW = "deny", "ask", "allow"
HARD = re.compile(r"\$\(|`|<\(|>\(|>|<<")
"""Substitutions and redirections: a part that holds one does more than its first word says."""


# --8<-- [start:split]
def parts(command: str) -> list[str]:
    """The simple commands of a compound one: cut at && || ; | & and newlines that are not quoted or escaped."""
    out, word, quote, i = [], "", "", 0
    while i < len(command):
        c = command[i]
        if c == "\\" and quote != "'":
            word, i = word + command[i : i + 2], i + 2
        elif quote or c in "'\"":
            quote = "" if c == quote else quote or c
            word, i = word + c, i + 1
        elif c in ";|&\n":
            out.append(word)
            word, i = "", i + 1  # && and || leave an empty word between them, dropped below
        else:
            word, i = word + c, i + 1
    return [w.strip() for w in [*out, word] if w.strip()]


# --8<-- [end:split]


# --8<-- [start:match]
def matches(pattern: str, command: str) -> bool:
    """`*` is any text; a blank before a last `*` is a word boundary, so `ls *` takes `ls` and `ls -a`, not `lsof`."""
    if pattern.endswith(" *"):
        head = re.escape(pattern[:-2]).replace(r"\*", ".*")
        return re.fullmatch(head + r"(\s.*)?", command, re.DOTALL) is not None
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), command, re.DOTALL) is not None


@dataclass(frozen=True)
class Rules:
    """Three lists of patterns for one tool."""

    deny: Sequence[str] = ()
    ask: Sequence[str] = ()
    allow: Sequence[str] = ()

    def one(self, command: str) -> str:
        """Verdict on a simple command: the first list with a match decides, however exact a later one is."""
        for verdict, patterns in ((DENY, self.deny), (ASK, self.ask), (ALLOW, self.allow)):
            if any(matches(p, command) for p in patterns):
                return verdict
        return ASK  # what no rule names needs a person

    def verdict(self, command: str) -> str:
        """Verdict on a whole command line: the strictest of its parts, and never `allow` for what cannot be read."""
        found = [self.one(p) for p in parts(command)]
        if DENY in found:
            return DENY
        return ALLOW if found and set(found) == {ALLOW} and not HARD.search(command) else ASK


# --8<-- [end:match]


# --8<-- [start:naive]
def naive(allow: Sequence[str], command: str) -> str:
    """What not to write: the whole line against a prefix."""
    return ALLOW if any(command.startswith(p) for p in allow) else ASK


# --8<-- [end:naive]


# --8<-- [start:path]
def inside(root: str, path: str, cwd: str) -> bool:
    """Is `path` in `root`? Resolve `..` first, then compare whole components (symbolic links: resolve them too)."""
    full = posixpath.normpath(posixpath.join(cwd, path))
    return full == root or full.startswith(root.rstrip("/") + "/")


def naive_inside(root: str, path: str) -> bool:
    """What not to write: a string prefix, fooled by `..` and by a sibling whose name begins alike."""
    return path.startswith(root)


# --8<-- [end:path]
