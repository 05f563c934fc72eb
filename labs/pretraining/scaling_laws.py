r"""Scaling laws: loss as a function of parameters N and tokens D, its optimum for a budget C = 6ND, and the fit.

Sources: Kaplan et al. (arXiv:2001.08361), equations 1.1 to 1.3; Hoffmann et al. (arXiv:2203.15556), section 3.3;
the refitted constants are those of Besiroglu et al. (arXiv:2404.10102), table 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:law]
@dataclass(frozen=True)
class Law:
    r"""$L(N,D)=E+A\,N^{-\alpha}+B\,D^{-\beta}$, in nats per token."""

    e: float  # the entropy of text: what no model removes
    a: float
    b: float
    alpha: float
    beta: float

    def loss(self, n: Array | float, d: Array | float) -> Array:
        """Loss of n parameters trained on d tokens; arrays of one shape give that shape."""
        return np.asarray(self.e + self.a * np.power(n, -self.alpha) + self.b * np.power(d, -self.beta))

    def optimum(self, c: float) -> tuple[float, float]:
        r"""The N and D of least loss with 6ND = c: $N=G(c/6)^{\beta/(\alpha+\beta)}$."""
        g = (self.alpha * self.a / (self.beta * self.b)) ** (1 / (self.alpha + self.beta))
        n = g * (c / 6) ** (self.beta / (self.alpha + self.beta))
        return n, c / 6 / n


CHINCHILLA = Law(1.69, 406.4, 410.7, 0.34, 0.28)  # as printed in the paper
REFIT = Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658)  # Besiroglu et al.
# --8<-- [end:law]


# --8<-- [start:fit]
def fit(n: Array, d: Array, loss: Array, rounds: int = 12) -> Law:
    """Least squares over all five constants from runs n, d, loss (r,).

    With the exponents held, the law is linear in E, A and B, so only two dimensions need a search.
    """
    low, high = np.array([0.05, 0.05]), np.array([0.95, 0.95])  # alpha, beta
    best: tuple[float, Law] = (np.inf, CHINCHILLA)
    for _ in range(rounds):
        for alpha in np.linspace(low[0], high[0], 13).tolist():
            for beta in np.linspace(low[1], high[1], 13).tolist():
                # columns near 1, or the solver would lose digits: (r, 3)
                x = np.stack([np.ones_like(n), (n / 1e9) ** -alpha, (d / 1e10) ** -beta], axis=1)
                coef = np.linalg.lstsq(x, loss, rcond=None)[0]  # (3,)
                error = float(((x @ coef - loss) ** 2).sum())
                if error < best[0]:
                    e, a, b = coef.tolist()
                    best = (error, Law(e, a * 1e9**alpha, b * 1e10**beta, alpha, beta))
        center = np.array([best[1].alpha, best[1].beta])
        half = (high - low) / 6  # zoom in threefold around the best pair
        low, high = center - half, center + half
    return best[1]


# --8<-- [end:fit]


# --8<-- [start:kaplan]
def kaplan_n(n: float) -> float:
    """Loss against non-embedding parameters, data and training time without limit."""
    return float((8.8e13 / n) ** 0.076)


def kaplan_d(d: float) -> float:
    """Loss against tokens of the data set, the model large and stopped early."""
    return float((5.4e13 / d) ** 0.095)


# --8<-- [end:kaplan]


def slope(x: Array, y: Array) -> float:
    """Exponent of a power law: slope of log y against log x, both (r,)."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def training_runs(law: Law, seed: int, noise: float = 0.01) -> tuple[Array, Array, Array]:
    """240 runs around the optimum of ten budgets, their losses blurred by `noise`: n, d, loss (240,)."""
    rng = np.random.default_rng(seed)
    budgets = np.repeat(np.geomspace(1e18, 1e22, 10), 24)  # (240,)
    n = np.array([law.optimum(c)[0] for c in budgets]) * np.tile(np.geomspace(1 / 8, 8, 24), 10)  # (240,)
    d = budgets / 6 / n  # (240,)
    return n, d, law.loss(n, d) + noise * rng.standard_normal(len(n))
