r"""ROUGE-N and ROUGE-L of a summary against one reference.

Source: Lin, *ROUGE: A Package for Automatic Evaluation of Summaries* (2004), sections 2 and 3. Tokens are given as a
list: for Chinese, characters or words; the choice changes the number.
"""

from __future__ import annotations

from collections import Counter


# --8<-- [start:rouge]
def scores(hits: int, candidate: int, reference: int) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean."""
    p = hits / candidate if candidate else 0.0
    r = hits / reference if reference else 0.0
    return p, r, 2 * p * r / (p + r) if hits else 0.0


def rouge_n(candidate: list[str], reference: list[str], n: int) -> tuple[float, float, float]:
    """n-grams in common, each counted at most as often as in the reference."""
    c = Counter(tuple(candidate[i : i + n]) for i in range(len(candidate) - n + 1))
    r = Counter(tuple(reference[i : i + n]) for i in range(len(reference) - n + 1))
    return scores((c & r).total(), c.total(), r.total())


def rouge_l(candidate: list[str], reference: list[str]) -> tuple[float, float, float]:
    """Longest common subsequence: in order, gaps allowed."""
    best = [0] * (len(reference) + 1)  # best[j]: of the candidate so far and the first j reference tokens
    for token in candidate:
        row = [0]
        for j, other in enumerate(reference):
            row.append(best[j] + 1 if token == other else max(row[j], best[j + 1]))
        best = row
    return scores(best[-1], len(candidate), len(reference))


# --8<-- [end:rouge]
