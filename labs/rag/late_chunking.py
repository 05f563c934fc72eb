r"""Late chunking: encode the whole text, then average token vectors chunk by chunk.

Source: Günther et al. (arXiv:2409.04701), section 3. The encoder is one attention layer with weights set by hand: a
pronoun attends to the tokens that can be its antecedent and copies their content.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]
Span = tuple[int, int]
PRONOUN, ENTITY = -2, -1
"""Columns that mark what a token is; the others are its content."""


def embed(tokens: Sequence[str], entities: set[str], pronouns: set[str], d: int, seed: int = 0) -> Array:
    """(n, d + 2): a random unit content vector per word (none for a pronoun), and the two marks."""
    rng = np.random.default_rng(seed)
    table = {word: rng.standard_normal(d) for word in sorted(set(tokens) | entities)}
    rows = []
    for word in tokens:
        content = np.zeros(d) if word in pronouns else table[word] / np.linalg.norm(table[word])
        rows.append([*content, float(word in pronouns), float(word in entities)])
    return np.array(rows)


# --8<-- [start:late]
def encode(x: Array, mask: npt.NDArray[np.bool_] | None = None, sharp: float = 8.0) -> Array:
    """x (n, d) plus one head: queries see only the pronoun mark, keys only the entity mark, values are the tokens."""
    q, k = sharp * x[:, [PRONOUN]], x[:, [ENTITY]]  # (n, 1), so √d_k = 1
    weight = x[:, [PRONOUN]]  # (n, 1): other tokens keep what they are
    return x + weight * attention(q, k, x, mask)  # (n, d)


def late(x: Array, cut: Sequence[Span]) -> Array:
    """(chunks, d): c_j = mean of h_i(whole text) over the tokens i of chunk j."""
    h = encode(x)  # (n, d)
    return np.stack([h[begin:end].mean(0) for begin, end in cut])


def early(x: Array, cut: Sequence[Span]) -> Array:
    """(chunks, d): each chunk is encoded alone, then averaged."""
    return np.stack([encode(x[begin:end]).mean(0) for begin, end in cut])


# --8<-- [end:late]


def block_mask(n: int, cut: Sequence[Span]) -> npt.NDArray[np.bool_]:
    """(n, n): a token sees the tokens of its own chunk only."""
    chunk = np.repeat(np.arange(len(cut)), [end - begin for begin, end in cut])  # (n,)
    return np.asarray(chunk[:, None] == chunk[None, :])
