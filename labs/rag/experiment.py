r"""Every retriever of the section on the frozen corpus: scores (queries, passages) of each, computed once."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from labs.rag import bm25
from labs.rag.corpus import load, tokens
from labs.rag.dense import Encoder, fit_lsa, fit_tfidf, unit
from labs.rag.fusion import cascade, min_max, rrf, weighted
from labs.rag.metrics import rank_of, summarise
from labs.rag.rerank import cross_fitted

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
RANK = 48
"""Dimensions of the dense retriever."""
NOWHERE = 10**6


@cache
def split() -> tuple[list[list[str]], list[list[str]], Ints]:
    """Tokens of the passages, tokens of the queries, relevant passage of each query (q,)."""
    corpus = load()
    return [tokens(t) for t in corpus.texts], [tokens(t) for t in corpus.queries], np.array(corpus.relevant)


@cache
def full_encoder() -> tuple[Encoder, Array]:
    """LSA with every direction the passages span: (encoder, passages (n, n))."""
    return fit_lsa(split()[0], len(split()[0]))


@cache
def encoder(rank: int = RANK) -> tuple[Encoder, Array]:
    """The LSA encoder and the passages (n, rank): an SVD is nested, so a smaller rank is a slice."""
    model, x = full_encoder()
    return Encoder(model.tfidf, model.basis[:, :rank]), unit(x[:, :rank])


@cache
def sparse() -> Array:
    """(q, n) BM25."""
    passages, queries, _ = split()
    index = bm25.build(passages)
    return np.stack([index.scores(q) for q in queries])


@cache
def tfidf() -> Array:
    """(q, n) cosine of TF-IDF vectors."""
    passages, queries, _ = split()
    model, x = fit_tfidf(passages)
    return np.stack([model.vector(q) for q in queries]) @ x.T


@cache
def dense(rank: int = RANK) -> Array:
    """(q, n) cosine of LSA vectors."""
    model, x = encoder(rank)
    return model.encode(split()[1]) @ x.T


@cache
def late() -> Array:
    """(q, n) late interaction of static term vectors: idf-weighted mean of each query term's best cosine."""
    passages, queries, _ = split()
    model, _ = encoder()
    vectors, columns = unit(model.basis), model.tfidf.columns  # (v, r)
    asked = [[columns[t] for t in dict.fromkeys(q) if t in columns] for q in queries]
    terms = sorted({t for query in asked for t in query})
    similarity = vectors[terms] @ vectors.T  # (u, v) of the u terms that any query uses
    best = {j: similarity[:, [columns[t] for t in set(p)]].max(1) for j, p in enumerate(passages)}
    table = np.stack([best[j] for j in range(len(passages))], axis=1)  # (u, n) best cosine in each passage
    row = {t: i for i, t in enumerate(terms)}
    weight = model.tfidf.idf  # (v,)
    return np.stack([weight[q] @ table[[row[t] for t in q]] / weight[q].sum() for q in asked])


@cache
def features() -> Array:
    """(q, n, 4): BM25, LSA cosine, BM25 against the title alone, share of the query's terms that occur."""
    passages, queries, _ = split()
    titles = bm25.build([tokens(t) for t in load().titles])
    title = np.stack([titles.scores(q) for q in queries])
    held = [set(p) for p in passages]
    cover = np.array([[len(q & p) / len(q) for p in held] for q in map(set, queries)])
    return np.stack([min_max(sparse()), dense(), min_max(title), cover], axis=-1)


@cache
def second_stage() -> Array:
    """(q, n) learned score of every pair, by weights fitted on other pages' questions."""
    relevant = split()[2]
    folds = np.random.default_rng(0).permutation(len(load().pages))[relevant] % 5  # (q,) by page
    return cross_fitted(features(), relevant, folds)


@cache
def reranked(keep: int = 30) -> Array:
    """(q, n): the best `keep` of RRF(BM25, LSA) in the order of the second stage."""
    return cascade(rrf([sparse(), dense()]), second_stage(), keep)


def systems() -> dict[str, Array]:
    """Name and scores of each retriever, in the order of the table."""
    return {
        "BM25": sparse(),
        "TF-IDF": tfidf(),
        "LSA": dense(),
        "late": late(),
        "RRF": rrf([sparse(), dense()]),
        "weighted": weighted(sparse(), dense(), 0.5),
        "rerank": reranked(),
    }


def gold_ranks(scores: Array) -> Ints:
    """(q,) place of the relevant passage; one that was cut off (−∞) is nowhere, not last by luck."""
    gold = split()[2]
    found = np.isfinite(scores[np.arange(len(gold)), gold])
    return np.array([rank_of(row, g) if ok else NOWHERE for row, g, ok in zip(scores, gold, found, strict=True)])


@cache
def table() -> dict[str, dict[str, float]]:
    """Metrics of every system."""
    return {name: summarise(gold_ranks(scores)) for name, scores in systems().items()}


def paired_interval(better: Ints, base: Ints, draws: int = 2000) -> tuple[float, float]:
    """95 % bootstrap interval of the difference in nDCG@10 over the same queries, from two arrays of places (q,)."""
    gain = [np.where(r <= 10, 1 / np.log2(r + 1.0), 0) for r in (better, base)]  # (q,) each
    difference = gain[0] - gain[1]
    picks = np.random.default_rng(0).integers(0, len(difference), (draws, len(difference)))
    low, high = np.quantile(difference[picks].mean(1), [0.025, 0.975])
    return float(low), float(high)
