"""Hierarchical softmax: probabilities, gradients against PyTorch, optimal trees against brute force; numbers of
docs/tokenization/negative-sampling.md."""

from __future__ import annotations

from itertools import combinations
from math import log2

import numpy as np
import pytest
from scipy.special import expit

from labs.tokenization.hierarchical_softmax import (
    entropy_bits,
    gradients,
    huffman,
    log_probability,
    mean_length,
    zipf,
)

COUNTS = [40, 20, 12, 10, 8, 6, 3, 1]
"""Counts of the page's figure: the words of `figures/tokenization/huffman_tree.py`, in percent."""


def test_probabilities_of_all_words_sum_to_one() -> None:
    rng = np.random.default_rng(0)
    for size in (2, 3, 7, 50):
        paths = huffman([int(c) for c in rng.integers(1, 100, size)])
        h, nodes = rng.standard_normal(8), rng.standard_normal((size - 1, 8)) * 3
        assert sum(np.exp(log_probability(h, nodes, p)) for p in paths) == pytest.approx(1, rel=1e-12)


def test_probability_is_the_product_of_sigmoids() -> None:
    rng = np.random.default_rng(1)
    paths = huffman(COUNTS)
    h, nodes = rng.standard_normal(4), rng.standard_normal((7, 4))
    for path in paths:
        want = 1.0
        for node, sign in zip(path.nodes, path.signs, strict=True):
            want *= float(expit(sign * nodes[node] @ h))
        assert log_probability(h, nodes, path) == pytest.approx(np.log(want), rel=1e-12)


def test_gradients_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(2)
    path = huffman(COUNTS)[6]
    h, nodes = rng.standard_normal(4), rng.standard_normal((7, 4))
    t_h, t_nodes = torch.tensor(h, requires_grad=True), torch.tensor(nodes, requires_grad=True)
    signs = torch.tensor(path.signs, dtype=torch.float64)
    loss = -torch.nn.functional.logsigmoid(signs * (t_nodes[list(path.nodes)] @ t_h)).sum()
    loss.backward()
    assert -log_probability(h, nodes, path) == pytest.approx(loss.item(), rel=1e-12)
    g_h, g_nodes = gradients(h, nodes, path)
    np.testing.assert_allclose(g_h, t_h.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(g_nodes, t_nodes.grad.numpy()[list(path.nodes)], atol=1e-12)
    rest = [i for i in range(7) if i not in path.nodes]
    assert not t_nodes.grad.numpy()[rest].any()


def cheapest(counts: tuple[int, ...]) -> int:
    """Least weighted path length over every way of merging two trees at a time."""
    if len(counts) == 1:
        return 0
    best = []
    for i, j in combinations(range(len(counts)), 2):
        rest = tuple(c for m, c in enumerate(counts) if m not in (i, j))
        best.append(counts[i] + counts[j] + cheapest((*rest, counts[i] + counts[j])))
    return min(best)


@pytest.mark.parametrize("counts", [[1, 1, 1, 1], [20, 10, 6, 5, 3, 2], [100, 1, 1, 1, 1], [5, 5, 4, 3, 1]])
def test_tree_is_the_cheapest(counts: list[int]) -> None:
    got = sum(c * len(p.nodes) for c, p in zip(counts, huffman(counts), strict=True))
    assert got == cheapest(tuple(counts))


def test_paths_are_a_prefix_code() -> None:
    codes = [p.signs for p in huffman(COUNTS)]
    for one, other in combinations(codes, 2):
        short = min(len(one), len(other))
        assert one[:short] != other[:short]


def test_page_small_tree() -> None:
    """Page and figure: lengths of the eight paths, 2.52 decisions on average where a balanced tree needs 3."""
    paths = huffman(COUNTS)
    assert [len(p.nodes) for p in paths] == [1, 3, 3, 4, 4, 4, 5, 5]
    assert (round(mean_length(COUNTS, paths), 2), round(entropy_bits(COUNTS), 2)) == (2.52, 2.45)
    assert log2(len(COUNTS)) == 3
    assert all(p.nodes[0] == 6 for p in paths)  # the root was made last


def test_page_zipf_cost() -> None:
    """Page: 16 384 words that fall as 1/rank: 9.99 decisions on average instead of 14; 3 to 17 of them."""
    counts = zipf(16_384)
    paths = huffman(counts)
    assert log2(16_384) == 14
    mean, bits = mean_length(counts, paths), entropy_bits(counts)
    assert (round(mean, 2), round(bits, 2)) == (9.99, 9.96)
    assert bits <= mean < bits + 1
    assert (len(paths[0].nodes), max(len(p.nodes) for p in paths)) == (3, 17)
    assert sum(0.5 ** len(p.nodes) for p in paths) == 1  # Kraft: a full tree
