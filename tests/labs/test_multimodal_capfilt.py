"""CapFilt on the toy web, and the numbers of docs/multimodal/blip.md."""

from __future__ import annotations

import numpy as np

from labs.multimodal.capfilt import agreement, datasets, fit, recall

WANT = {  # size, share of right captions, recall@1: means of five worlds
    "web": (360, 51.4, 62.7),
    "filter": (201, 91.5, 90.8),
    "caption": (660, 59.9, 86.6),
    "unfiltered captions": (501, 78.7, 91.4),
    "both": (419, 93.6, 94.0),
}


def test_model_is_ridge_regression() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((30, 6)), rng.standard_normal((30, 4))
    stacked_x, stacked_y = np.vstack([x, np.eye(6)]), np.vstack([y, np.zeros((6, 4))])
    want = np.linalg.lstsq(stacked_x, stacked_y, rcond=None)[0]  # ridge as least squares with extra rows
    np.testing.assert_allclose(fit(x, y), want, atol=1e-10)
    expected = x[0] @ want
    cosine = expected @ y[0] / np.linalg.norm(expected) / np.linalg.norm(y[0])
    np.testing.assert_allclose(agreement(want, x, y)[0], cosine, atol=1e-12)


def test_numbers_of_the_page() -> None:
    runs = [{k: (len(d[2]), d[2].mean(), recall(d, s)) for k, d in datasets(s).items()} for s in range(5)]
    for name, want in WANT.items():
        size, right, found = np.mean([run[name] for run in runs], axis=0)
        assert (round(size), round(100 * right, 1), round(100 * found, 1)) == want, name


def test_the_filter_judges_both_sources() -> None:
    """Page: every set holds the 60 human pairs, and filtering drops captions of both kinds."""
    sets = datasets(0)
    assert all(d[2][-60:].all() for d in sets.values())
    kept_web = len(sets["filter"][2]) - 60
    kept_synthetic = len(sets["both"][2]) - 60 - kept_web
    assert 0 < kept_web < 300
    assert 0 < kept_synthetic < 300
    np.testing.assert_array_equal(sets["both"][0][:kept_web], sets["filter"][0][:kept_web])
