r"""T5's relative bias: one learned scalar per head and bucket of distance, buckets widening with distance.

Sources: Raffel et al. (arXiv:1910.10683), section 2.1; the bucket function is that of the Mesh TensorFlow and
Hugging Face code (`_relative_position_bucket`).
"""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:bucket]
def bucket(offset: Ints, *, bidirectional: bool, buckets: int = 32, max_distance: int = 128) -> Ints:
    """Bucket of each offset j − i (key minus query), any shape; if causal, the future shares bucket 0."""
    if bidirectional:
        buckets //= 2  # half for each direction
        base = np.where(offset > 0, buckets, 0)
        distance = np.abs(offset)
    else:
        base = np.zeros_like(offset)
        distance = np.maximum(-offset, 0)
    exact = buckets // 2  # distances below this have a bucket of their own
    ratio = np.log(np.maximum(distance, 1) / exact) / log(max_distance / exact)
    coarse = exact + (ratio * (buckets - exact)).astype(np.int64)  # the cast rounds towards zero
    found: Ints = base + np.where(distance < exact, distance, np.minimum(coarse, buckets - 1))
    return found


def bias(table: Array, offset: Ints, *, bidirectional: bool) -> Array:
    """`table` (buckets, heads) of learned scalars, offsets (n, m) → bias (heads, n, m) for the scores."""
    return np.moveaxis(table[bucket(offset, bidirectional=bidirectional)], -1, 0)


# --8<-- [end:bucket]


def last_bucket_from(*, bidirectional: bool) -> int:
    """The smallest distance into the past that falls into the last bucket."""
    distance = np.arange(1, 129)
    found = bucket(-distance, bidirectional=bidirectional)
    return int(distance[found == found.max()][0])
