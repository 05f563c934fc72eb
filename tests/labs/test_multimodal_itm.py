"""Image-text matching: loss against PyTorch, sampling and counts against brute force, numbers of vilt.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.multimodal.itm import draw_negatives, forwards, itm_loss, negative_weights
from labs.multimodal.toy_clip import World, encode, train


def test_loss_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    z = np.random.default_rng(0).standard_normal((9, 2))
    labels = np.array([1] * 3 + [0] * 6)
    want = torch.nn.functional.cross_entropy(torch.from_numpy(z), torch.from_numpy(labels)).item()
    np.testing.assert_allclose(itm_loss(z, labels), want, atol=1e-12)
    always_no = np.tile([np.log(2 / 3), np.log(1 / 3)], (9, 1))  # page: the loss of knowing only the 2 : 1 ratio
    assert round(itm_loss(always_no, labels), 3) == 0.637


def test_negatives_are_never_the_own_pair_and_follow_the_weights() -> None:
    logits = np.random.default_rng(1).standard_normal((5, 5)) * 2
    rng = np.random.default_rng(2)
    counts = np.zeros((5, 5))
    for _ in range(4000):
        drawn = draw_negatives(logits, rng)
        counts[np.arange(5), drawn] += 1
    assert np.diag(counts).sum() == 0
    np.testing.assert_allclose(counts / 4000, negative_weights(logits), atol=0.03)


def test_weights_by_hand() -> None:
    logits = np.log(np.array([[5.0, 3.0, 1.0], [1.0, 5.0, 1.0], [2.0, 6.0, 5.0]]))
    want = [[0, 0.75, 0.25], [0.5, 0, 0.5], [0.25, 0.75, 0]]
    np.testing.assert_allclose(negative_weights(logits), want, atol=1e-12)


def test_hard_negatives_look_right() -> None:
    """Page vilt: mean cosine of a random and of a drawn negative in the toy CLIP, and how many are in play."""
    rng = np.random.default_rng(0)
    world = World(rng)
    image, text, _ = train(world, 300, 128, rng, rate=0.5)
    u, v = world.pairs(128, np.random.default_rng(1))
    cosine = encode(image, u)[0] @ encode(text, v)[0].T
    weights = negative_weights(cosine / 0.07)
    random = (cosine.sum() - np.trace(cosine)) / (128 * 127)
    assert (round(float(random), 2), round(float((weights * cosine).sum() / 128), 2)) == (0.02, 0.79)
    entropy = -(weights * np.log(np.where(weights > 0, weights, 1))).sum(axis=1)
    assert round(float(np.exp(entropy).mean()), 1) == 8.4


@pytest.mark.parametrize(("design", "keep"), [("two-tower", 0), ("single-stream", 0), ("rerank", 3)])
def test_counts_equal_brute_force(design: str, keep: int) -> None:
    images, texts, count = range(7), range(11), 0
    if design != "single-stream":
        count += sum(1 for _ in images) + sum(1 for _ in texts)
    for _ in images:
        shown = list(texts) if design == "single-stream" else list(texts)[:keep]
        count += len(shown)
    assert forwards(7, 11, design, keep) == count


def test_counts_of_the_page() -> None:
    """Page vilt: 1000 images, 5000 texts (Flickr30K's test set)."""
    assert forwards(1000, 5000, "two-tower") == 6000
    assert forwards(1000, 5000, "single-stream") == 5_000_000
    assert forwards(1000, 5000, "rerank", 128) == 134_000
