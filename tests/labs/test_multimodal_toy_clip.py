"""The toy CLIP: gradients against PyTorch, and the numbers of docs/multimodal/multimodal-semantic-space.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.multimodal.contrastive import clip_loss
from labs.multimodal.toy_clip import World, encode, encoder_grads, init, recall_at_1, train


def test_encoder_gradient_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    p, u = init(7, 9, 4, rng), rng.standard_normal((5, 7))
    y = rng.standard_normal((5, 4))
    unit, hidden, raw = encode(p, u)
    _, g = clip_loss(3.0 * unit @ y.T)
    got = encoder_grads(p, u, hidden, raw, unit, 3.0 * g @ y)
    a, b = (torch.tensor(w, requires_grad=True) for w in p)
    x = torch.nn.functional.normalize(torch.tanh(torch.tensor(u) @ a) @ b, dim=-1)
    logits = 3.0 * x @ torch.tensor(y).T
    target = torch.arange(5)
    (
        torch.nn.functional.cross_entropy(logits, target) / 2 + torch.nn.functional.cross_entropy(logits.T, target) / 2
    ).backward()
    np.testing.assert_allclose(got[0], a.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(got[1], b.grad.numpy(), atol=1e-12)


def test_one_space_is_learnt_from_pairs() -> None:
    """Page: recall@1 among 200 pairs goes from chance to 0.88; cosines of pairs 0.94, of others about 0."""
    for steps, want in ((0, 0.0), (300, 0.88)):
        rng = np.random.default_rng(0)
        world = World(rng)
        image, text, scale = train(world, steps, 128, rng, rate=0.5)
        u, v = world.pairs(200, np.random.default_rng(1))
        x, y = encode(image, u)[0], encode(text, v)[0]
        assert recall_at_1(x, y) == pytest.approx(want, abs=0.011)
    assert round(scale, 1) == 54.6
    cosine = x @ y.T
    own = float(np.trace(cosine)) / 200
    other = (float(cosine.sum()) - 200 * own) / (200 * 199)
    assert (round(own, 2), round(other, 2)) == (0.94, 0.01)
