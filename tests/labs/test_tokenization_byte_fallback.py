"""Byte fallback and new rows, and the numbers of docs/tokenization/oov-byte-fallback.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.tokenization import byte_fallback, vocab_expansion
from labs.tokenization.granularity import embedding_parameters

VOCAB = set("大模型从零开始的 abcdefghijklmnopqrstuvwxyz")


def test_fallback_equals_the_library() -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="needs tokenizers==0.23.3")
    from tokenizers import decoders, models

    names = [*byte_fallback.BYTES, *sorted(VOCAB)]
    model = models.BPE(vocab={name: i for i, name in enumerate(names)}, merges=[], byte_fallback=True)
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    for text in ["大模型", "龘", "a龘b🙂c", "é ñ"]:
        encoding = tokenizer.encode(text)
        assert byte_fallback.with_bytes(text, VOCAB) == encoding.tokens
        assert byte_fallback.decode(encoding.tokens) == tokenizer.decode(encoding.ids) == text


def test_bytes_of_characters() -> None:
    """Page: 龘, 𰻝 and 🙂 as bytes."""
    assert byte_fallback.with_bytes("龘", VOCAB) == ["<0xE9>", "<0xBE>", "<0x98>"]
    assert byte_fallback.with_unk("大龘", VOCAB) == ["大", "[UNK]"]
    assert [len(byte_fallback.with_bytes(char, VOCAB)) for char in "大é龘🙂𰻝"] == [1, 2, 3, 4, 4]
    assert byte_fallback.decode(["<0xE9>", "<0xBE>"]) == "�"  # a character that was not finished


@pytest.mark.parametrize("level", [0, -10, -20])
def test_mean_rows_keep_the_bound(level: float) -> None:
    """Page: KL is at most log(1 + k / V), whatever the level of the logits."""
    rng = np.random.default_rng(0)
    rows, hidden = vocab_expansion.toy_model(rng, 5000, 64, 200, level)
    taken, kl = vocab_expansion.damage(hidden, rows, vocab_expansion.mean_rows(rows, 50))
    assert 0 < kl <= np.log(1 + 50 / 5000) < 0.01
    assert taken < 50 / 5050
    assert round(taken, 4) == 0.0015  # page: 0.15 %


def test_zero_and_noise_rows_take_over_when_logits_are_low() -> None:
    """Page: share of probability that 50 new rows take, at three levels of the old logits."""
    shares = []
    for level in (0, -10, -20):
        rng = np.random.default_rng(0)
        rows, hidden = vocab_expansion.toy_model(rng, 5000, 64, 200, level)
        zero, kl = vocab_expansion.damage(hidden, rows, np.zeros((50, 64)))
        noise, _ = vocab_expansion.damage(hidden, rows, 0.02 * rng.standard_normal((50, 64)))
        assert noise == pytest.approx(zero, rel=0.06)
        shares.append((round(100 * zero, 2), round(kl, 1)))
    assert shares == [(0.15, 0.0), (96.8, 3.5), (100.0, 13.5)]


def test_log_softmax_equals_scipy() -> None:
    special = pytest.importorskip("scipy.special", reason="needs scipy==1.17.1")
    x = 30 * np.random.default_rng(0).standard_normal((4, 9))
    np.testing.assert_allclose(vocab_expansion.log_softmax(x), special.log_softmax(x, axis=-1), atol=1e-12)


def test_rows_of_qwen() -> None:
    """Page: two matrices of about 152 thousand rows of 4096; against 32 thousand."""
    big, small = (embedding_parameters(v, 4096, tied=False) for v in (151_851, 32_000))
    assert (round(big / 1e9, 2), round(small / 1e9, 2)) == (1.24, 0.26)
    assert 151_643 + 208 == 151_851
    assert 151_643 + 3 == 151_646
    assert 151_643 + 22 == 151_665
