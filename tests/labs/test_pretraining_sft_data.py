"""IFD, K-center, κ and Alpaca against loops and published tables; numbers of docs/pretraining/sft-data-quality.md."""

from __future__ import annotations

import json
from itertools import combinations
from math import log

import numpy as np
import pytest

from labs.pretraining.alpaca import problems, render
from labs.pretraining.ifd import POOL, SEED, ifd, loss, select, toy
from labs.pretraining.k_center import k_center_greedy, radius
from labs.pretraining.kappa import cohen, fleiss, two_class

FLEISS_1971 = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ],
    dtype=np.float64,
)
"""The worked example in common use for Fleiss' κ: 14 raters, 10 subjects, 5 classes."""


def test_toy_tables_are_distributions() -> None:
    model = toy()
    for table in (model.unigram[None], model.bigram, model.link):
        np.testing.assert_allclose(table.sum(1), 1, atol=1e-12)


def test_loss_equals_a_loop_over_counts() -> None:
    model, smoothing = toy(), 0.1
    v = len(model.index) + 1
    for question, answer in POOL.values():
        total = 0.0
        for i, ch in enumerate(answer):
            last = answer[i - 1] if i else None
            follow = seen = 0
            for _, a in SEED:
                for j, c in enumerate(a):
                    if (a[j - 1] if j else None) == last:
                        seen += 1
                        follow += c == ch
            links = []
            for q in set(question):
                after = [c for qq, a in SEED if q in qq for c in a]
                links.append((after.count(ch) + smoothing) / (len(after) + smoothing * v))
            p = 0.5 * (follow + smoothing) / (seen + smoothing * v) + 0.5 * sum(links) / len(links)
            total -= log(p)
        assert loss(model, answer, question) == pytest.approx(total / len(answer), abs=1e-12)


def test_numbers_of_ifd() -> None:
    """Page: the table of four samples; the mismatched one has a small loss and the largest ratio."""
    model = toy()
    rows = {name: (loss(model, a, q), loss(model, a), ifd(model, q, a)) for name, (q, a) in POOL.items()}
    assert {name: tuple(round(x, 2) for x in row) for name, row in rows.items()} == {
        "已会": (1.62, 2.03, 0.80),
        "相近": (2.26, 2.56, 0.88),
        "较难": (3.90, 4.23, 0.92),
        "错配": (1.95, 1.76, 1.11),
    }
    names = list(POOL)
    assert [names[i] for i in select(np.array([rows[n][2] for n in names]), 0.5)] == ["较难", "相近"]


def test_k_center_is_within_twice_the_best() -> None:
    rng = np.random.default_rng(0)
    gained = 0.0
    for _ in range(20):
        x = rng.standard_normal((12, 2))
        got = k_center_greedy(x, 3)
        best = min(radius(x, list(c)) for c in combinations(range(12), 3))
        assert len(set(got)) == 3
        assert best <= radius(x, got) + 1e-12
        assert radius(x, got) <= 2 * best + 1e-12
        gained += radius(x, [0, 1, 2]) - radius(x, got)
    assert gained > 0


def test_k_center_covers_a_rare_kind() -> None:
    """Page: 96 points in one place and 4 far away; three picks are enough to reach the rare ones."""
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, 0.5, (96, 2)), rng.normal(8, 0.5, (4, 2))])
    assert any(i >= 96 for i in k_center_greedy(x, 3))
    assert round(96 / 100 * 95 / 99 * 94 / 98, 2) == 0.88  # three random picks miss them


def test_cohen_equals_loop() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 3, 60), rng.integers(0, 3, 60)
    second[:30] = first[:30]
    table = np.zeros((3, 3))
    for a, b in zip(first, second, strict=True):
        table[a, b] += 1
    p_o = sum(a == b for a, b in zip(first, second, strict=True)) / 60
    p_e = sum(a == b for a in first for b in second) / 3600  # every pairing of the two lists
    assert cohen(table) == pytest.approx((p_o - p_e) / (1 - p_e), abs=1e-12)


def test_fleiss_equals_loop_and_published_value() -> None:
    pairs = []
    for row in FLEISS_1971:
        ratings = [j for j, count in enumerate(row) for _ in range(int(count))]
        pairs.append(np.mean([a == b for a, b in combinations(ratings, 2)]))
    everything = [j for row in FLEISS_1971 for j, count in enumerate(row) for _ in range(int(count))]
    p_e = np.mean([a == b for a in everything for b in everything])
    assert fleiss(FLEISS_1971) == pytest.approx((np.mean(pairs) - p_e) / (1 - p_e), abs=1e-12)
    assert round(fleiss(FLEISS_1971), 2) == 0.21


def test_numbers_of_kappa() -> None:
    """Page: 73 % agreement is κ = 0.46 at even classes and 0.16 when 80 % are yes."""
    assert cohen(two_class(0.73, 0.5)) == pytest.approx(0.46)
    assert round(cohen(two_class(0.73, 0.8)), 2) == 0.16
    assert two_class(0.73, 0.8).sum() == pytest.approx(1)
    skewed = two_class(0.9, 0.93)  # the question: 90 % agreement, 93 % yes
    assert round(float(skewed.sum(1) @ skewed.sum(0)), 2) == 0.87
    assert round(cohen(skewed), 2) == 0.23
    habits = two_class(0.73, 0.8).sum(1)
    assert habits @ habits == pytest.approx(0.68)


def test_alpaca_templates() -> None:
    """Page: the two templates, word for word those of the Stanford repository."""
    sample = {"instruction": "把句子翻译成英文", "input": "你好", "output": "Hello"}
    assert render(sample) == (
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        "Write a response that appropriately completes the request.\n\n"
        "### Instruction:\n把句子翻译成英文\n\n### Input:\n你好\n\n### Response:"
    )
    assert "### Input:" not in render({**sample, "input": ""})
    assert problems(json.dumps(sample)) == []


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ('{"instruction": "问"。 "output": "答"}', "not JSON"),
        ('{"instruction": "问", "output": "一" "二"}', "not JSON"),
        ('{"instruction": "问", "output": ["答"]}', "output: not a string"),
        ('{"instruction": "", "output": "答"}', "instruction: empty"),
        ('{"instruction": "问", "input": 3, "output": "答"}', "input: not a string"),
        ("[]", "not an object"),
    ],
)
def test_alpaca_problems(text: str, want: str) -> None:
    assert problems(text)[0].startswith(want)
