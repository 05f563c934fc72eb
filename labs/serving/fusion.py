r"""Fewer trips to memory: elementwise chains in one kernel, and matrix products in tiles.

Sources: Dao et al., *FlashAttention* (arXiv:2205.14135), section 2.1 (fusion of memory-bound operations); Narayanan
et al. (arXiv:2104.04473), section 4.2 (fused bias + GeLU, bias + dropout + add).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:chain]
class Memory:
    """Counts the elements that kernels read and write."""

    def __init__(self) -> None:
        self.moved = self.kernels = 0

    def kernel(self, f: Callable[..., tuple[Array, ...]], *inputs: Array) -> tuple[Array, ...]:
        """Run `f`: all its inputs come from memory, all its outputs go back."""
        outputs = f(*inputs)
        self.moved += sum(a.size for a in (*inputs, *outputs))
        self.kernels += 1
        return outputs


def separate(memory: Memory, x: Array, residual: Array, gain: Array) -> tuple[Array, Array]:
    """Residual add and RMSNorm as a framework runs them eagerly: (n, d), (n, d), (d,) → sum and normed (n, d)."""
    (total,) = memory.kernel(lambda a, b: (a + b,), x, residual)  # (n, d)
    (square,) = memory.kernel(lambda a: (a * a,), total)  # (n, d)
    (mean,) = memory.kernel(lambda a: (a.mean(-1, keepdims=True),), square)  # (n, 1)
    (scale,) = memory.kernel(lambda a: (1 / np.sqrt(a + 1e-6),), mean)  # (n, 1)
    (normed,) = memory.kernel(lambda a, b: (a * b,), total, scale)  # (n, d)
    (out,) = memory.kernel(lambda a, b: (a * b,), normed, gain)  # (n, d)
    return total, out


def fused(memory: Memory, x: Array, residual: Array, gain: Array) -> tuple[Array, Array]:
    """The same in one kernel: a row fits on chip, so the sum, its square and its scale never leave."""

    def rows(a: Array, b: Array, g: Array) -> tuple[Array, Array]:
        total, out = np.empty_like(a), np.empty_like(a)
        for i in range(len(a)):  # one block of threads a row
            t = a[i] + b[i]  # (d,)
            total[i], out[i] = t, t / np.sqrt((t * t).mean() + 1e-6) * g
        return total, out

    total, out = memory.kernel(rows, x, residual, gain)
    return total, out


# --8<-- [end:chain]


# --8<-- [start:tiles]
def tiled_matmul(a: Array, b: Array, tile: int) -> tuple[Array, int]:
    """(m, k) @ (k, n) in output tiles of `tile` × `tile`: the product, and elements moved to and from memory."""
    (m, k), n = a.shape, b.shape[1]
    out, moved = np.empty((m, n)), 0
    for i in range(0, m, tile):
        for j in range(0, n, tile):
            acc = np.zeros((min(tile, m - i), min(tile, n - j)))  # stays in registers
            for p in range(0, k, tile):
                left, right = a[i : i + tile, p : p + tile], b[p : p + tile, j : j + tile]
                moved += left.size + right.size
                acc += left @ right
            out[i : i + tile, j : j + tile] = acc
            moved += acc.size
    return out, moved


def tiled_traffic(m: int, n: int, k: int, tile: int) -> int:
    """The same count in closed form, when `tile` divides m and n."""
    return 2 * m * n * k // tile + m * n


# --8<-- [end:tiles]


def tiled_intensity(m: int, n: int, k: int, tile: int, bytes_each: float = 2) -> float:
    """FLOPs per byte of memory traffic."""
    return 2 * m * n * k / (bytes_each * tiled_traffic(m, n, k, tile))
