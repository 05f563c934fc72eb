r"""AdaLoRA: a change of weights PΛQ whose singular values are kept or zeroed by importance, under a global budget.

Source: Zhang et al., *AdaLoRA* (arXiv:2303.10512), sections 3.1-3.3, algorithm 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:svd]
def forward(x: Array, w0: Array, p: Array, lam: Array, q: Array) -> Array:
    """`x` (n, k) with `w0` (d, k), `p` (d, r), `lam` (r,), `q` (r, k) → (n, d)."""
    return x @ w0.T + ((x @ q.T) * lam) @ p.T


def penalty(p: Array, q: Array) -> float:
    """R(P, Q) = ‖PᵀP − I‖² + ‖QQᵀ − I‖²: how far the factors are from those of an SVD."""
    eye = np.eye(len(q))
    return float(((p.T @ p - eye) ** 2).sum() + ((q @ q.T - eye) ** 2).sum())


def backward(
    x: Array, p: Array, lam: Array, q: Array, grad: Array, gamma: float
) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of loss + γR for P, Λ, Q from `grad` = ∂L/∂h (n, d); then those of the loss alone for P, Q."""
    eye = np.eye(len(lam))
    g_p = grad.T @ (x @ q.T * lam)  # (d, r)
    g_lam = ((grad @ p) * (x @ q.T)).sum(0)  # (r,)
    g_q = ((grad @ p) * lam).T @ x  # (r, k)
    reg_p = 4 * p @ (p.T @ p - eye)  # (d, r)
    reg_q = 4 * (q @ q.T - eye) @ q  # (r, k)
    return g_p + gamma * reg_p, g_lam, g_q + gamma * reg_q, g_p, g_q


# --8<-- [end:svd]


# --8<-- [start:importance]
@dataclass
class Smooth:
    """Smoothed sensitivity Ī and uncertainty Ū of every entry of one parameter."""

    beta1: float = 0.85
    beta2: float = 0.85
    mean: Array = field(default_factory=lambda: np.zeros(()))
    spread: Array = field(default_factory=lambda: np.zeros(()))

    def score(self, weight: Array, grad: Array) -> Array:
        """s = Ī·Ū after this step; |w·∂L/∂w| estimates how the loss changes if the entry is set to zero."""
        now = np.abs(weight * grad)
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * now
        self.spread = self.beta2 * self.spread + (1 - self.beta2) * np.abs(now - self.mean)
        return self.mean * self.spread


def triplet_scores(s_p: Array, s_lam: Array, s_q: Array) -> Array:
    """S_i (r,): the singular value's score, plus the means over column i of P (d, r) and row i of Q (r, k)."""
    scores: Array = s_lam + s_p.mean(0) + s_q.mean(1)
    return scores


# --8<-- [end:importance]


# --8<-- [start:budget]
def budget(t: int, total: int, first: int, last: int, start: float, end: float) -> float:
    """b(t): `start` for `first` steps, a cubic descent, `end` for the `last` steps."""
    if t < first:
        return start
    if t >= total - last:
        return end
    left = 1 - (t - first) / (total - first - last)
    return end + (start - end) * left**3


def keep(scores: list[Array], b: int) -> list[npt.NDArray[np.bool_]]:
    """Masks of the `b` best triplets over all matrices together."""
    flat = np.concatenate(scores)
    best = np.zeros(len(flat), dtype=bool)
    best[np.argsort(-flat, kind="stable")[:b]] = True
    return np.split(best, np.cumsum([len(s) for s in scores])[:-1])


# --8<-- [end:budget]


# --8<-- [start:train]
def train(
    ranks: tuple[int, ...], r: int, end: int, steps: int = 200, lr: float = 0.03, seed: int = 0, width: int = 12
) -> tuple[list[list[int]], float]:
    """Learn one change of weights per true rank in `ranks`; returns the rank of each matrix at each step, and the loss.

    Every matrix starts with `r` triplets, so the budget starts at r·len(ranks) and descends to `end`.
    """
    rng = np.random.default_rng(seed)
    count = len(ranks)
    targets = []
    for true in ranks:  # orthogonal directions of equal strength: the rank is all that tells the matrices apart
        u, v = (np.linalg.qr(rng.standard_normal((width, width)))[0][:, :true] for _ in range(2))
        targets.append(2 * u @ v.T)
    p = [rng.standard_normal((width, r)) / np.sqrt(width) for _ in ranks]
    q = [rng.standard_normal((r, width)) / np.sqrt(width) for _ in ranks]
    lam = [np.zeros(r) for _ in ranks]
    smooth = [[Smooth() for _ in range(3)] for _ in ranks]
    history, loss = [], 0.0
    for t in range(steps):
        scores, loss = [], 0.0
        for i in range(count):
            x = rng.standard_normal((64, width))  # (n, k)
            error = forward(x, -targets[i], p[i], lam[i], q[i])  # (n, d)
            loss += float((error**2).sum() / len(x))
            g_p, g_lam, g_q, l_p, l_q = backward(x, p[i], lam[i], q[i], 2 * error / len(x), 0.1)
            parts = zip(smooth[i], (p[i], lam[i], q[i]), (l_p, g_lam, l_q), strict=True)
            s_p, s_lam, s_q = (s.score(w, g) for s, w, g in parts)
            scores.append(triplet_scores(s_p, s_lam, s_q))
            p[i], lam[i], q[i] = p[i] - lr * g_p, lam[i] - lr * g_lam, q[i] - lr * g_q
        masks = keep(scores, round(budget(t, steps, steps // 8, steps // 4, r * count, end)))
        lam = [np.where(mask, values, 0.0) for mask, values in zip(masks, lam, strict=True)]
        history.append([int(mask.sum()) for mask in masks])
    return history, loss


# --8<-- [end:train]
