r"""Two ways to tell an editor where: by line number, which drifts, or by quoting text that must occur exactly once.

Source: the exact-match rule is that of the Edit tool of Claude Code; SWE-agent's editor (arXiv:2405.15793, section 3)
takes a range of lines and shows the window again after each edit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


# --8<-- [start:replace]
class Refused(ValueError):
    """The edit was not made; the message tells the model what to do next."""


def replace(text: str, old: str, new: str) -> str:
    """Put `new` where `old` stands, if it stands in exactly one place; a refused edit changes nothing."""
    count = text.count(old) if old else 0
    if count == 0:
        raise Refused("not found: read the file again")
    if count > 1:
        raise Refused(f"found {count} times: quote more lines around it")
    return text.replace(old, new)


def replace_line(lines: Sequence[str], number: int, new: Sequence[str]) -> list[str]:
    """Put `new` in place of line `number`, from 0: always done, whatever stands there by now."""
    return [*lines[:number], *new, *lines[number + 1 :]]


# --8<-- [end:replace]


# --8<-- [start:drift]
@dataclass
class Outcome:
    """What became of a batch of edits that were all planned on one reading of the file."""

    right: int = 0
    wrong: int = 0
    refused: int = 0


def batch(n: int, edits: int, grow: int, order: str, rng: np.random.Generator) -> tuple[Outcome, Outcome]:
    """(by line number, by quotation): `edits` lines of `n`, each replaced by 0 to `grow` lines, planned in one go.

    `order` of carrying out: "down" the file, "up" from its end, or "random".
    """
    lines = [f"line {i}" for i in range(n)]
    targets = sorted(int(t) for t in rng.choice(n, edits, replace=False))
    targets = targets[::-1] if order == "up" else targets if order == "down" else rng.permutation(targets).tolist()
    numbered, quoted, text = Outcome(), Outcome(), "\n".join(lines) + "\n"
    for t in targets:
        new = [f"new {t}.{j}" for j in range(int(rng.integers(0, grow + 1)))]
        hit = t < len(lines) and lines[t] == f"line {t}"
        numbered.right, numbered.wrong = numbered.right + hit, numbered.wrong + (not hit)
        lines = replace_line(lines, t, new)
        try:
            text = replace(text, f"line {t}\n", "".join(f"{line}\n" for line in new))
            quoted.right += 1
        except Refused:
            quoted.refused += 1
    return numbered, quoted


# --8<-- [end:drift]


# --8<-- [start:unique]
def unique_share(files: Sequence[str], context: int) -> float:
    """Share of the non-blank lines that are unique in their file when quoted with `context` lines on either side."""
    good = total = 0
    for text in files:
        lines = text.splitlines()
        windows = [tuple(lines[max(0, i - context) : i + context + 1]) for i in range(len(lines))]
        counts = Counter(windows)
        kept = [w for w, line in zip(windows, lines, strict=True) if line.strip()]
        total, good = total + len(kept), good + sum(counts[w] == 1 for w in kept)
    return good / total


# --8<-- [end:unique]
