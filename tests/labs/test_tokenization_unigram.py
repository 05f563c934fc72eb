"""The unigram model against brute force and `tokenizers`; the numbers of docs/tokenization/unigram-lm.md."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from math import exp, log

import numpy as np
import pytest

from labs.tokenization import unigram, unigram_em
from labs.tokenization.bpe import ENGLISH
from labs.tokenization.unigram_em import PHRASES

TEXT = "研究生命起源"


def random_model(rng: np.random.Generator) -> dict[str, float]:
    """Probabilities of all strings of up to three letters a, b, c, of which some are missing."""
    pieces = [x + y + z for x in "abc" for y in ["", *"abc"] for z in ["", *"abc"]]
    pieces = [p for p in dict.fromkeys(pieces) if len(p) == 1 or rng.random() < 0.6]
    weights = rng.dirichlet(np.ones(len(pieces)))
    return {piece: log(w) for piece, w in zip(pieces, weights, strict=True)}


def test_viterbi_and_forward_against_every_segmentation() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        logp = random_model(rng)
        text = "".join(rng.choice(list("abc"), 9))
        everything = list(unigram.segmentations(text, logp))
        assert all("".join(pieces) == text for pieces, _ in everything)
        assert len({tuple(pieces) for pieces, _ in everything}) == len(everything) > 1
        pieces, score = unigram.viterbi(text, logp)
        best = max(lp for _, lp in everything)
        assert score == pytest.approx(best, abs=1e-10)
        assert {tuple(p): lp for p, lp in everything}[tuple(pieces)] == pytest.approx(best, abs=1e-10)
        total = sum(exp(lp) for _, lp in everything)
        assert unigram.forward(text, logp)[-1] == pytest.approx(log(total), abs=1e-10)


def test_expected_counts_against_every_segmentation() -> None:
    rng = np.random.default_rng(1)
    logp = random_model(rng)
    text = "abcabacb"
    everything = list(unigram.segmentations(text, logp))
    total = sum(exp(lp) for _, lp in everything)
    counts, log_z = unigram_em.expected_counts(text, logp)
    assert log_z == pytest.approx(log(total), abs=1e-10)
    for piece in logp:
        want = sum(pieces.count(piece) * exp(lp) for pieces, lp in everything) / total
        assert counts.get(piece, 0.0) == pytest.approx(want, abs=1e-10)


def test_encoding_equals_the_library() -> None:
    pytest.importorskip("tokenizers", reason="needs tokenizers==0.23.3")
    from tokenizers import models

    rng = np.random.default_rng(2)
    trained = unigram_em.train(PHRASES, 10)
    cases = [(trained, TEXT), (trained, "生命研究"), (trained, "起源研究生")]
    cases += [(random_model(rng), "".join(rng.choice(list("abc"), 15))) for _ in range(30)]
    for logp, text in cases:
        model = models.Unigram([("<unk>", -100.0), *logp.items()], unk_id=0)
        assert [token.value for token in model.tokenize(text)] == unigram.viterbi(text, logp)[0]


def test_text_that_cannot_be_spelled() -> None:
    assert unigram.viterbi("ax", {"a": -1.0}) == ([], float("-inf"))


def test_em_never_lowers_the_likelihood() -> None:
    """Page: the likelihoods of the first steps; the seed vocabulary has 21 pieces."""
    logp = unigram_em.seed(PHRASES)
    assert len(logp) == 21
    assert {"究起", "生命起", "研究生命"} <= logp.keys()
    history: list[float] = []
    for _ in range(6):
        logp, likelihood = unigram_em.em_step(PHRASES, logp)
        history.append(likelihood)
        assert sum(map(exp, logp.values())) == pytest.approx(1, abs=1e-12)
    assert all(b >= a - 1e-9 for a, b in pairwise(history))
    assert [round(x, 1) for x in history[:4]] == [-71.7, -52.9, -48.7, -48.2]


def test_pruning_down_to_ten_pieces() -> None:
    """Page: what is left at each size, and the probabilities at size 10."""
    kept = {size: {piece for piece in unigram_em.train(PHRASES, size) if len(piece) > 1} for size in (12, 11, 10, 9, 8)}
    assert kept[12] == {"研究", "生命", "起源", "研究生", "生命起源", "研究起源"}
    assert kept[12] - kept[11] == {"研究起源"}
    assert kept[11] - kept[10] == {"生命起源"}
    assert kept[10] - kept[9] == {"研究生"}
    assert kept[9] - kept[8] == {"生命"}
    assert all(len(unigram_em.train(PHRASES, size)) == size for size in kept)
    model = unigram_em.train(PHRASES, 10)
    shown = {piece: round(exp(lp), 3) for piece, lp in model.items() if exp(lp) > 1e-3}
    assert shown == {"研究": 0.296, "生命": 0.266, "起源": 0.242, "研究生": 0.128, "命": 0.067}


def test_loss_is_not_probability() -> None:
    """Page: at size 9 生命 is more probable than 起源, and yet the next to go; 生 and 命 can stand in for it."""
    model = unigram_em.train(PHRASES, 9)
    assert [round(exp(model[piece]), 3) for piece in ("生命", "起源", "生", "命")] == [0.236, 0.215, 0.113, 0.059]
    assert exp(model["起"]) < 1e-9
    assert exp(model["源"]) < 1e-9
    loss = unigram_em.losses(PHRASES, model)
    assert min(loss, key=loss.__getitem__) == "生命"


def test_pruning_in_english() -> None:
    """Page: 34 pieces to begin with; ten letters and four pieces at size 14; ed goes next, then talk."""
    assert len(unigram_em.seed(ENGLISH)) == 34
    model = unigram_em.train(ENGLISH, 14)
    assert len(model) == 14
    assert {piece: round(exp(lp), 3) for piece, lp in model.items() if len(piece) > 1} == {
        "walk": 0.414,
        "ing": 0.241,
        "ed": 0.172,
        "talk": 0.172,
    }
    assert "ed" not in unigram_em.train(ENGLISH, 13)
    assert "talk" not in unigram_em.train(ENGLISH, 12)


def test_normalization_of_full_width_signs() -> None:
    """Page: NFKC, on which the default normalization of SentencePiece is based, is not undone by decoding."""
    assert unicodedata.normalize("NFKC", "１２３，") == "123,"


def test_the_two_readings() -> None:
    """Page: probabilities of 研究|生命|起源 and 研究生|命|起源, and their shares for three values of alpha."""
    model = unigram_em.train(PHRASES, 10)
    pieces, score = unigram.viterbi(TEXT, model)
    assert pieces == ["研究", "生命", "起源"]
    assert round(exp(score), 4) == 0.0191
    rival = exp(model["研究生"] + model["命"] + model["起源"])
    assert round(rival, 4) == 0.0021
    assert round(exp(score) / rival, 1) == 9.2
    shares = [
        tuple(round(unigram.tempered(TEXT, model, alpha)[x], 2) for x in [tuple(pieces), ("研究生", "命", "起源")])
        for alpha in (1, 0.5, 0.2)
    ]
    assert shares == [(0.9, 0.1), (0.75, 0.25), (0.59, 0.38)]
    assert sum(unigram.tempered(TEXT, model, 0.2).values()) == pytest.approx(1)


def test_number_of_segmentations() -> None:
    """Page: with every substring in the vocabulary, n characters have 2^(n - 1) segmentations."""
    logp = {TEXT[i:j]: -1.0 for i in range(6) for j in range(i + 1, 7)}
    assert len(list(unigram.segmentations(TEXT, logp))) == 2**5 == 32
