"""One word in two sentences; numbers of docs/attention/scaled-dot-product-attention.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.same_word import PHONE, SWEET, Head, sinusoid
from labs.attention.scaled_dot_product import scores

HEAD = Head(seed=4)


def test_page_weights_of_the_same_word() -> None:
    """Page and figure: the word gives itself 0.57 in one sentence and 0.36 in the other."""
    np.testing.assert_array_equal(HEAD.weights(SWEET)[0].round(2), [0.57, 0.15, 0.27])
    np.testing.assert_array_equal(HEAD.weights(PHONE)[0].round(2), [0.36, 0.22, 0.12, 0.30])


def test_page_score_of_the_word_with_itself_is_the_same() -> None:
    found = []
    for sentence in (SWEET, PHONE):
        x = HEAD.embed(sentence, positions=False)
        found.append(scores(x @ HEAD.w_q, x @ HEAD.w_k)[0, 0])
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_query_is_the_same_and_only_the_denominator_changes() -> None:
    """Page: log weights of two words common to both sentences differ by one constant."""
    both = ["苹果", "很", "甜"]
    short, long = HEAD.weights(both)[0], HEAD.weights([*both, "手机"])[0]
    ratio = long[:3] / short
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)
    assert ratio[0] < 0.99


def test_two_occurrences_differ_only_by_position() -> None:
    twice = ["苹果", "很", "苹果"]
    plain, placed = HEAD.weights(twice), HEAD.weights(twice, positions=True)
    np.testing.assert_allclose(plain[0], plain[2], rtol=1e-12)
    assert np.abs(placed[0] - placed[2]).max() > 0.05


def test_rows_sum_to_one() -> None:
    np.testing.assert_allclose(HEAD.weights(PHONE).sum(axis=1), 1, rtol=1e-12)


def test_sinusoid_is_the_formula_of_the_paper() -> None:
    table = sinusoid(7, 8)
    for p in range(7):
        for i in range(4):
            assert table[p, 2 * i] == pytest.approx(np.sin(p / 10000 ** (2 * i / 8)))
            assert table[p, 2 * i + 1] == pytest.approx(np.cos(p / 10000 ** (2 * i / 8)))
