r"""Three ways to make an encoder's output smaller: fewer dimensions, lower rank, fewer tokens.

Source: Kusupati et al., *Matryoshka Representation Learning* (arXiv:2205.13147), for prefixes of a vector; the
best linear bottleneck is the truncated SVD (Eckart and Young).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:bottleneck]
def bottleneck_error(x: Array, size: int) -> float:
    r"""Share of $\|X\|_F^2$, X (n, d), that the best linear encoder $z=Wx$, $W$ (size, d), and decoder lose."""
    sigma = np.linalg.svd(x, compute_uv=False)  # (min(n, d),)
    return float((sigma[size:] ** 2).sum() / (sigma**2).sum())


def trained_error(x: Array, size: int, rng: np.random.Generator, steps: int = 300) -> float:
    """The same share for an autoencoder whose two matrices are fitted in turn (alternating least squares)."""
    decode = rng.standard_normal((size, x.shape[1]))  # (d', d)
    for _ in range(steps):
        code = x @ np.linalg.pinv(decode)  # (n, d'), a linear function of x
        decode = np.linalg.pinv(code) @ x  # (d', d)
    return float(((x - code @ decode) ** 2).sum() / (x**2).sum())


# --8<-- [end:bottleneck]


# --8<-- [start:merge]
def merge_patches(h: Array, side: int) -> Array:
    """Concatenate each `side`×`side` block of patch tokens: (H, W, d) → (H/side, W/side, side²·d)."""
    rows, columns, d = h.shape
    blocks = h.reshape(rows // side, side, columns // side, side, d).swapaxes(1, 2)
    return blocks.reshape(rows // side, columns // side, side * side * d)


# --8<-- [end:merge]
