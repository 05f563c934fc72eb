r"""How much an editor changed, and whether what it left is supported: RARR's two scores.

Source: Gao et al., *RARR* (arXiv:2210.08726), its two measures: attribution of the new text to its evidence,
preservation of the old one; and the harmonic mean of both.
"""

from __future__ import annotations

import numpy as np


# --8<-- [start:preserve]
def levenshtein(x: str, y: str) -> int:
    """Fewest insertions, deletions and substitutions of characters that turn x into y."""
    row = np.arange(len(y) + 1)  # (len(y) + 1,): distances from the empty prefix of x
    for i, a in enumerate(x, 1):
        new = [i]
        for j, b in enumerate(y, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (a != b)))
        row = np.array(new)
    return int(row[-1])


def preservation(before: str, after: str) -> float:
    """1 − distance / length of the original, not below 0; 1 if nothing changed."""
    return max(1 - levenshtein(before, after) / len(before), 0.0)


def harmonic(attribution: float, kept: float) -> float:
    """F1 of attribution and preservation: deleting everything, or changing nothing, must not win."""
    return 2 * attribution * kept / (attribution + kept) if attribution + kept else 0.0


# --8<-- [end:preserve]
