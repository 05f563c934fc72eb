r"""What low precision does to sums: additions that round away, and three remedies (a wide sum, Kahan, luck).

Source: Micikevicius et al., *Mixed Precision Training* (arXiv:1710.03740), sections 3.1 and 3.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.numerics.float_formats import FP32, Format, round_to

Array = npt.NDArray[np.float64]


# --8<-- [start:sum]
def running_sum(terms: Array, f: Format, start: float = 0.0) -> Array:
    """Partial sums (..., n) of `terms` (..., n) in accumulators of format `f`: one rounding after each addition."""
    total, sums = np.full(terms.shape[:-1], start), np.empty_like(terms)  # (...,), (..., n)
    for i in range(terms.shape[-1]):
        total = round_to(total + terms[..., i], f)
        sums[..., i] = total
    return sums


def dot(a: Array, b: Array, accumulator: Format, chunk: int | None = None) -> float:
    """Products of `a`, `b` (n,) added in `accumulator`; with `chunk`, so many at a time, and the chunks in FP32."""
    products = (a * b).reshape(-1, chunk or len(a))  # (n / chunk, chunk): exact in float64 for 16-bit inputs
    partial = running_sum(products, accumulator)[:, -1]  # (n / chunk,)
    return float(running_sum(partial, FP32)[-1])


# --8<-- [end:sum]


# --8<-- [start:remedies]
def kahan(weight: float, updates: Array, f: Format) -> float:
    """Add `updates` (n,) to a weight of format `f`, and keep in a second number of `f` what each rounding lost."""
    w, lost = round_to(np.array(weight), f), np.zeros(())
    for update in updates:
        wanted = round_to(update + lost, f)
        new = round_to(w + wanted, f)
        lost = round_to(wanted - round_to(new - w, f), f)
        w = new
    return float(w)


def stochastic_round(x: Array, f: Format, rng: np.random.Generator) -> Array:
    """One of the two numbers of `f` around `x` (any shape), at random, so that the mean is `x`."""
    exponent = np.frexp(np.maximum(np.abs(x), f.min_normal))[1] - 1  # as in `encode`
    units = np.ldexp(x, f.k - exponent)
    rounded: Array = np.ldexp(np.floor(units + rng.random(np.shape(x))), exponent - f.k)
    return rounded


# --8<-- [end:remedies]
