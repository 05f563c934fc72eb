r"""Finding a symbol or an intention in a repository: exact search that reads on, against one BM25 look-up over chunks.

The agent is a rule, not a model: it greps a name, then reads a window around each definition it sees; without a name
it guesses from the words of the question. A real one would go on for more rounds.
"""

from __future__ import annotations

import re

import numpy as np

from labs.ai_coding.repo_truth import Line, Repo
from labs.rag.bm25 import Index, build

DEFINES = r"^\s*(async def|def|class) "


def cost(text: str) -> int:
    """Tokens that reading costs, counted as words and punctuation marks."""
    return len(re.findall(r"\w+|[^\w\s]", text))


# --8<-- [start:agent]
def grep(repo: Repo, pattern: str) -> list[tuple[Line, str]]:
    """Every line that matches, with its place: what `grep -rn` prints."""
    find, out = re.compile(pattern, re.MULTILINE).search, []
    for path, text in repo.items():
        if find(text):  # most files hold no match at all
            out += [((path, i), line) for i, line in enumerate(text.splitlines(), 1) if find(line)]
    return out


def read(repo: Repo, place: Line, before: int, after: int) -> tuple[set[Line], str]:
    """A window of a file: the lines it shows and their text."""
    path, at = place
    lines = repo[path].splitlines()
    first, last = max(1, at - before), min(len(lines), at + after)
    return {(path, i) for i in range(first, last + 1)}, "\n".join(lines[first - 1 : last])


def agent(repo: Repo, name: str, window: int = 20) -> tuple[set[Line], int]:
    """Round 1: grep the name. Round 2: read `window` lines from each definition. Lines seen, tokens read."""
    files = {p: t for p, t in repo.items() if name in t}  # grep -l: only these are scanned line by line
    hits = grep(files, rf"\b{re.escape(name)}\b")
    seen, tokens = {place for place, _ in hits}, sum(cost(f"{p}:{i}:{line}") for (p, i), line in hits)
    for place, line in hits:
        if re.match(rf"\s*(async def|def|class) {re.escape(name)}\b", line):
            shown, text = read(repo, place, 2, window)
            seen, tokens = seen | shown, tokens + cost(text)
    return seen, tokens


def guess(repo: Repo, question: str, defs: list[tuple[Line, str]], most: int = 5) -> tuple[set[Line], int]:
    """No name is known: take definition lines that hold a word of the question, rarest word first, and read them.

    `defs` is what one `grep(repo, DEFINES)` printed.
    """
    places = {w: [p for p, line in defs if w in line.lower()] for w in set(re.findall(r"[a-z]{4,}", question.lower()))}
    ranked = [place for w in sorted(places, key=lambda w: (len(places[w]), w)) for place in places[w]]
    seen: set[Line] = set()
    tokens = 0
    for place in list(dict.fromkeys(ranked))[:most]:
        shown, text = read(repo, place, 2, 20)
        seen, tokens = seen | shown, tokens + cost(text)
    return seen, tokens


# --8<-- [end:agent]


# --8<-- [start:chunks]
def words(text: str, split: bool) -> list[str]:
    """Tokens for BM25: whole identifiers, or (`split`) their parts, HTTPError and load_file being two words each."""
    found = re.findall(r"\w+", text)
    return [p.lower() for w in found for p in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", w)] if split else found


class Chunks:
    """A BM25 index over windows of `size` lines."""

    def __init__(self, repo: Repo, size: int = 40, split: bool = False) -> None:
        """Cut every file and index the pieces."""
        self.split = split
        self.places: list[set[Line]] = []
        self.texts: list[str] = []
        for path, text in repo.items():
            lines = text.splitlines()
            for begin in range(0, len(lines), size):
                self.places.append({(path, i) for i in range(begin + 1, min(begin + size, len(lines)) + 1)})
                self.texts.append("\n".join(lines[begin : begin + size]))
        self.index: Index = build([words(t, split) for t in self.texts])

    def search(self, query: str, k: int) -> tuple[set[Line], int]:
        """Lines of the best k chunks, and what reading them costs."""
        score = self.index.scores(words(query, self.split))  # (chunks,)
        best = [int(i) for i in np.argsort(-score, kind="stable")[:k] if score[i] > 0]
        return set().union(*(self.places[i] for i in best)), sum(cost(self.texts[i]) for i in best)


# --8<-- [end:chunks]
