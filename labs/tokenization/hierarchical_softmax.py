r"""Hierarchical softmax: a word is a path of yes/no decisions down a Huffman tree.

Source: Mikolov et al., *Distributed Representations of Words and Phrases* (arXiv:1310.4546), section 2.1, equation (3);
*Efficient Estimation* (arXiv:1301.3781), section 3, for the Huffman tree.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.tokenization.negative_sampling import sigmoid

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Path:
    """From the root to a word: the inner nodes passed, and the side taken at each (+1 left, −1 right)."""

    nodes: tuple[int, ...]
    signs: tuple[int, ...]


# --8<-- [start:huffman]
def huffman(counts: list[int]) -> list[Path]:
    """Path of each word. Inner nodes 0 … V−2 are numbered as they are made, so the root is V−2."""
    heap = [(count, word, word) for word, count in enumerate(counts)]  # (count, tie-break, tree)
    heapq.heapify(heap)
    children: list[tuple[int, int]] = []  # of inner node i, which stands in the heap as V + i
    size = len(counts)
    while len(heap) > 1:
        (c1, _, a), (c2, _, b) = heapq.heappop(heap), heapq.heappop(heap)  # the two rarest become siblings
        heapq.heappush(heap, (c1 + c2, size + len(children), size + len(children)))
        children.append((b, a))  # the more frequent one goes left
    paths = [Path((), ())] * (2 * size - 1)
    for i in reversed(range(len(children))):  # parents are made after their children: walk down from the root
        above = paths[size + i]
        for child, sign in zip(children[i], (1, -1), strict=True):
            paths[child] = Path((*above.nodes, i), (*above.signs, sign))
    return paths[:size]


# --8<-- [end:huffman]


# --8<-- [start:probability]
def log_probability(h: Array, nodes: Array, path: Path) -> float:
    """log p(word | h) as a sum over the path; h (d,), one vector for each inner node (V−1, d)."""
    s = nodes[list(path.nodes)] @ h  # (L,): L dot products instead of V
    return float(np.log(sigmoid(np.array(path.signs) * s)).sum())


def gradients(h: Array, nodes: Array, path: Path) -> tuple[Array, Array]:
    """Gradient of −log p for h (d,) and for the nodes of the path (L, d); the other nodes have none."""
    on = nodes[list(path.nodes)]  # (L, d)
    delta = sigmoid(on @ h) - (np.array(path.signs) == 1)  # (L,): predicted "left" minus went left
    return delta @ on, np.outer(delta, h)


# --8<-- [end:probability]


def mean_length(counts: list[int], paths: list[Path]) -> float:
    """Expected number of decisions for a word drawn by its count."""
    return sum(c * len(p.nodes) for c, p in zip(counts, paths, strict=True)) / sum(counts)


def entropy_bits(counts: list[int]) -> float:
    """Entropy of the word frequencies in bits, the log2 of their perplexity: no tree is shorter on average."""
    p = np.array(counts) / sum(counts)
    return -float((p * np.log2(p)).sum())


def zipf(size: int, largest: int = 1_000_000_000) -> list[int]:
    """Counts that fall as 1/rank."""
    return [round(largest / rank) for rank in range(1, size + 1)]
