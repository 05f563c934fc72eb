r"""Patch embedding of the Vision Transformer: cut, flatten, project, prepend [CLS], add positions.

Source: Dosovitskiy et al., *An Image is Worth 16x16 Words* (arXiv:2010.11929), section 3.1, equation 1 and table 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:embed]
def patchify(image: Array, patch: int) -> Array:
    """Cut `image` (H, W, C) into its N = HW/P² patches, row by row: (N, P·P·C)."""
    height, width, channels = image.shape
    rows, cols = height // patch, width // patch
    grid = image.reshape(rows, patch, cols, patch, channels)  # (H/P, P, W/P, P, C)
    return grid.transpose(0, 2, 1, 3, 4).reshape(rows * cols, patch * patch * channels)  # (N, P²C)


def embed(image: Array, weight: Array, bias: Array, cls: Array, positions: Array, patch: int) -> Array:
    """The encoder's input z₀ (N+1, D): `weight` (P²C, D), `cls` (D,), `positions` (N+1, D)."""
    tokens = patchify(image, patch) @ weight + bias  # (N, D): the same matrix for every patch
    return np.concatenate([cls[None], tokens]) + positions  # (N+1, D): [CLS] comes first


# --8<-- [end:embed]


# --8<-- [start:conv]
def strided_convolution(image: Array, kernel: Array, bias: Array) -> Array:
    """A convolution whose stride is its kernel size P: `image` (H, W, C), `kernel` (D, C, P, P) → (N, D)."""
    patch = kernel.shape[-1]
    weight = kernel.transpose(2, 3, 1, 0).reshape(-1, kernel.shape[0])  # (P·P·C, D), patchify's order
    return patchify(image, patch) @ weight + bias  # (N, D)


# --8<-- [end:conv]


# --8<-- [start:count]
@dataclass(frozen=True)
class ViT:
    """The sizes of a Vision Transformer without a classification head."""

    layers: int
    width: int
    mlp: int
    patch: int
    image: int
    channels: int = 3

    def patches(self) -> int:
        """N: how many patches an image has."""
        return (self.image // self.patch) ** 2

    def parameters(self) -> int:
        """Weights and biases: patch projection, [CLS], positions, L blocks, last LayerNorm."""
        d = self.width
        stem = self.patch**2 * self.channels * d + d + d + (self.patches() + 1) * d
        block = 4 * (d * d + d) + (d * self.mlp + self.mlp) + (self.mlp * d + d) + 2 * 2 * d
        return stem + self.layers * block + 2 * d

    def flops(self) -> int:
        """Multiply-adds × 2 of one image's forward pass, matrix products only."""
        n, d = self.patches() + 1, self.width
        stem = 2 * self.patches() * self.patch**2 * self.channels * d
        block = 2 * n * (4 * d * d + 2 * d * self.mlp) + 2 * 2 * n * n * d
        return stem + self.layers * block


VIT_B16 = ViT(layers=12, width=768, mlp=3072, patch=16, image=224)
VIT_L16 = ViT(layers=24, width=1024, mlp=4096, patch=16, image=224)
VIT_H14 = ViT(layers=32, width=1280, mlp=5120, patch=14, image=224)
# --8<-- [end:count]
