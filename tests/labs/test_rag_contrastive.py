"""InfoNCE against PyTorch, hard negatives, and the numbers of docs/rag/contrastive-hard-negatives.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.contrastive import clash, info_nce, margin_mask, negative_shares
from labs.rag.experiment import split
from labs.rag.hard_negatives import accuracy, passages, train


@pytest.mark.parametrize("masked", [False, True])
def test_loss_and_gradient_equal_torch(masked: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    q, p = rng.standard_normal((6, 5)), rng.standard_normal((10, 5))
    ignore = rng.random((6, 10)) < 0.3 if masked else None
    tq, tp = (torch.from_numpy(a).requires_grad_() for a in (q, p))
    scores = tq @ tp.T / 0.2
    if ignore is not None:
        ignore[np.arange(6), np.arange(6)] = False
        scores = scores.masked_fill(torch.from_numpy(ignore), -torch.inf)
    want = torch.nn.functional.cross_entropy(scores, torch.arange(6))
    want.backward()
    loss, to_q, to_p = info_nce(q, p, 0.2, ignore)
    assert loss == pytest.approx(want.item(), abs=1e-12)
    np.testing.assert_allclose(to_q, tq.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(to_p, tp.grad.numpy(), atol=1e-12)


def test_temperature_of_the_page() -> None:
    """Negatives 0, 0.1 and 0.3 below the hardest: how the push is divided."""
    gaps = np.array([0.0, 0.1, 0.3])
    assert [round(float(x), 2) for x in negative_shares(gaps, 1.0)] == [0.38, 0.34, 0.28]
    assert [round(float(x), 2) for x in negative_shares(gaps, 0.05)] == [0.88, 0.12, 0.00]
    assert round(float(np.exp(0.1 / 0.05)), 1) == 7.4  # a false negative that scores 0.1 above the positive
    assert round(1 / (1 + float(np.exp(0.1 / 0.05))), 2) == 0.12


def test_random_or_hard_of_the_page() -> None:
    assert passages().shape == (320, 48)
    before = accuracy(np.ones(48))
    assert (round(before[0], 2), round(before[1], 2)) == (1.00, 0.38)
    got = {(kind, n): round(accuracy(train(kind, n))[1], 2) for kind in ("random", "hard") for n in (100, 400)}
    assert got == {("random", 100): 0.59, ("random", 400): 0.94, ("hard", 100): 0.89, ("hard", 400): 1.00}
    gain = train("hard", 400)
    assert [round(float(g.mean()), 1) for g in np.split(gain, 3)] == [1.0, 0.6, 1.7]


def test_clash_of_the_page() -> None:
    """Share of queries with a false negative in a random batch of the corpus; against a simulation."""
    relevant = split()[2]
    assert [round(clash(relevant, b), 2) for b in (8, 32, 64)] == [0.06, 0.23, 0.43]
    rng, hits = np.random.default_rng(0), []
    for _ in range(3000):
        drawn = relevant[rng.permutation(len(relevant))[:32]]
        hits.append(np.mean([(drawn == d).sum() > 1 for d in drawn]))
    assert np.mean(hits) == pytest.approx(clash(relevant, 32), abs=0.005)


def test_margin_mask() -> None:
    scores = np.array([[0.5, 0.61, 0.59, 0.7], [0.2, 0.5, 0.9, 0.0]])
    np.testing.assert_array_equal(margin_mask(scores), [[False, True, False, True], [False, False, True, False]])
