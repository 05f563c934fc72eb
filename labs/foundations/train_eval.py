r"""What `model.train()` and `model.eval()` switch: dropout and batch normalisation, and nothing else.

Sources: Srivastava et al., *Dropout* (2014), section 10 for the scaling at training time; Ioffe and
Szegedy (arXiv:1502.03167), section 3.1; PyTorch documentation of `torch.nn`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:modes]
def dropout(x: Array, p: float, training: bool, rng: np.random.Generator) -> Array:
    """Inverted dropout, any shape: kept values grow by 1/(1 - p) in training, so evaluation is the identity."""
    if not training or p == 0:
        return x
    kept = rng.random(x.shape) >= p
    return np.where(kept, x / (1 - p), 0.0)


@dataclass
class BatchNorm:
    """Batch normalisation without scale and shift over `x` (B, d)."""

    mean: Array  # (d,), running
    var: Array  # (d,), running
    momentum: float = 0.1
    eps: float = 1e-5

    def __call__(self, x: Array, training: bool) -> Array:
        """Training: this batch's statistics, which also move the running ones. Evaluation: the running ones."""
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)  # (d,) each
            unbiased = x.var(axis=0, ddof=1)  # (d,): what PyTorch keeps is the unbiased estimate
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mean
            self.var = (1 - self.momentum) * self.var + self.momentum * unbiased
        else:
            mean, var = self.mean, self.var
        y: Array = (x - mean) / np.sqrt(var + self.eps)  # (B, d)
        return y


# --8<-- [end:modes]
