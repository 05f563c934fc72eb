"""BLEU against sacrebleu, pass@k against all subsets, and the numbers of docs/evaluation/bleu.md."""

from __future__ import annotations

from itertools import combinations
from math import e

import numpy as np
import pytest

from labs.evaluation.bleu import clipped, closest_length, corpus_bleu
from labs.evaluation.codebleu import ngram_match, syntax_match, weighted_unigram
from labs.evaluation.pass_at_k import expectation, pass_at_k, plug_in, variance

REFERENCE = "今天天气很好适合出门散步"
CODE = """def total(items):
    result = 0
    for item in items:
        result += item
    return result
"""
RENAMED = """def add_up(xs):
    s = 0
    for x in xs:
        s += x
    return s
"""
WRONG = CODE.replace("+= item", "-= item")
SHORT = """def total(items):
    return sum(items)
"""


@pytest.mark.parametrize("smooth", ["none", "exp", "floor", "add-k"])
def test_equals_sacrebleu(smooth: str) -> None:
    sacrebleu = pytest.importorskip("sacrebleu", reason="needs sacrebleu==2.6.0")
    rng = np.random.default_rng(0)
    words = np.array(list("abcdefg"))
    for sentences in (1, 1, 1, 1, 5, 5, 20):
        cands = [list(rng.choice(words, rng.integers(2, 12))) for _ in range(sentences)]
        refs = [[list(rng.choice(words, rng.integers(2, 12))) for _ in range(3)] for _ in range(sentences)]
        metric = sacrebleu.BLEU(tokenize="none", smooth_method=smooth, effective_order=False)
        want = metric.corpus_score([" ".join(c) for c in cands], [[" ".join(r[k]) for r in refs] for k in range(3)])
        got = corpus_bleu(cands, refs, smooth=smooth)
        assert 100 * got.score == pytest.approx(want.score, abs=1e-9)
        assert got.brevity == pytest.approx(want.bp, abs=1e-12)


def test_chinese_needs_a_tokenizer() -> None:
    """Page: sacrebleu's default treats the whole sentence as one token, `zh` splits it into characters."""
    sacrebleu = pytest.importorskip("sacrebleu", reason="needs sacrebleu==2.6.0")
    candidate = "今天天气很好适合外出散步"
    got = {
        t: sacrebleu.BLEU(tokenize=t, effective_order=False).corpus_score([candidate], [[REFERENCE]]).score
        for t in ("13a", "zh")
    }
    assert f"{got['13a']:.1f} {got['zh']:.1f}" == "0.0 68.7"


def test_page_clipping() -> None:
    """Page: seven times "the" against two references of which one holds it twice: 2/7."""
    refs = [["the", "cat", "is", "on", "the", "mat"], ["there", "is", "a", "cat", "on", "the", "mat"]]
    assert clipped(["the"] * 7, refs, 1) == (2, 7)


def test_page_example() -> None:
    """Page: precisions 11/12, 8/11, 6/10, 5/9 and 0.687; a short candidate 1/e; reordered halves 0.683."""
    ref = [list(REFERENCE)]
    one = list("今天天气很好适合外出散步")
    assert [clipped(one, ref, n) for n in (1, 2, 3, 4)] == [(11, 12), (8, 11), (6, 10), (5, 9)]
    assert f"{corpus_bleu([one], [ref]).score:.3f}" == "0.687"
    short = corpus_bleu([list("今天天气很好")], [ref])
    assert set(short.precisions) == {1.0}
    assert short.score == pytest.approx(1 / e)
    assert f"{short.score:.3f}" == "0.368"
    turned = list("出门散步适合今天天气很好")
    assert [clipped(turned, ref, n) for n in (1, 2, 3, 4)] == [(12, 12), (9, 11), (6, 10), (4, 9)]
    assert f"{corpus_bleu([list('出门散步适合今天天气很好')], [ref]).score:.3f}" == "0.683"
    babble = list("天天天天天天")
    scores = [f"{corpus_bleu([babble], [ref], smooth=s).score:.3f}" for s in ("none", "exp", "floor", "add-k")]
    assert scores == ["0.000", "0.060", "0.032", "0.100"]


def test_corpus_is_not_the_mean_of_sentences() -> None:
    """Page: a perfect long sentence and a hopeless short one: 0.955 over the corpus, 0.5 on average."""
    cands, refs = [list("abcdefghijklmnop"), list("qr")], [[list("abcdefghijklmnop")], [list("st")]]
    single = [corpus_bleu([c], [r]).score for c, r in zip(cands, refs, strict=True)]
    assert (single, f"{corpus_bleu(cands, refs).score:.3f}") == ([1.0, 0.0], "0.955")
    assert closest_length(list("abcd"), [list("abc"), list("abcde")]) == 3  # equally near: the shorter


def test_page_code() -> None:
    """Page: the table of three candidates."""
    parts = (ngram_match, weighted_unigram, syntax_match)
    rows = {n: [f"{f(c, CODE):.2f}" for f in parts] for n, c in [("r", RENAMED), ("w", WRONG), ("s", SHORT)]}
    assert rows == {"r": ["0.17", "0.77", "1.00"], "w": ["0.86", "0.97", "0.69"], "s": ["0.26", "0.46", "0.23"]}
    means = [f"{sum(f(c, CODE) for f in parts) / 3:.2f}" for c in (WRONG, RENAMED, SHORT)]
    assert means == ["0.84", "0.65", "0.32"]
    results = []
    for code, name in [(CODE, "total"), (RENAMED, "add_up"), (WRONG, "total"), (SHORT, "total")]:
        space: dict[str, object] = {}
        exec(code, space)
        results.append(space[name]([1, 2, 3]))  # type: ignore[operator]
    assert results == [6, 6, -6, 6]  # right, right, wrong, right


def test_pass_at_k_is_the_share_of_subsets() -> None:
    for n, c, k in [(6, 0, 3), (6, 1, 1), (6, 2, 3), (7, 5, 3), (8, 3, 8), (9, 4, 2)]:
        samples = [i < c for i in range(n)]
        subsets = list(combinations(samples, k))
        assert pass_at_k(n, c, k) == pytest.approx(sum(map(any, subsets)) / len(subsets), abs=1e-12)


def test_pass_at_k_has_no_bias_and_the_plug_in_has() -> None:
    for p in (0.02, 0.1, 0.5):
        for n, k in [(10, 1), (10, 10), (30, 7)]:
            assert expectation(pass_at_k, p, n, k) == pytest.approx(1 - (1 - p) ** k, abs=1e-12)
            assert k == 1 or expectation(plug_in, p, n, k) < 1 - (1 - p) ** k - 1e-3


def test_page_pass_at_k() -> None:
    """Page: p = 0.1, k = 10, truth 0.651: the means of the plug-in, the spread of both, single cases."""
    assert f"{1 - 0.9**10:.3f}" == "0.651"
    assert [f"{expectation(plug_in, 0.1, n, 10):.3f}" for n in (10, 20, 200)] == ["0.494", "0.568", "0.643"]
    assert (pass_at_k(10, 1, 10), f"{plug_in(10, 1, 10):.3f}") == (1.0, "0.651")
    assert f"{pass_at_k(20, 2, 10):.3f}" == "0.763"
    spread = [f"{variance(pass_at_k, 0.1, n, 10) ** 0.5:.2f}" for n in (10, 20, 200)]
    assert spread == ["0.48", "0.29", "0.08"]
    assert pass_at_k(200, 20, 1) == pytest.approx(0.1)
