r"""Changing the query before the search: several rewrites, sub-questions, a hypothetical answer, a resolved follow-up.

Sources: Ma et al. (arXiv:2305.14283); Rackauckas, *RAG-Fusion* (arXiv:2402.03367); Gao et al., *HyDE*
(arXiv:2212.10496), section 3.2. The texts are those of rewrites.py, the corpus is this handbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from labs.rag import bm25
from labs.rag.corpus import load, tokens
from labs.rag.dense import Encoder
from labs.rag.experiment import encoder, split
from labs.rag.fusion import rrf
from labs.rag.metrics import rank_of, ranking, summarise
from labs.rag.rewrites import COMPARISONS, FIRST, FOLLOW_UPS, REWRITES, STEP

Array = npt.NDArray[np.float64]


# --8<-- [start:hyde]
def hyde(model: Encoder, query: str, documents: Sequence[str]) -> Array:
    """(r,) v = (Σ_k f(d̂_k) + f(q)) / (N + 1): the mean of the hypothetical documents and the query itself."""
    vectors = model.encode([tokens(t) for t in (*documents, query)])  # (N + 1, r)
    return np.asarray(vectors.mean(0))


# --8<-- [end:hyde]


# --8<-- [start:interleave]
def interleave(lists: Sequence[Sequence[int]], k: int) -> list[int]:
    """Take turns: the first of each list, then the second of each …, without repeats, until there are k."""
    out: dict[int, None] = {}
    for row in zip(*lists, strict=True):
        out |= dict.fromkeys(row)
    return list(out)[:k]


# --8<-- [end:interleave]


@cache
def index() -> bm25.Index:
    """BM25 over the passages."""
    return bm25.build(split()[0])


def sparse(query: str) -> Array:
    """(n,) BM25 of a query given as text."""
    return index().scores(tokens(query))


@cache
def rewriting() -> dict[str, dict[str, float]]:
    """Metrics of every way to use the rewrites and the hypothetical passage, on the same 31 questions."""
    corpus = load()
    model, x = encoder()  # x: (n, r)
    ranks: dict[str, list[int]] = {}
    for at, (one, two, guess) in zip(range(FIRST, len(corpus.queries), STEP), REWRITES, strict=True):
        query = corpus.queries[at]
        dense = x @ model.encode([tokens(query)])[0]  # (n,)
        ways = {
            "BM25": sparse(query),
            "BM25, one rewrite": sparse(one),
            "BM25, RRF of three": rrf([sparse(query), sparse(one), sparse(two)]),
            "BM25, three as one query": sparse(f"{query} {one} {two}"),
            "BM25, query and guess": sparse(f"{query} {guess}"),
            "LSA": dense,
            "LSA, guess alone": x @ model.encode([tokens(guess)])[0],
            "LSA, HyDE": x @ hyde(model, query, [guess]),
        }
        for way, scores in ways.items():
            ranks.setdefault(way, []).append(rank_of(scores, corpus.relevant[at]))
    return {way: summarise(np.array(places)) for way, places in ranks.items()}


def both_found(k: int) -> tuple[int, int]:
    """In how many comparisons the first k passages hold both pages: asked directly, and by sub-questions in turn."""
    page = {name: i for i, name in enumerate(load().pages)}
    direct = parts = 0
    for question, subs, pages in COMPARISONS:
        gold = {page[p] for p in pages}
        direct += gold <= set(ranking(sparse(question))[:k].tolist())
        parts += gold <= set(interleave([ranking(sparse(s)).tolist() for s in subs], k))
    return direct, parts


def follow_up_ranks() -> dict[str, list[int]]:
    """Place of the right page for a follow-up as it is, after the whole history, and rewritten to stand alone."""
    page = {name: i for i, name in enumerate(load().pages)}
    out: dict[str, list[int]] = {"as asked": [], "history + question": [], "rewritten": []}
    for history, question, alone, name in FOLLOW_UPS:
        for way, query in zip(out, (question, f"{history} {question}", alone), strict=True):
            out[way].append(rank_of(sparse(query), page[name]))
    return out
