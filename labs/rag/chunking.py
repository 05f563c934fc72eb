r"""Cutting documents for retrieval: at fixed places or at sentence ends, and what reaches the prompt under a budget.

A chunk is a pair [begin, end) of character offsets. The fixed cut with overlap is labs/reliability/chunking.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from labs.rag.bm25 import build
from labs.rag.corpus import tokens
from labs.rag.documents import Question, load
from labs.rag.metrics import ranking
from labs.reliability.chunking import chunks

Array = npt.NDArray[np.float64]
Span = tuple[int, int]
Cut = Callable[[str], list[Span]]
SENTENCE = re.compile(r"[^。！？\n]*[。！？\n]+|[^。！？\n]+$")


# --8<-- [start:cut]
def fixed(text: str, size: int, overlap: int = 0) -> list[Span]:
    """Every chunk has `size` characters, wherever that falls."""
    return chunks(len(text), size, overlap)


def sentences(text: str) -> list[Span]:
    """Sentences with their end marks; together they are the whole text."""
    return [m.span() for m in SENTENCE.finditer(text)]


def packed(text: str, size: int, overlap: int = 0) -> list[Span]:
    """Whole sentences, as many as fit in `size`; the next chunk takes back at most `overlap` characters of them."""
    out: list[Span] = []
    first, parts = 0, sentences(text)
    for i, (_, end) in enumerate(parts):
        if i > first and end - parts[first][0] > size:  # sentence i no longer fits
            out.append((parts[first][0], parts[i - 1][1]))
            while parts[i][0] - parts[first][0] > overlap or (first < i and end - parts[first][0] > size):
                first += 1
    return [*out, (parts[first][0], parts[-1][1])]


# --8<-- [end:cut]


# --8<-- [start:quality]
def whole_share(pieces: Sequence[Span], cut: Sequence[Span]) -> float:
    """Share of `pieces` (sentences, answers) that lie whole in some chunk."""
    return float(np.mean([any(b <= begin and end <= e for b, e in cut) for begin, end in pieces]))


def stored_twice(cut: Sequence[Span], length: int) -> float:
    """Characters in the index over characters of the text, less one."""
    return sum(e - b for b, e in cut) / length - 1


def coverage(span: Span, picked: Sequence[Span]) -> float:
    """Share of the characters of `span` that the picked chunks hold together."""
    hit = np.zeros(span[1] - span[0], dtype=bool)  # (length of span,)
    for begin, end in picked:
        hit[max(begin - span[0], 0) : max(end - span[0], 0)] = True
    return float(hit.mean())


# --8<-- [end:quality]


# --8<-- [start:retrieve]
def answered(texts: Sequence[str], questions: Sequence[Question], cut: Cut, budget: int, header: bool = False) -> Array:
    """(questions,) share of each answer that BM25 puts in a prompt of `budget` characters.

    Chunks go in by rank while they fit; `header` indexes each chunk with the first sentence of its document before it.
    """
    spans = [(i, span) for i, text in enumerate(texts) for span in cut(text)]
    starts = [text[slice(*sentences(text)[0])] if header else "" for text in texts]
    index = build([tokens(starts[i] + texts[i][b:e]) for i, (b, e) in spans])
    out = []
    for question in questions:
        left, picked = budget, list[Span]()
        for at in ranking(index.scores(tokens(question.text))):  # best chunk first
            i, (begin, end) = spans[at]
            if end - begin > left:
                break
            left -= end - begin
            if i == question.document:
                picked.append((begin, end))
        out.append(coverage((question.begin, question.end), picked))
    return np.array(out)


# --8<-- [end:retrieve]


@cache
def experiment(cut: Callable[[str, int, int], list[Span]], size: int, header: bool = False) -> Array:
    """(71,) the handbook's answers under a budget of 800 characters, chunks overlapping by a quarter."""
    return answered(*load(), lambda text: cut(text, size, size // 4), 800, header)
