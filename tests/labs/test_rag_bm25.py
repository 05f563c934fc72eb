"""BM25 against bm25s and a loop, and the numbers of docs/rag/bm25.md."""

from __future__ import annotations

import re
from math import log

import numpy as np
import pytest

from labs.rag import bm25
from labs.rag.corpus import WORD, load, tokens
from labs.rag.experiment import gold_ranks, sparse, split
from labs.rag.metrics import ranking, summarise


@pytest.mark.parametrize(("k1", "b"), [(1.5, 0.75), (1.2, 0.75), (0.9, 0.4), (2.0, 0.0)])
def test_equals_bm25s(k1: float, b: float) -> None:
    bm25s = pytest.importorskip("bm25s", reason="needs bm25s==0.3.16")
    passages, queries, _ = split()
    oracle = bm25s.BM25(method="atire", idf_method="lucene", k1=k1, b=b, dtype="float64")
    oracle.index(passages, show_progress=False)
    ours = bm25.build(passages, k1, b)
    for query in queries[:40]:
        known = [t for t in query if t in ours.columns]
        np.testing.assert_allclose(ours.scores(query), oracle.get_scores(known), atol=1e-10)


def test_equals_the_formula() -> None:
    texts = [list("aab"), list("bcd"), list("abcdeeee")]
    index, mean = bm25.build(texts), sum(map(len, texts)) / 3
    for i, text in enumerate(texts):
        want = 0.0
        for term in "aez":
            holding, f = sum(term in t for t in texts), text.count(term)
            weight = log(1 + (3 - holding + 0.5) / (holding + 0.5))
            want += weight * f * 2.5 / (f + 1.5 * (0.25 + 0.75 * len(text) / mean))
        assert index.scores(list("aez"))[i] == pytest.approx(want, abs=1e-12)


def test_numbers_of_the_page() -> None:
    """docs/rag/bm25.md: saturation, length and IDF worked by hand."""

    def tf(f: float, length: float) -> float:
        return float(bm25.saturation(np.array(f), np.array(length), 1.0))

    assert [round(tf(f, 1), 2) for f in (1, 2, 5, 10)] == [1.0, 1.43, 1.92, 2.17]
    assert tf(1e9, 1) == pytest.approx(2.5)
    assert [round(tf(2, length), 2) for length in (0.5, 1, 2)] == [1.70, 1.43, 1.08]
    idf = bm25.idf(92, np.array([1.0, 46.0, 92.0]))
    assert [round(float(x), 3) for x in idf] == [4.127, 0.693, 0.005]


def test_corpus_of_the_page() -> None:
    passages, queries, _ = split()
    assert (len(passages), len(queries)) == (92, 338)
    assert round(np.mean([len(p) for p in passages])) == 169
    assert round(np.mean([len(q) for q in queries])) == 14
    assert len(bm25.build(passages).columns) == 7509


def test_one_query_term_by_term() -> None:
    """docs/rag/bm25.md: why 「GQA 减少计算量吗？」 puts another page first."""
    corpus, (passages, queries, gold) = load(), split()
    index = bm25.build(passages)
    i = corpus.queries.index("GQA 减少计算量吗？")
    assert corpus.pages[gold[i]] == "attention/gqa"
    assert gold_ranks(sparse())[i] == 4
    top = ranking(sparse()[i])[0]
    assert corpus.pages[top] == "foundations/decoder-flops"

    def terms(j: int) -> dict[str, float]:
        weights = {t: float(index.weights[j, index.columns[t]]) for t in queries[i] if t in index.columns}
        return {t: round(w, 2) for t, w in weights.items() if w > 0}

    assert terms(int(top)) == {"计算": 3.43, "算量": 5.61}
    assert terms(int(gold[i])) == {"gqa": 5.05, "计算": 1.95}
    assert round(float(sparse()[i, top]), 2) == 9.04
    assert round(float(sparse()[i, gold[i]]), 2) == 7.00


def grams(text: str, n: int) -> list[str]:
    out: list[str] = []
    for run in WORD.findall(text.lower()):
        out += [run] if run.isascii() else [run[i : i + n] for i in range(max(1, len(run) - n + 1))]
    return out


def test_tokenizer_decides() -> None:
    """docs/rag/bm25.md: nDCG@10 with single characters, pairs and triples, and without saturation or length."""
    corpus, (passages, queries, _) = load(), split()
    assert grams("用 BPE 切词", 2) == tokens("用 BPE 切词")
    by_size = {}
    for n in (1, 2, 3):
        index = bm25.build([grams(t, n) for t in corpus.texts])
        scores = np.stack([index.scores(grams(q, n)) for q in corpus.queries])
        by_size[n] = round(summarise(gold_ranks(scores))["nDCG@10"], 3)
    assert by_size == {1: 0.552, 2: 0.590, 3: 0.445}
    by_setting = {}
    for k1, b in ((1.5, 0.75), (1.5, 0.0), (0.01, 0.75)):
        index = bm25.build(passages, k1, b)
        scores = np.stack([index.scores(q) for q in queries])
        by_setting[k1, b] = round(summarise(gold_ranks(scores))["nDCG@10"], 3)
    assert by_setting == {(1.5, 0.75): 0.590, (1.5, 0.0): 0.577, (0.01, 0.75): 0.539}


def test_keyword_filter() -> None:
    """docs/rag/bm25.md, keyword filtering: precision up for some, the right passage gone for others."""
    passages, queries, gold = split()
    index, scores = bm25.build(passages), sparse()
    asked = [i for i, q in enumerate(queries) if any(re.fullmatch("[a-z][a-z0-9]+", t) for t in q)]
    strict, soft = scores.copy(), scores.copy()
    sizes = []
    for i in asked:
        keywords = [[t] for t in dict.fromkeys(queries[i]) if re.fullmatch("[a-z][a-z0-9]+", t)]
        strict[i] = bm25.keyword_filter(index, scores[i], keywords)
        sizes.append(int(np.isfinite(strict[i]).sum()))
        for j in np.flatnonzero(np.isfinite(strict[i])):
            assert any(k in passages[j] for (k,) in keywords)
        if sizes[-1]:
            soft[i] = strict[i]
    assert len(asked) == 162
    lost = sum(not np.isfinite(strict[i, gold[i]]) for i in asked)
    assert (lost, sizes.count(0)) == (57, 22)
    assert round(np.mean([s for s in sizes if s]), 1) == 6.1
    table = {}
    for name, s in (("none", scores), ("strict", strict), ("soft", soft)):
        found = summarise(gold_ranks(s)[asked])
        table[name] = (round(found["R@1"], 3), round(found["R@10"], 3))
    assert table == {"none": (0.488, 0.833), "strict": (0.500, 0.648), "soft": (0.537, 0.735)}
