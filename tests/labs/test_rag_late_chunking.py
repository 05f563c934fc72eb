"""Late chunking against PyTorch and a block mask, and the numbers of docs/rag/chunking-size-topk.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.late_chunking import ENTITY, PRONOUN, Array, block_mask, early, embed, encode, late

WORDS = ["柏林", "是", "德国", "的", "首都", "。", "它", "的", "人口", "约", "385万", "。"]
CUT = [(0, 6), (6, 12)]


def text() -> Array:
    """(12, 66) the example of the page."""
    return embed(WORDS, {"柏林"}, {"它"}, d=64)


def test_encoder_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x = text()
    q, k, v = (torch.from_numpy(a)[None, None] for a in (8 * x[:, [PRONOUN]], x[:, [ENTITY]], x))
    head = torch.nn.functional.scaled_dot_product_attention(q, k, v)[0, 0].numpy()
    np.testing.assert_allclose(encode(x), x + x[:, [PRONOUN]] * head, atol=1e-12)


def test_early_is_late_with_a_block_mask() -> None:
    """Page: cutting first forbids attention across chunks, and does nothing else."""
    x = text()
    masked = encode(x, block_mask(len(x), CUT))
    np.testing.assert_allclose(early(x, CUT), np.stack([masked[b:e].mean(0) for b, e in CUT]), atol=1e-12)


def test_one_chunk_makes_them_equal() -> None:
    x = text()
    np.testing.assert_allclose(late(x, [(0, 12)]), early(x, [(0, 12)]), atol=1e-12)


def test_only_late_chunks_depend_on_other_chunks() -> None:
    x = text()
    other = x.copy()
    other[0, :64] = np.roll(x[0, :64], 1)  # another city
    assert np.abs(early(other, CUT)[1] - early(x, CUT)[1]).max() == 0
    assert np.abs(late(other, CUT)[1] - late(x, CUT)[1]).max() > 0.01


def test_numbers_of_the_page() -> None:
    """Cosine between "柏林 人口" and the second chunk."""
    x = text()[:, :64]  # content
    query = x[WORDS.index("柏林")] + x[WORDS.index("人口")]

    def cosine(c: Array) -> float:
        return float(c[:64] @ query / np.linalg.norm(c[:64]) / np.linalg.norm(query))

    full = text()
    assert round(cosine(early(full, CUT)[1]), 2) == 0.41
    assert round(cosine(late(full, CUT)[1]), 2) == 0.66
