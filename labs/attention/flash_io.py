r"""How many elements attention moves between HBM and the chip, in closed form (tests compare it to a count).

Source: Dao et al., *FlashAttention* (arXiv:2205.14135), theorem 2, with the constants written out.
Symbols: n tokens, head size d, SRAM of `sram` elements, tiles of $B_r$ queries by $B_c$ keys.
"""

from __future__ import annotations

from math import ceil


# --8<-- [start:io]
def block_sizes(sram: int, d: int) -> tuple[int, int]:
    r"""$(B_r,B_c)$ of algorithm 1: $B_c=\lceil M/4d\rceil$, $B_r=\min(\lceil M/4d\rceil,d)$."""
    b_c = ceil(sram / (4 * d))
    return min(b_c, d), b_c


def on_chip(b_r: int, b_c: int, d: int) -> int:
    """Elements alive at once: Q and O tiles, K and V tiles, the score tile (the two statistics left out)."""
    return 2 * b_r * d + 2 * b_c * d + b_r * b_c


def standard_traffic(n: int, d: int) -> int:
    """Read Q, K, V, write O; S and P are each written once and read once."""
    return 4 * n * d + 4 * n * n


def v1_traffic(n: int, d: int, b_c: int) -> int:
    r"""K and V once, zeros for O, l, m; then $\lceil n/B_c\rceil$ rounds: Q in, O, l and m in and out."""
    return 2 * n * d + (n * d + 2 * n) + ceil(n / b_c) * (3 * n * d + 4 * n)


def v2_traffic(n: int, d: int, b_r: int) -> int:
    r"""Q, O and the log-sum-exp once; K and V once for each of the $\lceil n/B_r\rceil$ query blocks."""
    return 2 * n * d + n + ceil(n / b_r) * 2 * n * d


# --8<-- [end:io]


def intensity(n: int, d: int, traffic: int, bytes_per_element: int = 2) -> float:
    """FLOPs of the two matrix products ($4n^2d$) for each byte moved."""
    return 4 * n * n * d / (traffic * bytes_per_element)
