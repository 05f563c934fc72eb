"""Zero-shot classification, and the numbers of docs/multimodal/clip.md (zero-shot)."""

from __future__ import annotations

import numpy as np

from labs.multimodal.contrastive import normalize
from labs.multimodal.zero_shot import class_vector, classify, toy_accuracy


def test_ensemble_is_one_linear_layer() -> None:
    """The mean vector ranks classes as the mean of the template scores does, up to each class's own length."""
    rng = np.random.default_rng(0)
    prompts, images = normalize(rng.standard_normal((5, 8, 16))), normalize(rng.standard_normal((40, 16)))
    mean_scores = np.stack([(images @ p.T).mean(axis=1) for p in prompts], axis=1)  # (n, K), brute force
    lengths = np.array([np.linalg.norm(p.mean(axis=0)) for p in prompts])
    vectors = np.stack([class_vector(p) for p in prompts])
    np.testing.assert_allclose(images @ vectors.T, mean_scores / lengths, atol=1e-12)


def test_a_new_class_changes_no_other_score() -> None:
    """Page: adding a row leaves the ratio of the old probabilities as it was."""
    rng = np.random.default_rng(1)
    images, classes = normalize(rng.standard_normal((10, 8))), normalize(rng.standard_normal((4, 8)))
    old, new = classify(images, classes[:3], 10.0), classify(images, classes, 10.0)
    np.testing.assert_allclose(new[:, :3] / new[:, :3].sum(axis=1, keepdims=True), old, atol=1e-12)
    np.testing.assert_allclose(new.sum(axis=1), 1.0)


def test_templates_average_out_the_wording() -> None:
    """Page: 1, 4, 16 and 80 templates, mean of five worlds."""
    got = [np.mean([toy_accuracy(k, seed) for seed in range(5)]) for k in (1, 4, 16, 80)]
    assert [round(100 * float(v), 1) for v in got] == [71.5, 96.0, 99.5, 99.8]
