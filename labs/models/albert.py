r"""ALBERT: a small embedding table times a projection, and one block used at every layer.

Source: Lan et al., *ALBERT* (arXiv:1909.11942), section 3.1. The count of a whole model is in parameter_count.py.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:factor]
def embed(ids: Ids, table: Array, project: Array) -> Array:
    """`ids` (n,), `table` (V, E), `project` (E, H) → (n, H): all rows lie in a space of E dimensions."""
    return table[ids] @ project


def table_parameters(vocab: int, h: int, e: int) -> tuple[int, int]:
    """Weights of one table V×H, and of V×E followed by E×H."""
    return vocab * h, vocab * e + e * h


# --8<-- [end:factor]


# --8<-- [start:share]
def run_shared(x: Array, w: Array, layers: int) -> Array:
    """The same block `layers` times, x ← x + tanh(x w): as many multiplications as with `layers` matrices."""
    for _ in range(layers):
        x = x + np.tanh(x @ w)  # (n, d)
    return x


def shared_gradient(x: Array, w: Array, layers: int, g: Array) -> Array:
    """Gradient of <g, output> at the one `w` (d, d): the sum of what each layer would have got."""
    states = [x]
    for _ in range(layers):
        states.append(states[-1] + np.tanh(states[-1] @ w))  # (n, d)
    total = np.zeros_like(w)
    for state in states[-2::-1]:
        local = g * (1 - np.tanh(state @ w) ** 2)  # (n, d), through tanh
        total += state.T @ local  # one optimiser state for all layers
        g = g + local @ w.T  # (n, d), shortcut + branch
    return total


# --8<-- [end:share]
