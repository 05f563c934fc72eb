"""Constrained decoding against Python's `re`, and the numbers of docs/rag/rag-safety.md."""

from __future__ import annotations

import json
import re
from itertools import product

import numpy as np
import pytest

from labs.rag.constrained import (
    EPS,
    NONE,
    Array,
    Expr,
    after,
    alt,
    conditional_share,
    constrained,
    done,
    mask,
    masked_share,
    one_of,
    read,
    seq,
    star,
    text,
)

CASES: list[tuple[Expr, str]] = [
    (seq(text("ab"), star(one_of("ab"))), r"ab[ab]*"),
    (alt(text("aa"), seq(star(text("ab")), text("c"))), r"aa|(?:ab)*c"),
    (star(alt(text("a"), text("bc"))), r"(?:a|bc)*"),
    (seq(alt(text("a"), EPS), star(one_of("bc"))), r"a?[bc]*"),
]
RECORD = seq(
    text('{"label": "'),
    alt(text("支持"), text("反对")),
    text('", "score": '),
    one_of("123456789"),
    star(one_of("0123456789")),
    text("}"),
)


@pytest.mark.parametrize(("e", "pattern"), CASES)
def test_equals_re(e: Expr, pattern: str) -> None:
    words = ["".join(w) for n in range(6) for w in product("abc", repeat=n)]
    whole = {w for w in words if re.fullmatch(pattern, w)}
    assert {w for w in words if done(read(e, w))} == whole
    for w in words[:40]:  # a prefix is alive exactly if some word goes on from it
        alive = any(x.startswith(w) for x in whole)
        assert (read(e, w) != NONE) == alive


def test_mask_looks_through_whole_tokens() -> None:
    """Page: a token of several characters is allowed only if all of them are."""
    vocabulary = ["", "a", "ab", "abc", "ba", "c"]
    e = CASES[0][0]
    assert mask(e, vocabulary).tolist() == [False, True, True, False, False, False]
    assert mask(after(after(e, "a"), "b"), vocabulary).tolist() == [True, True, True, False, True, False]


def test_every_output_is_a_record() -> None:
    vocabulary = ["", *'{}": ,支持反对0123456789labelscore', '{"', '": ', "支持", "反对", "score", "不知道", "10"]
    for seed in range(20):
        rng = np.random.default_rng(seed)

        def logits(_: str, rng: np.random.Generator = rng) -> Array:
            return rng.standard_normal(len(vocabulary))

        got = constrained(RECORD, vocabulary, logits)
        record = json.loads(got)
        assert set(record) == {"label", "score"}
        assert record["label"] in ("支持", "反对")
        assert record["score"] >= 1  # the grammar says nothing about ≤ 5: that is for the check after it


def test_distortion_numbers_of_the_page() -> None:
    """A first token liked nine times as much, but with one valid ending in a hundred."""
    first, valid = np.array([0.9, 0.1]), np.array([0.01, 1.0])
    np.testing.assert_allclose(masked_share(first, valid), [0.9, 0.1])
    assert round(float(conditional_share(first, valid)[0]), 3) == 0.083

    def sample_conditional(n: int) -> float:
        rng = np.random.default_rng(0)
        picks = rng.choice(2, n, p=first)
        kept = picks[rng.random(n) < valid[picks]]  # draw whole texts, keep the valid ones
        return float((kept == 0).mean())

    assert sample_conditional(200_000) == pytest.approx(0.083, abs=0.005)
    no_trap: Array = np.array([0.3, 0.3])
    np.testing.assert_allclose(masked_share(first, no_trap), conditional_share(first, no_trap))
