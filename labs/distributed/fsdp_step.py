r"""FSDP's data flow on an MLP: gather a unit, compute, free it; backward gathers again and reduce-scatters.

Source: Zhao et al., *PyTorch FSDP* (arXiv:2304.11277), sections 3 and 4. All ranks are simulated in one process.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.distributed.collectives import all_gather, reduce_scatter
from labs.distributed.shards import flat_shards

Array = npt.NDArray[np.float64]


# --8<-- [start:fsdp]
class Fsdp:
    """Layers w[i] (d, d), each its own unit; ranks keep shards (N, d²/N) and gather one unit at a time."""

    def __init__(self, weights: list[Array], ranks: int) -> None:
        self.shape, self.ranks = weights[0].shape, ranks
        self.shards = [flat_shards([w], ranks) for w in weights]  # (N, d²/N) each
        self.log: list[str] = []
        self.live = self.peak = 0  # gathered numbers on one rank, now and at most

    def gather(self, i: int) -> Array:
        """All-gather unit i: (d, d) on every rank."""
        self.log.append(f"AG{i}")
        self.live += self.shards[i].size
        self.peak = max(self.peak, self.live)
        return all_gather(self.shards[i])[0, : np.prod(self.shape)].reshape(self.shape)

    def free(self, i: int) -> None:
        """Drop the gathered unit; its shard stays."""
        self.live -= self.shards[i].size

    def step(self, x: Array, target: Array) -> list[Array]:
        """x, target (N, b, d): one batch a rank, loss ½Σ(out − target)²/b. → gradient shards (N, d²/N) per unit."""
        acts = [x]  # inputs of every layer: (N, b, d)
        for i in range(len(self.shards)):
            acts.append(np.tanh(acts[-1] @ self.gather(i)))
            self.free(i)
        grads: list[Array] = [np.empty(0)] * len(self.shards)
        delta = (acts[-1] - target) / x.shape[1]  # (N, b, d)
        for i in reversed(range(len(self.shards))):
            w = self.gather(i)  # once more: it was freed after the forward pass
            delta = delta * (1 - acts[i + 1] ** 2)  # (N, b, d)
            full = np.einsum("nba,nbc->nac", acts[i], delta).reshape(self.ranks, -1)  # (N, d²): lives for one unit
            delta = delta @ w.T  # (N, b, d)
            self.free(i)
            self.log.append(f"RS{i}")
            grads[i] = reduce_scatter(np.pad(full, ((0, 0), (0, -full.shape[1] % self.ranks)))) / self.ranks
        return grads


# --8<-- [end:fsdp]
