"""ROUGE against definitions by brute force, and the numbers of docs/finetuning/sft.md."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from labs.finetuning.rouge import rouge_l, rouge_n


def longest(a: list[str], b: list[str]) -> int:
    """Longest common subsequence by trying every subsequence of `a`."""
    for size in range(min(len(a), len(b)), 0, -1):
        of_b = set(combinations(b, size))
        if any(s in of_b for s in combinations(a, size)):
            return size
    return 0


def overlap(a: list[str], b: list[str], n: int) -> int:
    """n-grams of `a` matched one to one with those of `b`, by crossing off."""
    left = [b[i : i + n] for i in range(len(b) - n + 1)]
    hits = 0
    for i in range(len(a) - n + 1):
        if a[i : i + n] in left:
            left.remove(a[i : i + n])
            hits += 1
    return hits


def test_brute_force() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        a, b = (list(rng.choice(list("abc"), size=rng.integers(2, 9))) for _ in range(2))
        p, r, f = rouge_l(a, b)
        assert (p, r) == pytest.approx((longest(a, b) / len(a), longest(a, b) / len(b)))
        assert f == pytest.approx(2 * p * r / (p + r) if p + r else 0)
        for n in (1, 2):
            p, r, _ = rouge_n(a, b, n)
            assert (p, r) == pytest.approx((overlap(a, b, n) / (len(a) - n + 1), overlap(a, b, n) / (len(b) - n + 1)))


def test_page_example() -> None:
    """Page: the same words, one fact reversed."""
    reference, candidate = list("甲公司收购乙公司"), list("乙公司收购甲公司")
    assert rouge_n(candidate, reference, 1) == (1, 1, 1)
    assert round(rouge_n(candidate, reference, 2)[2], 2) == 0.86
    assert round(rouge_l(candidate, reference)[2], 2) == 0.75
