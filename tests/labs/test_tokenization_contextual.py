"""Static and contextual vectors; numbers of docs/tokenization/semantic-space.md."""

from __future__ import annotations

import numpy as np

from labs.tokenization.contextual import (
    COMPANY,
    EAT,
    FRUIT,
    LAUNCH,
    centre,
    contextual,
    lookup,
    vector_in,
    weights,
)
from labs.tokenization.word2vec import Array, cosine


def near(vector: Array) -> list[float]:
    """Cosines with the fruit and with the companies, as printed on the page."""
    return [round(float(cosine(vector, centre(names))[0, 0]), 2) for names in (FRUIT, COMPANY)]


def test_static_row_is_the_same_in_both_sentences() -> None:
    np.testing.assert_array_equal(lookup(EAT)[0][2], lookup(LAUNCH)[0][0])


def test_page_table() -> None:
    """Page and figure: static 0.68 and 0.68; 我吃苹果 0.75 and 0.52; 苹果发布手机 0.57 and 0.69."""
    assert near(lookup(["苹果"])[0]) == [0.68, 0.68]
    assert near(vector_in(EAT, "苹果")) == [0.75, 0.52]
    assert near(vector_in(LAUNCH, "苹果")) == [0.57, 0.69]


def test_page_two_contextual_vectors_differ() -> None:
    assert round(float(cosine(vector_in(EAT, "苹果"), vector_in(LAUNCH, "苹果"))[0, 0]), 2) == 0.79


def test_other_sentences_lean_the_same_way() -> None:
    """Page: six sentences in all, three of each sense, and all of them lean to their own side."""
    for sentence in (EAT, ["苹果", "很", "甜"], ["我", "洗", "苹果"]):
        fruit, company = near(vector_in(sentence, "苹果"))
        assert fruit > company
    for sentence in (LAUNCH, ["苹果", "股价", "上涨"], ["苹果", "的", "芯片", "很", "新"]):
        fruit, company = near(vector_in(sentence, "苹果"))
        assert fruit < company


def test_page_weights() -> None:
    """Page: 苹果 attends to 我 and 吃, hardly to itself."""
    np.testing.assert_array_equal(weights(EAT, "苹果").round(2), [0.47, 0.46, 0.06])
    np.testing.assert_allclose(weights(LAUNCH, "苹果").sum(), 1, rtol=1e-12)


def test_layer_equals_a_loop() -> None:
    x, c = lookup(EAT)
    for i in range(3):
        e = np.array([np.exp(x[i] @ c[j] / np.sqrt(8)) for j in range(3)])
        want = x[i] + sum(e[j] / e.sum() * c[j] for j in range(3))
        np.testing.assert_allclose(contextual(EAT)[i], want, rtol=1e-12)
