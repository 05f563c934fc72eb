r"""How many turns each RoPE pair makes within the training length: slow ones never see a whole circle.

Sources: Peng et al., *YaRN* (arXiv:2309.00071), section 3.2 (wavelength and r = L/λ); Liu et al.
(arXiv:2310.05209), whose critical dimension is twice the number of pairs that complete a turn.
"""

from __future__ import annotations

from math import pi

import numpy as np
import numpy.typing as npt

from labs.position.sinusoidal import frequencies

Array = npt.NDArray[np.float64]


# --8<-- [start:bands]
def wavelengths(d: int, base: float = 10_000.0) -> Array:
    r"""Tokens per full turn of each pair, $\lambda_i=2\pi/\theta_i=2\pi b^{2i/d}$: (d/2,)."""
    return 2 * pi / frequencies(d, base)


def turns(d: int, length: int, base: float = 10_000.0) -> Array:
    r"""Turns that each pair makes over `length` tokens, $r_i=L/\lambda_i$: (d/2,)."""
    return length / wavelengths(d, base)


def full_pairs(d: int, length: int, base: float = 10_000.0) -> int:
    """Pairs that complete at least one turn; the others meet unseen angles beyond `length`."""
    return int((turns(d, length, base) >= 1).sum())


# --8<-- [end:bands]
