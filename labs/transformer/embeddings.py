r"""Input embeddings: their scale against the position encoding, sums of tables, tied against untied.

Source: Vaswani et al. (arXiv:1706.03762), section 3.4; Devlin et al. (arXiv:1810.04805), section 3.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


def sinusoid(n: int, d: int) -> Array:
    """Sinusoidal positions (n, d), sine at even and cosine at odd indices."""
    angle = np.arange(n)[:, None] / 10_000 ** (np.arange(0, d, 2) / d)  # (n, d/2)
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(n, d)  # (n, d)


# --8<-- [start:scale]
def rms(x: Array) -> float:
    """Root mean square of all entries."""
    return float(np.sqrt((x**2).mean()))


def embedding_table(rng: np.random.Generator, vocabulary: int, d: int, init: str) -> Array:
    """(V, d): "normal" has variance 1/d, "xavier" 2/(V+d)."""
    variance = 1 / d if init == "normal" else 2 / (vocabulary + d)
    return rng.standard_normal((vocabulary, d)) * sqrt(variance)


# --8<-- [end:scale]


# --8<-- [start:sum]
def bert_input(token: Ids, segment: Ids, tables: tuple[Array, Array, Array]) -> Array:
    """Sum of three look-ups, before LayerNorm: ids (T,), tables (V, d), (2, d), (512, d) → (T, d)."""
    e_token, e_segment, e_position = tables
    return e_token[token] + e_segment[segment] + e_position[: len(token)]


def as_one_linear_layer(token: Ids, segment: Ids, tables: tuple[Array, Array, Array]) -> Array:
    """The same as one matrix product: three one-hot vectors side by side times the tables on top of each other."""
    ids = (token, segment, np.arange(len(token)))
    one_hot = np.hstack([np.eye(len(t))[i] for t, i in zip(tables, ids, strict=True)])  # (T, V + 2 + 512)
    return one_hot @ np.vstack(tables)  # (T, d)


def concat_then_linear(parts: list[Array], mixers: list[Array]) -> Array:
    """Look up, concatenate, project: Σ e_i W_i, (T, d); the sum above is the case W_i = I."""
    return np.hstack(parts) @ np.vstack(mixers)  # (T, 3d) @ (3d, d)


# --8<-- [end:sum]


# --8<-- [start:tied]
def untied_share(vocabulary: int, d: int, rest: int, tied: bool) -> float:
    """Share of the vocabulary's matrices among all parameters; `rest` counts everything else."""
    matrices = (1 if tied else 2) * vocabulary * d
    return matrices / (matrices + rest)


# --8<-- [end:tied]
