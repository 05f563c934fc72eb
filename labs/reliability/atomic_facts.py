r"""Scores of a long answer that was cut into atomic facts: FActScore's precision, SAFE's F1@K.

Sources: Min et al., *FActScore* (arXiv:2305.14251), section 3; Wei et al. (arXiv:2403.18802), section 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


# --8<-- [start:factscore]
def precision(supported: Sequence[bool]) -> float:
    """Share of an answer's atomic facts that the knowledge source supports: f(y) of FActScore."""
    return sum(supported) / len(supported)


def factscore(answers: Sequence[Sequence[bool] | None]) -> tuple[float, float, float]:
    """(FActScore, share of prompts answered, facts per answer); None is a declined prompt and does not count.

    The mean is over answers, not over facts: a short answer weighs as much as a long one.
    """
    given = [facts for facts in answers if facts]
    score = float(np.mean([precision(facts) for facts in given]))
    return score, len(given) / len(answers), float(np.mean([len(facts) for facts in given]))


# --8<-- [end:factscore]


# --8<-- [start:f1]
def f1_at_k(supported: int, unsupported: int, k: int) -> float:
    """Harmonic mean of precision and of recall up to k facts, the length that a reader wants; 0 if none is supported.

    Facts judged irrelevant to the prompt were taken out before counting.
    """
    if supported == 0:
        return 0.0
    p, r = supported / (supported + unsupported), min(supported / k, 1.0)
    return 2 * p * r / (p + r)


# --8<-- [end:f1]


def by_position(answers: Sequence[Sequence[bool]], parts: int) -> list[float]:
    """Precision in each of `parts` equal stretches of the answers, first to last."""
    buckets: list[list[bool]] = [[] for _ in range(parts)]
    for facts in answers:
        for i, ok in enumerate(facts):
            buckets[i * parts // len(facts)].append(ok)
    return [precision(bucket) for bucket in buckets]
