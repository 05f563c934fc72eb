"""Tree attention against one pass per path, expected depth against simulation; numbers of speculative-decoding.md."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import attention
from labs.serving.draft_tree import (
    depths,
    expected_accepted,
    full_tree,
    greedy_tree,
    tree_mask,
    typical_accept,
)

ACCURACY = np.array([[0.60, 0.15, 0.06, 0.03], [0.45, 0.15, 0.07, 0.04], [0.35, 0.13, 0.07, 0.04]])


def test_tree_mask_equals_separate_paths() -> None:
    """Page: attention over prefix and tree in one pass gives each node what its own path alone would give."""
    rng = np.random.default_rng(0)
    nodes = full_tree([2, 3, 2])
    n, prefix, d = len(nodes), 4, 8
    q, k, v = rng.standard_normal((n, d)), rng.standard_normal((prefix + n, d)), rng.standard_normal((prefix + n, d))
    mask = np.hstack([np.ones((n, prefix), dtype=bool), tree_mask(nodes)])
    got = attention(q, k, v, mask)
    for i, node in enumerate(nodes):
        path = [*range(prefix), *(prefix + nodes.index(node[:m]) for m in range(1, len(node) + 1))]
        np.testing.assert_allclose(got[i : i + 1], attention(q[i : i + 1], k[path], v[path]), atol=1e-12)
    assert depths(nodes).tolist() == [len(node) for node in nodes]


def test_node_counts() -> None:
    """Page: (2, 3) has 8 nodes, (4, 3, 2) has 40."""
    assert (len(full_tree([2, 3])), len(full_tree([4, 3, 2]))) == (8, 40)


def test_expected_accepted() -> None:
    """Page: chain 0.96, full tree 1.67, greedy trees of 16 and 40 nodes 1.59 and 1.75."""
    sizes = [full_tree([1, 1, 1]), full_tree([4, 3, 2]), greedy_tree(ACCURACY, 16), greedy_tree(ACCURACY, 40)]
    assert [round(expected_accepted(tree, ACCURACY), 2) for tree in sizes] == [0.96, 1.67, 1.59, 1.75]


def test_expected_accepted_against_simulation() -> None:
    rng = np.random.default_rng(0)
    tree = set(full_tree([4, 3, 2]))
    right = np.stack([rng.choice(5, size=20_000, p=[*row, 1 - row.sum()]) for row in ACCURACY], axis=1)  # 4: none
    depth = [max((m for m in (1, 2, 3) if tuple(r[:m]) in tree), default=0) for r in right.tolist()]
    assert np.mean(depth) == pytest.approx(expected_accepted(list(tree), ACCURACY), abs=4 * np.std(depth) / 20_000**0.5)


def test_greedy_tree_is_the_best_by_brute_force() -> None:
    accuracy = ACCURACY[:2, :3]
    nodes = full_tree([3, 3])
    for size in (1, 2, 3, 4, 5):
        trees = [t for t in combinations(nodes, size) if all(len(x) == 1 or x[:1] in t for x in t)]
        best = max(expected_accepted(list(t), accuracy) for t in trees)
        assert expected_accepted(greedy_tree(accuracy, size), accuracy) == pytest.approx(best)


def test_typical_acceptance_ignores_the_draft() -> None:
    """Page: a likely token always passes, in a flat distribution unlikely ones pass too: p is not preserved."""
    sharp, flat = np.array([0.95, 0.04, 0.01]), np.full(100, 0.01)
    assert typical_accept(sharp, 0)
    assert not typical_accept(sharp, 2)
    assert all(typical_accept(flat, i) for i in range(100))
