r"""What counts as an activation: each operation keeps exactly what its own backward formula reads.

Source: Korthikanti et al., *Reducing Activation Recomputation* (arXiv:2205.05198), section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:tape]
@dataclass
class Tape:
    """Collects (name, array) of what the backward pass will need; weights are not activations."""

    saved: list[tuple[str, Array]] = field(default_factory=list)

    def linear(self, x: Array, w: Array) -> Array:
        """x (n, a) @ w (a, b). dW = xᵀ·dy needs x; dx = dy·Wᵀ needs only the weight."""
        self.saved.append(("linear input", x))
        y: Array = x @ w  # (n, b)
        return y

    def gelu(self, x: Array) -> Array:
        """The slope depends on x, so x is kept."""
        self.saved.append(("gelu input", x))
        y: Array = x * 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))  # (n, b)
        return y

    def relu(self, x: Array) -> Array:
        """The slope is readable from the output's sign, so the output is kept."""
        y = np.maximum(x, 0)  # (n, b)
        self.saved.append(("relu output", y))
        return y

    def softmax(self, x: Array) -> Array:
        """dx = y(dy − Σ y·dy): the output is enough, the input can go."""
        e = np.exp(x - x.max(axis=-1, keepdims=True))  # (n, b)
        y: Array = e / e.sum(axis=-1, keepdims=True)  # (n, b)
        self.saved.append(("softmax output", y))
        return y

    def add(self, x: Array, y: Array) -> Array:
        """dx = dy = dz: a sum needs nothing."""
        return x + y  # (n, b)

    def numbers(self) -> int:
        """How many numbers the tape holds."""
        return sum(a.size for _, a in self.saved)


# --8<-- [end:tape]


def mlp_bytes(s: int, b: int, h: int) -> int:
    """16-bit MLP block of width 4h with dropout: two linear inputs, one GELU input, a one-byte mask: 19·s·b·h."""
    first, gelu, second, mask = 2 * h, 2 * 4 * h, 2 * 4 * h, 1 * h  # bytes per token
    return s * b * (first + gelu + second + mask)
