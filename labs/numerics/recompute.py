r"""Activation checkpointing: keep every k-th layer's input, run each segment's forward again when its backward comes.

Source: Chen et al., *Training Deep Nets with Sublinear Memory Cost* (arXiv:1604.06174), section 4. The network is a
chain of L layers y = tanh(x W), x (n, d); what counts as memory is the number of (n, d) tensors held at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass
class Meter:
    """Activations held now and at most, and layers run forward."""

    held: int = 0
    peak: int = 0
    forwards: int = 0

    def hold(self, n: int) -> None:
        """Take `n` tensors more (or fewer)."""
        self.held += n
        self.peak = max(self.peak, self.held)


# --8<-- [start:checkpoint]
def gradients(x: Array, weights: list[Array], segment: int) -> tuple[list[Array], Meter]:
    """Gradients of sum(output) for each weight (d, d), keeping only the inputs of segments of `segment` layers."""
    meter, inputs = Meter(), []
    for i, w in enumerate(weights):  # forward: layer inputs inside a segment are dropped at once
        if i % segment == 0:
            inputs.append(x)  # (n, d)
            meter.hold(1)
        x, meter.forwards = np.tanh(x @ w), meter.forwards + 1
    g, grads = np.ones_like(x), []
    for start in range((len(weights) - 1) // segment * segment, -1, -segment):
        part = weights[start : start + segment]
        acts = [inputs.pop()]  # already counted
        for w in part:  # the segment's forward once more, now keeping everything
            acts.append(np.tanh(acts[-1] @ w))
            meter.hold(1)
            meter.forwards += 1
        for w, a, y in zip(part[::-1], acts[-2::-1], acts[:0:-1], strict=True):
            g = g * (1 - y**2)  # (n, d), through tanh
            grads.append(a.T @ g)  # (d, d)
            g = g @ w.T  # (n, d)
        meter.hold(-len(acts))
    return grads[::-1], meter


# --8<-- [end:checkpoint]
