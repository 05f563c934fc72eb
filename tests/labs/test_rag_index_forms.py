"""Index forms against plain scans, and the numbers of docs/rag/vector-index.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag import corpus, documents, experiment
from labs.rag.bm25 import build
from labs.rag.chunking import coverage, packed
from labs.rag.corpus import tokens
from labs.rag.index_forms import flat_bytes, flat_flops, keyword_table, look_up, two_level, where
from labs.rag.metrics import ranking, summarise


def test_two_level_equals_a_scan() -> None:
    rng = np.random.default_rng(0)
    docs, chunks, owner = rng.random(6), rng.random(30), rng.integers(0, 6, 30)
    got, cost = two_level(docs, chunks, owner, 2)
    best = sorted(range(6), key=lambda i: -docs[i])[:2]
    assert [i for i in range(30) if got[i] > -np.inf] == [i for i in range(30) if owner[i] in best]
    assert cost == 6 + sum(o in best for o in owner)
    np.testing.assert_array_equal(two_level(docs, chunks, owner, 6)[0], chunks)  # all documents: the flat search


def test_table_with_every_term_equals_a_scan() -> None:
    texts = [tokens(t) for t in corpus.load().texts[:20]]
    table = keyword_table(build(texts), 10_000)
    for query in corpus.load().queries[:20]:
        want = [i for i, text in enumerate(texts) if set(text) & set(tokens(query))]
        assert sorted(look_up(table, tokens(query))) == want


def test_where_equals_sql() -> None:
    rows: list[dict[str, str | int]] = [
        {"kind": "论文", "year": 2023},
        {"kind": "论文", "year": 2024},
        {"kind": "博客"},
    ]
    assert where(rows, {"kind": "论文"}, {"year": 2024}).tolist() == [1]
    assert where(rows, {}, {"year": 2000}).tolist() == [0, 1]  # no year, no match
    assert where(rows, {}, {}).tolist() == [0, 1, 2]


def test_two_level_numbers_of_the_page() -> None:
    """Summaries of 19 documents first, then their 264 chunks; a prompt of 800 characters."""
    texts, questions = documents.load()
    spans = [(i, span) for i, t in enumerate(texts) for span in packed(t, 200, 50)]
    owner = np.array([i for i, _ in spans])
    chunks = build([tokens(texts[i][b:e]) for i, (b, e) in spans])
    summaries = build([tokens(t) for t in corpus.load().texts[::5]])
    table = {}
    for top in (1, 3, 5, 19):
        found, cost, right = [], [], []
        for q in questions:
            first = summaries.scores(tokens(q.text))
            scores, n = two_level(first, chunks.scores(tokens(q.text)), owner, top)
            left, picked = 800, []
            for at in ranking(scores):
                i, (b, e) = spans[at]
                if e - b > left or scores[at] == -np.inf:
                    break
                left -= e - b
                picked += [(b, e)] if i == q.document else []
            found.append(coverage((q.begin, q.end), picked) == 1)
            cost.append(n)
            right.append(q.document in ranking(first)[:top])
        table[top] = [round(100 * float(np.mean(right))), round(100 * float(np.mean(found))), round(np.mean(cost))]
    assert table == {1: [59, 30, 33], 3: [82, 37, 60], 5: [87, 39, 87], 19: [100, 45, 283]}


def test_keyword_table_numbers_of_the_page() -> None:
    passages, queries, relevant = experiment.split()
    index = build(passages)
    rows = {}
    for per in (5, 20, 10_000):
        table = keyword_table(index, per)
        hits = [look_up(table, q) for q in queries]
        gold = np.mean([g in h for g, h in zip(relevant, hits, strict=True)])
        top = np.mean([g in h[:5] for g, h in zip(relevant, hits, strict=True)])
        rows[per] = [round(float(np.mean([*map(len, hits)])), 1), round(100 * float(gold)), round(100 * float(top))]
    assert rows == {5: [0.9, 30, 30], 20: [2.5, 49, 49], 10_000: [45.1, 92, 51]}
    assert round(100 * summarise(experiment.gold_ranks(experiment.sparse()))["R@5"]) == 66


def test_section_filter_numbers_of_the_page() -> None:
    """Ten sections as metadata: the right one given, or guessed by BM25 over whole sections."""
    pages = corpus.load().pages
    passages, queries, relevant = experiment.split()
    names = sorted({p.split("/")[0] for p in pages})
    owner = np.array([names.index(p.split("/")[0]) for p in pages])
    sections = build([[t for text, o in zip(passages, owner, strict=True) if o == s for t in text] for s in range(10)])
    guess = np.stack([ranking(sections.scores(q)) for q in queries])  # (q, 10)
    gold = owner[relevant]

    def recall5(keep: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
        scores = np.where(keep, experiment.sparse(), -np.inf)
        places = np.array(
            [
                np.flatnonzero(ranking(s) == g)[0] + 1 if k[g] else 999
                for s, k, g in zip(scores, keep, relevant, strict=True)
            ]
        )
        return round(100 * summarise(places)["R@5"])

    assert recall5(np.ones((338, 92), dtype=bool)) == 66
    assert recall5(owner[None] == gold[:, None]) == 89
    assert recall5(owner[None] == guess[:, [0]]) == 53
    assert recall5(np.stack([np.isin(owner, g[:3]) for g in guess])) == 67
    assert round(100 * float((guess[:, 0] == gold).mean())) == 56
    assert round(100 * float((guess[:, :3] == gold[:, None]).any(1).mean())) == 85


def test_flat_numbers_of_the_page() -> None:
    assert flat_bytes(10**7, 1024) / 2**30 == pytest.approx(38.1, abs=0.05)
    assert flat_flops(10**7, 1024) == pytest.approx(2.05e10, rel=0.01)
