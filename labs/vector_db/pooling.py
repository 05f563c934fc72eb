r"""One vector from the hidden states of a sentence: mean, maximum or first token, with and without the padding.

Source: Reimers & Gurevych, *Sentence-BERT* (arXiv:1908.10084), section 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.vector_db.evaluate import Array

Mask = npt.NDArray[np.bool_]


# --8<-- [start:pool]
def mean_pool(h: Array, mask: Mask) -> Array:
    """Mean over the real tokens: hidden states `h` (b, n, d), `mask` (b, n) true at tokens → (b, d)."""
    m = mask[..., None]  # (b, n, 1)
    out: Array = (h * m).sum(axis=1) / m.sum(axis=1)  # divide by the tokens, not by the padded length
    return out


def max_pool(h: Array, mask: Mask) -> Array:
    """Largest value of each dimension over the real tokens: (b, d)."""
    return np.asarray(np.where(mask[..., None], h, -np.inf).max(axis=1))  # 0 at a pad would beat every negative value


def first_token(h: Array) -> Array:
    """The state of [CLS]; padding on the right does not touch it: (b, d)."""
    return h[:, 0]


def naive_mean(h: Array) -> Array:
    """What goes wrong: the mean over everything, padding included: (b, d)."""
    out: Array = h.mean(axis=1)
    return out


# --8<-- [end:pool]


def pad(h: Array, length: int, filler: Array) -> tuple[Array, Mask]:
    """A sentence `h` (n, d) in a batch of one, filled up to `length` with rows `filler` (d,); and its mask."""
    n, d = h.shape
    rest = np.broadcast_to(filler, (length - n, d))  # (length − n, d)
    return np.concatenate([h, rest])[None], (np.arange(length) < n)[None]
