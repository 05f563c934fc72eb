r"""Muon: momentum of a weight matrix, orthogonalised by five Newton–Schulz steps, then applied at AdamW's scale.

Sources: Jordan et al., *Muon* (2024); Liu et al., *Muon is Scalable for LLM Training* (arXiv:2502.16982), section 2.
Matrices are (A, B); SVD M = U Σ Vᵀ, and orthogonalising means to replace Σ by ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
TUNED = (3.4445, -4.7750, 2.0315)  # steep at 0, so small singular values grow fast; never settles at 1
CLASSIC = (1.875, -1.25, 0.375)  # (15, -10, 3)/8: converges to 1, slowly


# --8<-- [start:newton_schulz]
def newton_schulz(
    m: Array, steps: int = 5, coefficients: tuple[float, float, float] = TUNED, eps: float = 1e-7
) -> Array:
    """About U Vᵀ of `m` (A, B): each step applies σ ↦ aσ + bσ³ + cσ⁵ to all singular values, by products alone."""
    a, b, c = coefficients
    tall = m.shape[0] > m.shape[1]
    x = m.T if tall else m  # (r, ·) with r = min(A, B): the Gram matrix below is the small one
    x = x / max(float(np.linalg.norm(x)), eps)  # Frobenius norm 1 puts every singular value into [0, 1]
    for _ in range(steps):
        gram = x @ x.T  # (r, r)
        x = a * x + (b * gram + c * gram @ gram) @ x  # (r, ·)
    return x.T if tall else x


# --8<-- [end:newton_schulz]


# --8<-- [start:muon]
@dataclass
class Muon:
    """For hidden matrices only; embeddings, the output head, norms and biases stay with AdamW."""

    rate: float
    momentum: float = 0.95
    decay: float = 0.1
    match_adamw: bool = True
    buffer: Array | float = 0.0

    def step(self, w: Array, g: Array) -> Array:
        """`w` (A, B) after one step with gradient `g`; one buffer of state where Adam has two."""
        self.buffer = self.momentum * self.buffer + (1 - self.momentum) * g  # (A, B)
        ahead = self.momentum * self.buffer + (1 - self.momentum) * g  # Nesterov
        rows, columns = w.shape
        scale = 0.2 * max(rows, columns) ** 0.5 if self.match_adamw else max(1, rows / columns) ** 0.5
        out: Array = (1 - self.rate * self.decay) * w - self.rate * scale * newton_schulz(ahead)
        return out


# --8<-- [end:muon]


def rms(x: Array) -> float:
    """Root mean square of the elements."""
    return float(np.sqrt((x**2).mean()))


def svd_entropy(w: Array) -> float:
    """Entropy of σ²/Σσ², over log of their number: 1 when all singular values are equal."""
    p = np.linalg.svd(w, compute_uv=False) ** 2
    p /= p.sum()
    return float(-(p * np.log(p)).sum() / np.log(len(p)))


def flops_share(rows: int, columns: int, tokens: int, steps: int = 5) -> float:
    """Newton–Schulz FLOPs over the 6·A·B·tokens of the matrix's own forward and backward."""
    r, n = min(rows, columns), max(rows, columns)
    return steps * (2 * 2 * r * r * n + 2 * r**3) / (6 * rows * columns * tokens)
