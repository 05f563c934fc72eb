r"""Two random streams per card: one that agrees over the tensor-parallel group, one that differs.

Source: Megatron-Core `tensor_parallel/random.py` (`model_parallel_cuda_manual_seed`: default stream `seed`,
tensor-parallel stream `seed + 2718 + tp_rank`) and `training/initialize.py` (`seed + 100 · pp_rank`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:streams]
def seeds(seed: int, tp_rank: int, pp_rank: int, dp_rank: int = 0, data_parallel_random_init: bool = False) -> Array:
    """(default, tensor-parallel) seeds of a card."""
    base = seed + 100 * pp_rank + (10 * dp_rank if data_parallel_random_init else 0)
    return np.array([base, base + 2718 + tp_rank])


class Streams:
    """The two generators of one card."""

    def __init__(self, seed: int, tp_rank: int, pp_rank: int = 0) -> None:
        same, own = seeds(seed, tp_rank, pp_rank)
        self.default = np.random.default_rng(int(same))  # replicated tensors: equal on all cards of the TP group
        self.parallel = np.random.default_rng(int(own))  # sharded tensors: different on each


def dropout_mask(rng: np.random.Generator, shape: tuple[int, ...], p: float = 0.1) -> Array:
    """0, or 1/(1−p) for what is kept."""
    return (rng.random(shape) >= p) / (1 - p)


# --8<-- [end:streams]


# --8<-- [start:init]
def init_then_cut(rng: np.random.Generator, d: int, m: int, t: int, rank: int) -> Array:
    """Draw the whole (d, m) and keep one piece (d, m/t): every card needs the same stream."""
    return np.split(rng.standard_normal((d, m)), t, axis=1)[rank]


def init_shard(rng: np.random.Generator, d: int, m: int, t: int) -> Array:
    """Draw only the piece (d, m/t): every card needs a stream of its own."""
    return rng.standard_normal((d, m // t))


# --8<-- [end:init]
