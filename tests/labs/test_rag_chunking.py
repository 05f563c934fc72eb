"""Chunking against brute force, and the numbers of docs/rag/chunking-size-topk.md."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from labs.rag.chunking import (
    Span,
    coverage,
    experiment,
    fixed,
    packed,
    sentences,
    stored_twice,
    whole_share,
)
from labs.rag.documents import load

TEXT = "第一句话。第二句比较长一些，有逗号！第三句？\n标题一行\n最后一句没有句号"


def test_sentences_are_the_text() -> None:
    assert "".join(TEXT[b:e] for b, e in sentences(TEXT)) == TEXT
    assert len(sentences(TEXT)) == 5


@pytest.mark.parametrize("size", [5, 12, 20, 100])
@pytest.mark.parametrize("overlap", [0, 4, 10])
def test_packed_keeps_sentences_and_the_limit(size: int, overlap: int) -> None:
    if overlap >= size:
        return
    cut = packed(TEXT, size, overlap)
    ends = {e for _, e in sentences(TEXT)} | {0}
    assert all(b in ends and e in ends for b, e in cut)  # never inside a sentence
    longest = max(e - b for b, e in sentences(TEXT))
    assert all(e - b <= max(size, longest) for b, e in cut)
    assert set().union(*(range(b, e) for b, e in cut)) == set(range(len(TEXT)))  # nothing is lost
    shared = [max(0, e - b) for (_, e), (b, _) in pairwise(cut)]
    assert all(s <= overlap for s in shared)
    if overlap == 0:
        assert "".join(TEXT[b:e] for b, e in cut) == TEXT


def test_coverage_counts_characters() -> None:
    picked = [(0, 4), (3, 8), (20, 30)]
    held = set().union(*(range(b, e) for b, e in picked))
    for span in [(0, 8), (2, 22), (8, 20), (25, 35)]:
        assert coverage(span, picked) == pytest.approx(np.mean([i in held for i in range(*span)]))


def percent(cut: Callable[[str, int, int], list[Span]], size: int, header: bool = False) -> tuple[float, float]:
    """Mean coverage, and share of answers that are there to the last character."""
    got = experiment(cut, size, header)
    return round(100 * float(got.mean()), 1), round(100 * float((got == 1).mean()), 1)


def test_retrieval_numbers_of_the_page() -> None:
    """19 documents, 71 questions, a prompt of 800 characters."""
    texts, questions = load()
    assert (len(texts), len(questions), sum(map(len, texts))) == (19, 71, 39_443)
    assert np.median([q.end - q.begin for q in questions]) == 115
    assert [percent(packed, s) for s in (100, 200, 400, 800)] == [
        (40.3, 26.8),
        (49.5, 45.1),
        (38.5, 35.2),
        (28.2, 28.2),
    ]
    assert [percent(fixed, s) for s in (100, 200, 400)] == [(46.1, 19.7), (47.2, 39.4), (47.7, 42.3)]
    assert percent(packed, 200, header=True) == (51.4, 46.5)


def test_cut_numbers_of_the_page() -> None:
    texts, questions = load()
    whole = {}
    for name, cut in (("fixed", fixed), ("packed", packed)):
        for overlap in (0, 50):
            cuts = [cut(t, 200, overlap) for t in texts]
            sentence = np.mean([whole_share(sentences(t), c) for t, c in zip(texts, cuts, strict=True)])
            answer = np.mean([whole_share([(q.begin, q.end)], cuts[q.document]) for q in questions])
            twice = np.average(
                [stored_twice(c, len(t)) for t, c in zip(texts, cuts, strict=True)], weights=[*map(len, texts)]
            )
            whole[name, overlap] = [round(100 * float(x)) for x in (sentence, answer, twice)] + [sum(map(len, cuts))]
    assert whole == {
        ("fixed", 0): [82, 41, 0, 207],
        ("fixed", 50): [96, 54, 32, 269],
        ("packed", 0): [100, 55, 0, 237],
        ("packed", 50): [100, 77, 14, 264],
    }
