r"""ALiBi: subtract the distance times a fixed slope of the head from each score.

Source: Press, Smith and Lewis, *Train Short, Test Long* (arXiv:2108.12409), section 3, and the slopes of
its code (https://github.com/ofirpress/attention_with_linear_biases).
"""

from __future__ import annotations

from math import floor, log2

import numpy as np
import numpy.typing as npt

from labs.position.relative_bias import offsets

Array = npt.NDArray[np.float64]


# --8<-- [start:slopes]
def slopes(heads: int) -> Array:
    """Slopes of the heads, (H,): 2^(−8h/H) for h = 1 … H when H is a power of two.

    Otherwise, as in the authors' code, the slopes of the next lower power of two, and then every second one
    of the next higher power until there are enough.
    """
    low = 2 ** floor(log2(heads))
    first = 2.0 ** (-8 * np.arange(1, low + 1) / low)  # (low,)
    between = 2.0 ** (-8 * np.arange(1, 2 * low + 1, 2) / (2 * low))  # (low,): those that `first` has not
    return np.concatenate([first, between[: heads - low]])  # (H,)


def bias(n: int, heads: int) -> Array:
    """Bias of every head, (H, n, n): −m_h · (i − j) for keys j ≤ i; the causal mask removes the rest."""
    distance = np.maximum(-offsets(n), 0)  # (n, n)
    return -slopes(heads)[:, None, None] * distance  # (H, n, n)


# --8<-- [end:slopes]


def reach(slope: float, share: float = 0.95) -> int:
    """Distance within which `share` of the weight lies if all contents score the same."""
    return int(np.ceil(-np.log(1 - share) / slope))  # the weight falls as e^(−slope · distance)
