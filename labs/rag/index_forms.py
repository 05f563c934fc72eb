r"""Ways of not searching everything: documents before chunks, a keyword table, a filter on metadata.

Each takes what it narrows down from and returns what is left to search; the scores themselves are BM25.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from labs.rag.bm25 import Index
from labs.rag.metrics import ranking

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:two-level]
def two_level(documents: Array, chunks: Array, owner: Ints, top_documents: int) -> tuple[Array, int]:
    """Best of the document scores (D,) first; a chunk (n,) of any other document is out (−∞), `owner` (n,) says whose.

    Also the number of scores that had to be computed.
    """
    best = ranking(documents)[:top_documents]
    inside = np.isin(owner, best)  # (n,)
    return np.where(inside, chunks, -np.inf), len(documents) + int(inside.sum())


# --8<-- [end:two-level]


# --8<-- [start:table]
def keyword_table(index: Index, per_passage: int) -> dict[str, list[int]]:
    """keyword → passages: each passage is filed under its `per_passage` heaviest terms."""
    terms = list(index.columns)
    table: dict[str, list[int]] = defaultdict(list)
    for passage, weights in enumerate(index.weights):  # (v,)
        for column in np.argsort(-weights, kind="stable")[:per_passage]:
            if weights[column] > 0:
                table[terms[column]].append(passage)
    return dict(table)


def look_up(table: Mapping[str, Sequence[int]], query: Sequence[str]) -> list[int]:
    """Passages filed under any term of the query, the one with most shared keywords first."""
    votes = Counter(passage for term in dict.fromkeys(query) for passage in table.get(term, ()))
    return [passage for passage, _ in sorted(votes.items(), key=lambda item: (-item[1], item[0]))]


# --8<-- [end:table]


# --8<-- [start:where]
def where(rows: Sequence[Mapping[str, str | int]], equal: Mapping[str, str | int], at_least: Mapping[str, int]) -> Ints:
    """Row numbers that meet every condition, as SQL's WHERE would; a row without the field is out."""
    keep = [
        i
        for i, row in enumerate(rows)
        if all(row.get(field) == value for field, value in equal.items())
        and all(int(row[field]) >= least if field in row else False for field, least in at_least.items())
    ]
    return np.array(keep, dtype=np.int64)


# --8<-- [end:where]


# --8<-- [start:flat]
def flat_bytes(vectors: int, dim: int, bytes_per_number: int = 4) -> int:
    """Memory of an index that stores every vector as it is."""
    return vectors * dim * bytes_per_number


def flat_flops(vectors: int, dim: int) -> int:
    """One inner product with each vector: a multiplication and an addition per number."""
    return 2 * vectors * dim


# --8<-- [end:flat]
