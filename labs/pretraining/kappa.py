r"""Agreement of annotators beyond chance: Cohen's κ for two, Fleiss' κ for a fixed number of ratings an item."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:kappa]
def cohen(table: Array) -> float:
    """`table` (c, c): items that the first annotator put in class i and the second in class j."""
    p = table / table.sum()
    observed = np.trace(p)
    expected = p.sum(1) @ p.sum(0)  # agreement if both kept their habits and ignored the items
    return float((observed - expected) / (1 - expected))


def fleiss(counts: Array) -> float:
    """`counts` (n, c): how many of the m annotators put item i in class j; each row sums to m."""
    m = counts[0].sum()
    observed = ((counts**2).sum(1) - m) / (m * (m - 1))  # (n,) share of agreeing pairs of annotators
    share = counts.sum(0) / counts.sum()  # (c,) of all ratings
    expected = (share**2).sum()
    return float((observed.mean() - expected) / (1 - expected))


# --8<-- [end:kappa]


def two_class(agreement: float, positive: float) -> Array:
    """Table (2, 2) of two annotators who agree on `agreement` of the items and both say yes to `positive` of them."""
    off = (1 - agreement) / 2
    return np.array([[positive - off, off], [off, 1 - positive - off]])
