"""Adaptive softmax against torch.nn.AdaptiveLogSoftmaxWithLoss; numbers of docs/tokenization/negative-sampling.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.tokenization.adaptive_softmax import Adaptive, Shape

WIKITEXT = Shape(size=267_735, d=1024, cutoffs=(20_000, 40_000, 200_000), div=4)
"""WikiText-103 with the cut-offs of the official Transformer-XL code (wt103, large)."""
FULL = 267_735 * 1024


def small() -> Adaptive:
    rng = np.random.default_rng(0)
    head = rng.standard_normal((4 + 2, 16))
    return Adaptive(head, [(rng.standard_normal((d, 16)), rng.standard_normal((n, d))) for d, n in ((4, 6), (1, 10))])


def test_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    lab = small()
    layer = torch.nn.AdaptiveLogSoftmaxWithLoss(16, 20, [4, 10], div_value=4.0).double()
    with torch.no_grad():
        layer.head.weight.copy_(torch.tensor(lab.head))
        for (down, out), tail in zip(lab.tails, layer.tail, strict=True):
            tail[0].weight.copy_(torch.tensor(down))
            tail[1].weight.copy_(torch.tensor(out))
    h = np.random.default_rng(1).standard_normal((20, 16))
    np.testing.assert_allclose(lab.log_prob(h), layer.log_prob(torch.tensor(h)).detach().numpy(), atol=1e-12)
    target = torch.arange(20)
    got = [lab.target_log_prob(h[i], i) for i in range(20)]
    np.testing.assert_allclose(got, layer(torch.tensor(h), target).output.detach().numpy(), atol=1e-12)


def test_probabilities_sum_to_one_and_agree() -> None:
    lab = small()
    h = np.random.default_rng(2).standard_normal((3, 16))
    everything = lab.log_prob(h)
    np.testing.assert_allclose(np.exp(everything).sum(axis=1), 1, rtol=1e-12)
    for word in range(20):
        assert lab.target_log_prob(h[0], word) == pytest.approx(everything[0, word], rel=1e-12)
    with pytest.raises(IndexError):
        lab.target_log_prob(h[0], 20)


def test_weights_are_those_of_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    layer = torch.nn.AdaptiveLogSoftmaxWithLoss(1024, 267_735, [20_000, 40_000, 200_000], div_value=4.0, device="meta")
    assert sum(p.numel() for p in layer.parameters()) == sum(WIKITEXT.parts())


def test_page_weights() -> None:
    """Page: rows of the table, 37.3 M weights in all where the full matrix has 274.2 M."""
    assert WIKITEXT.tails() == [(20_000, 256), (160_000, 64), (67_735, 16)]
    assert [round(part / 1e6, 1) for part in WIKITEXT.parts()] == [20.5, 5.4, 10.3, 1.1]
    assert (round(sum(WIKITEXT.parts()) / 1e6, 1), round(FULL / 1e6, 1)) == (37.3, 274.2)


def test_page_expected_cost() -> None:
    """Page: under Zipf 80.2 % of the targets stop in the head; 22.1 M multiply-adds instead of 274.2 M, an 8 %."""
    p = 1 / np.arange(1, 267_736)
    p /= p.sum()
    assert round(100 * p[:20_000].sum(), 1) == 80.2
    share = [p[20_000:40_000].sum(), p[40_000:200_000].sum(), p[200_000:].sum()]
    assert [round(100 * s, 1) for s in share] == [5.3, 12.3, 2.2]
    cost = WIKITEXT.training_cost(p)
    parts = WIKITEXT.parts()
    assert cost == pytest.approx(parts[0] + sum(s * c for s, c in zip(share, parts[1:], strict=True)))
    assert round(cost / 1e6, 1) == 22.1
    assert round(100 * cost / FULL) == 8
