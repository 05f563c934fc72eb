r"""Merging text and images found by one query: raw cosines of two cones cannot be compared, ranks can.

A toy of the modality gap of CLIP-like encoders: vectors of one kind share an offset, so a text query is nearer to
every text than to the right image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.rag.dense import unit
from labs.rag.metrics import ranking

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Space:
    """n topics; a text, an image and a query of each, in one space."""

    texts: Array
    """(n, d)"""
    images: Array
    """(n, d)"""
    queries: Array
    """(n, d)"""


def make(n: int, d: int, gap: float, noise: float, seed: int = 0) -> Space:
    """Topic + noise, plus `gap` along one direction for texts and queries and against it for images."""
    rng = np.random.default_rng(seed)
    topic, offset = unit(rng.standard_normal((n, d))), unit(rng.standard_normal(d))  # (n, d), (d,)
    parts = [unit(topic + noise * unit(rng.standard_normal((n, d))) + s * gap * offset) for s in (1, -1, 1)]
    return Space(*parts)


# --8<-- [start:merge]
def merge_raw(text: Array, image: Array, k: int) -> Ints:
    """Indices into the concatenation of text (n,) and image (n,) scores, best k by raw score."""
    return ranking(np.concatenate([text, image]))[:k]


def merge_z(text: Array, image: Array, k: int) -> Ints:
    """The same after each kind has been brought to mean 0 and deviation 1."""
    return ranking(np.concatenate([(s - s.mean()) / s.std() for s in (text, image)]))[:k]


# --8<-- [end:merge]
