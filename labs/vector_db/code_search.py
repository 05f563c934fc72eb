r"""Which search finds a function: by its rare identifier (BM25), or by what its family is about (a dense vector).

The dense side is latent semantic analysis, a linear stand-in for an embedding model; the corpus is made from a seed.
"""

from __future__ import annotations

import numpy as np

from labs.rag.bm25 import build
from labs.rag.dense import fit_lsa
from labs.vector_db.evaluate import Array

FAMILIES = {
    "retry": "http request retry backoff sleep attempt timeout status error session",
    "config": "load yaml path default merge section key override env file",
    "cache": "cache get set expire ttl evict memory hit miss store",
    "auth": "token user login verify expire scope secret header role deny",
    "queue": "queue push pop worker job ack batch consumer lag drain",
    "image": "image resize crop width height pixel channel encode jpeg buffer",
}
"""Six kinds of functions and the ten words each kind is written with."""


def functions(per_family: int = 6, words: int = 6, seed: int = 0) -> tuple[list[list[str]], list[str], list[str]]:
    """Tokens of each function (its own identifier and some words of its family), its identifier, its family."""
    rng = np.random.default_rng(seed)
    texts, names, families = [], [], []
    for family, vocabulary in FAMILIES.items():
        for i in range(per_family):
            name = f"{family}_impl_{i}"
            chosen = rng.choice(vocabulary.split(), words, replace=False).tolist()
            texts.append([name, *chosen])
            names.append(name)
            families.append(family)
    return texts, names, families


# --8<-- [start:compare]
def by_identifier(score: list[Array], names: list[str]) -> float:
    """Share of identifier queries whose own function comes first; `score[i]` (n,) answers the query `names[i]`."""
    return float(np.mean([int(s.argmax()) == i and s.max() > 0 for i, s in enumerate(score)]))


def by_family(score: Array, families: list[str], family: str) -> float:
    """Share of the functions of `family` among the first as many results of `score` (n,) that are above zero."""
    size = families.count(family)
    top = [i for i in np.argsort(-score, kind="stable")[:size].tolist() if score[i] > 1e-9]
    return [families[i] for i in top].count(family) / size


def compare(rank: int = 6, seed: int = 0) -> dict[str, tuple[float, float]]:
    """(identifier found first, family found from one of its words) for BM25 and for vectors of `rank` numbers."""
    texts, names, families = functions(seed=seed)
    lexical, (encoder, vectors) = build(texts), fit_lsa(texts, rank)  # vectors: (n, rank)
    queries = [(w, f) for f, words in FAMILIES.items() for w in words.split()]

    def dense(word: str) -> Array:
        return np.asarray(vectors @ encoder.encode([[word]])[0])  # (n,)

    return {
        "bm25": (
            by_identifier([lexical.scores([n]) for n in names], names),
            float(np.mean([by_family(lexical.scores([w]), families, f) for w, f in queries])),
        ),
        "dense": (
            by_identifier([dense(n) for n in names], names),
            float(np.mean([by_family(dense(w), families, f) for w, f in queries])),
        ),
    }


# --8<-- [end:compare]
