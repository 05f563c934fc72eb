"""Factual-nucleus sampling by enumeration; numbers of docs/reliability/factual-nucleus.md."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.decoding.samplers import top_p
from labs.reliability.factual_nucleus import example, first_at_floor, schedule, sentence

ENDS = [False] * 11 + [True]


def test_schedule_by_recurrence() -> None:
    rng = np.random.default_rng(0)
    ends = list(rng.random(200) < 0.1)
    got, p = schedule(ends, 0.9, 0.9, 0.3), 0.9
    for value, end in zip(got, ends, strict=True):
        assert value == pytest.approx(max(0.3, p), abs=1e-12)
        p = 0.9 if end else p * 0.9
    assert schedule([False, True, False], 0.9, 0.9, 0.3)[2] == 0.9


def test_sentence_by_enumeration() -> None:
    rng = np.random.default_rng(1)
    logits, right, ps = rng.normal(size=(3, 4)), [None, 2, 1], [0.9, 0.8, 0.7]
    rows = [softmax(top_p(row, p)) for row, p in zip(logits, ps, strict=True)]
    hit = sum(
        rows[0][i] * rows[1][j] * rows[2][k] for i, j, k in product(range(4), repeat=3) if j == right[1] and k == 1
    )
    q = rows[0][rows[0] > 0]
    np.testing.assert_allclose(sentence(logits, right, ps), (hit, -(q * np.log(q)).sum()), atol=1e-12)


def test_page_schedule() -> None:
    """Page: λ = 0.9, p = 0.9, ω = 0.3; the twelfth token reaches the floor, and without a reset nothing comes back."""
    got = schedule(ENDS + ENDS, 0.9, 0.9, 0.3)
    assert [f"{x:.2f}" for x in got[[0, 1, 2, 4, 6, 11, 12]]] == [
        "0.90",
        "0.81",
        "0.73",
        "0.59",
        "0.48",
        "0.30",
        "0.90",
    ]
    assert first_at_floor(0.9, 0.9, 0.3) == 12
    assert (schedule(ENDS + ENDS, 0.9, 0.9, 0.3, reset=False)[12:] == 0.3).all()


def test_page_table() -> None:
    """Page: all facts right, and what freedom is left, for facts late and early in the sentence."""
    factual = schedule(ENDS, 0.9, 0.9, 0.3)
    table = {}
    for late in (True, False):
        logits, right = example(late)
        for name, ps in (("0.9", [0.9] * 12), ("0.5", [0.5] * 12), ("greedy", [1e-9] * 12), ("factual", list(factual))):
            truth, freedom = sentence(logits, right, ps)
            table[late, name] = f"{truth:.0%} {freedom:.1f}"
    assert table == {
        (True, "0.9"): "18% 11.0",
        (True, "0.5"): "100% 7.6",
        (True, "greedy"): "100% 0.0",
        (True, "factual"): "100% 9.9",
        (False, "0.9"): "18% 11.0",
        (False, "0.5"): "100% 7.6",
        (False, "greedy"): "100% 0.0",
        (False, "factual"): "35% 5.3",
    }
