"""Merging two kinds of results: rank lists against sorting, and the numbers of docs/rag/multimodal-rag.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.metrics import rank_of
from labs.rag.modality_gap import make, merge_raw, merge_z


def test_merges_equal_sorting() -> None:
    rng = np.random.default_rng(0)
    text, image = rng.standard_normal(7), 3 + 2 * rng.standard_normal(5)
    both = [*text, *image]
    assert merge_raw(text, image, 4).tolist() == sorted(range(12), key=lambda i: -both[i])[:4]
    z = [*((text - text.mean()) / text.std()), *((image - image.mean()) / image.std())]
    assert merge_z(text, image, 4).tolist() == sorted(range(12), key=lambda i: -z[i])[:4]
    np.testing.assert_array_equal(merge_z(5 * text - 1, image / 9, 12), merge_z(text, image, 12))  # scale is gone


@pytest.mark.parametrize(("gap", "raw", "z"), [(0.0, 100, 100), (0.5, 83, 100), (1.0, 0, 100)])
def test_numbers_of_the_page(gap: float, raw: int, z: int) -> None:
    """100 topics: how often the right image is among the first ten of texts and images together."""
    space = make(100, 64, gap, 0.8)
    scores = [(space.texts @ q, space.images @ q) for q in space.queries]
    assert sum(100 + i in merge_raw(t, m, 10) for i, (t, m) in enumerate(scores)) == raw
    assert sum(100 + i in merge_z(t, m, 10) for i, (t, m) in enumerate(scores)) == z
    alone = sum(rank_of(m, i) == 1 for i, (_, m) in enumerate(scores))
    assert alone == {0.0: 100, 0.5: 98, 1.0: 92}[gap]
