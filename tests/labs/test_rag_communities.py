"""Modularity and Louvain against every partition, and the numbers of docs/rag/graphrag.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.communities import (
    EDGES,
    NAMES,
    Array,
    Ints,
    global_calls,
    handbook,
    local_moves,
    louvain,
    modularity,
    partitions,
    surplus,
)


def random_graph(n: int, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    a = np.triu(rng.random((n, n)) < 0.4, 1).astype(float)
    a[0, 1:] = np.maximum(a[0, 1:], a.sum(0)[1:] == 0)  # no lonely node
    return np.asarray(a + a.T)


def naive(a: Array, labels: Ints) -> float:
    """The definition, pair by pair."""
    k, m2 = a.sum(1), a.sum()
    n = len(a)
    pairs = [(i, j) for i in range(n) for j in range(n) if labels[i] == labels[j]]
    return float(sum(a[i, j] - k[i] * k[j] / m2 for i, j in pairs) / m2)


def test_modularity_equals_the_definition() -> None:
    a = random_graph(8, 0)
    for labels in list(partitions(8))[::97]:
        assert modularity(a, np.array(labels)) == pytest.approx(naive(a, np.array(labels)))
    assert modularity(a, np.zeros(8, dtype=np.int64)) == pytest.approx(0)


def test_bell_numbers() -> None:
    assert [len(list(partitions(n))) for n in range(7)] == [1, 1, 2, 5, 15, 52, 203]


@pytest.mark.parametrize("seed", range(4))
def test_no_single_move_helps_and_never_beats_the_best(seed: int) -> None:
    a = random_graph(7, seed)
    labels = local_moves(a)
    q = modularity(a, labels)
    for i in range(7):
        for target in range(8):
            other = labels.copy()
            other[i] = target
            assert modularity(a, other) <= q + 1e-12
    assert modularity(a, louvain(a)[-1]) <= max(modularity(a, np.array(p)) for p in partitions(7)) + 1e-12


def test_melting_keeps_modularity() -> None:
    a, labels = handbook(), louvain(handbook())[0]
    member = np.eye(labels.max() + 1)[labels]
    small = member.T @ a @ member
    assert modularity(small, np.arange(len(small))) == pytest.approx(modularity(a, labels))


def test_numbers_of_the_page() -> None:
    """Ten pages, seventeen links: three communities, and no partition of the 115 975 is better."""
    a = handbook()
    assert (len(NAMES), len(EDGES)) == (10, 17)
    labels = louvain(a)[-1]
    groups = [{NAMES[i] for i in np.flatnonzero(labels == c)} for c in range(3)]
    assert groups == [
        {"RoPE", "YaRN", "位置插值", "长度外推"},
        {"MLA", "GQA", "FlashAttention"},
        {"LoRA", "QLoRA", "训练显存"},
    ]
    b = surplus(a)
    every = np.array(list(partitions(10)), dtype=np.int8)  # (115975, 10)
    q = sum(b[i, j] * (every[:, i] == every[:, j]) for i in range(10) for j in range(10)) / a.sum()
    assert len(every) == 115_975
    assert modularity(a, labels) == pytest.approx(float(np.max(q)))
    assert round(modularity(a, labels), 3) == 0.351
    assert global_calls(1000, 20) == 51
