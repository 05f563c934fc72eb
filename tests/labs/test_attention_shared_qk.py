"""Shared projections for queries and keys; numbers of docs/attention/scaled-dot-product-attention.md."""

from __future__ import annotations

import numpy as np

from labs.attention.scaled_dot_product import Array, scores, softmax
from labs.attention.shared_qk import diagonal_wins, rotate, separate_scores, shared_scores

N, D, D_K = 64, 64, 16


def data() -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((N, D)), rng.standard_normal((D, D_K)) / 8, rng.standard_normal((D, D_K)) / 8


def test_shared_scores_are_symmetric_and_positive_semidefinite() -> None:
    x, w, _ = data()
    s = shared_scores(x, w)
    np.testing.assert_allclose(s, s.T, rtol=0, atol=1e-12)
    assert np.linalg.eigvalsh(s).min() > -1e-12


def test_separate_scores_are_neither() -> None:
    x, w_q, w_k = data()
    s = separate_scores(x, w_q, w_k)
    assert np.abs(s - s.T).max() > 1
    assert np.linalg.eigvalsh(s + s.T).min() < -1
    assert np.linalg.matrix_rank(w_q @ w_k.T) == D_K


def test_rotary_positions_keep_shared_scores_symmetric() -> None:
    x, w, w_k = data()
    turned = rotate(x @ w)
    s = scores(turned, turned)
    np.testing.assert_allclose(s, s.T, rtol=0, atol=1e-12)
    assert np.linalg.eigvalsh(s).min() > -1e-12
    assert np.abs(s - shared_scores(x, w)).max() > 0.1
    other = scores(turned, rotate(x @ w_k))
    assert np.abs(other - other.T).max() > 1


def test_rotary_scores_depend_on_the_distance_only() -> None:
    token = np.random.default_rng(2).standard_normal(D_K)
    turned = rotate(np.tile(token, (9, 1)))
    s = turned @ turned.T
    for offset in range(-8, 9):
        line = np.diagonal(s, offset)
        np.testing.assert_allclose(line, line[0], rtol=1e-12, atol=1e-12)


def test_weights_of_shared_scores_are_not_symmetric() -> None:
    x, w, _ = data()
    p = softmax(shared_scores(x, w))
    assert np.abs(p - p.T).max() > 0.01


def test_largest_score_lies_on_the_diagonal() -> None:
    """Page: by Cauchy-Schwarz no score exceeds the larger of the two diagonal scores beside it."""
    x, w, _ = data()
    s = shared_scores(x, w)
    diagonal = np.diag(s)
    assert (np.abs(s) <= np.maximum(diagonal[:, None], diagonal) + 1e-12).all()


def test_page_share_of_rows_won_by_the_diagonal() -> None:
    """Page: 94 % of rows with shared weights (not all), none of 64 with separate ones."""
    x, w_q, w_k = data()
    assert round(diagonal_wins(shared_scores(x, w_q)), 2) == 0.94
    assert diagonal_wins(separate_scores(x, w_q, w_k)) == 0
