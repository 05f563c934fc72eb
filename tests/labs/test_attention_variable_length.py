"""One set of weights for every length; numbers of docs/attention/why-attention.md."""

from __future__ import annotations

import numpy as np

from labs.attention.masks import causal_mask
from labs.attention.scaled_dot_product import Array
from labs.attention.variable_length import pack, pad, self_attention, weights

D, D_K, LENGTHS = 64, 16, [5, 50, 12]


def sentences() -> list[Array]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal((n, D)) for n in LENGTHS]


def test_page_same_weights_on_5_and_50() -> None:
    """Page: 3072 weights serve n = 5 and n = 50; scores 25 and 2500."""
    w = weights(D, D_K, np.random.default_rng(1))
    assert sum(part.size for part in w) == 3072
    long = sentences()[1]
    assert self_attention(long[:5], w).shape == (5, D_K)
    assert self_attention(long, w).shape == (50, D_K)
    assert (5**2, 50**2) == (25, 2500)


def test_a_causal_prefix_does_not_depend_on_what_follows() -> None:
    w = weights(D, D_K, np.random.default_rng(1))
    long = sentences()[1]
    whole = self_attention(long, w, causal_mask(50))
    np.testing.assert_allclose(self_attention(long[:5], w, causal_mask(5)), whole[:5], rtol=1e-12, atol=1e-12)


def test_padding_and_packing_give_what_each_sentence_gives_alone() -> None:
    w = weights(D, D_K, np.random.default_rng(1))
    padded, packed = self_attention(pad(sentences())[0], w, pad(sentences())[1]), pack(sentences())
    joined = self_attention(packed[0], w, packed[1])
    start = 0
    for row, s in zip(padded, sentences(), strict=True):
        alone = self_attention(s, w)
        np.testing.assert_allclose(row[: len(s)], alone, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(joined[start : start + len(s)], alone, rtol=1e-12, atol=1e-12)
        start += len(s)


def test_packing_without_the_mask_mixes_sentences() -> None:
    w = weights(D, D_K, np.random.default_rng(1))
    x, mask = pack(sentences())
    assert np.abs(self_attention(x, w) - self_attention(x, w, mask)).max() > 0.1


def test_page_waste_of_padding() -> None:
    """Page: lengths 5, 50, 12 padded: 67 of 150 places real; scores 7500, of which 2669 matter."""
    x, _ = pad(sentences())
    assert x.shape[:2] == (3, 50)
    assert sum(LENGTHS) == 67
    assert round(1 - 67 / 150, 2) == 0.55
    assert 3 * 50**2 == 7500
    assert pack(sentences())[1].sum() == 2669
