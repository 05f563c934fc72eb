r"""C = 6ND: where the 6 comes from, how far it is off, and what it says about time.

Source: Kaplan et al. (arXiv:2001.08361), section 2.1; the exact count is labs/foundations/decoder_flops.py.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.foundations.decoder_flops import training
from labs.foundations.decoder_params import Decoder

Array = npt.NDArray[np.float64]


# --8<-- [start:six]
def linear_layer_flops(x: Array, w: Array, grad_y: Array) -> tuple[tuple[Array, Array, Array], dict[str, int]]:
    """Y = XW forward and backward, `x` (t, k), `w` (k, n), `grad_y` (t, n): the results and the FLOPs of each."""
    t, k = x.shape
    once = 2 * t * k * w.shape[1]  # an addition and a multiplication for each weight and token
    y = x @ w  # (t, n)
    grad_x = grad_y @ w.T  # (t, k), for the layer below
    grad_w = x.T @ grad_y  # (k, n), for the update
    return (y, grad_x, grad_w), {"forward": once, "backward": 2 * once}


def six_nd(n: float, d: float) -> float:
    """FLOPs of training n parameters on d tokens."""
    return 6 * n * d


def seconds(n: float, d: float, devices: int, peak: float, mfu: float) -> float:
    """Time of that training on devices of `peak` FLOP/s of which the share `mfu` is used."""
    return six_nd(n, d) / (devices * peak * mfu)


# --8<-- [end:six]


def matmul_params(model: Decoder) -> int:
    """Parameters that take part in a matrix product: all but the input table and the norms, plus a tied output."""
    parts = model.parts()
    return parts["attention"] + parts["mlp"] + model.vocab * model.h


def exact_over_six(model: Decoder, s: int) -> float:
    """Counted training FLOPs of a sequence of s tokens over 6ND, N being all parameters."""
    return training(model, 1, s) / six_nd(model.total(), s)
