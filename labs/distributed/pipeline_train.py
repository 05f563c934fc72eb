r"""A schedule carried out on a real network: same gradients as one big batch, and what every card has to keep.

Source: Huang et al., *GPipe* (arXiv:1811.06965), section 2.3 (re-materialisation). The network is a chain of layers
y = tanh(x W) on (n, d), cut into p stages; loss = sum of the outputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.distributed.pipeline import Slot

Array = npt.NDArray[np.float64]


@dataclass
class Card:
    """Layers of one stage, their gradients, and the rows of activations held now and at most."""

    weights: list[Array]
    grads: list[Array]
    held: int = 0
    peak: int = 0

    def hold(self, rows: int) -> None:
        """Take `rows` more (or fewer)."""
        self.held += rows
        self.peak = max(self.peak, self.held)


# --8<-- [start:run]
def run(x: Array, weights: list[Array], slots: list[Slot], p: int, m: int, recompute: bool) -> list[Card]:
    """Carry out `slots` in order of time on m microbatches of x (N, d); a stage keeps all its inputs, or only one."""
    size = len(weights) // p
    cards = [Card(weights[i * size : (i + 1) * size], [np.zeros_like(w) for w in weights[:size]]) for i in range(p)]
    wire = {("F", 0, i): part for i, part in enumerate(np.split(x, m))}  # what travels between cards: (N/m, d)
    kept: dict[tuple[int, int], list[Array]] = {}
    for slot in sorted(slots, key=lambda s: (s.start, s.end)):
        c, card, i = slot.card, cards[slot.card], slot.op.micro
        if slot.op.kind == "F":
            acts = chain(wire.pop(("F", c, i)), card.weights)  # size + 1 arrays (N/m, d)
            kept[c, i] = acts[:1] if recompute else acts
            card.hold(len(kept[c, i]) * len(acts[0]))
            wire["F", c + 1, i] = acts[-1]
            continue
        acts = kept.pop((c, i))
        rows = len(acts) * len(acts[0])
        if recompute:  # the stage's forward once more
            acts = chain(acts[0], card.weights)
            card.hold(len(acts) * len(acts[0]) - rows)
            rows = len(acts) * len(acts[0])
        g = np.ones_like(acts[-1]) if c == p - 1 else wire.pop(("B", c, i))  # (N/m, d)
        for j in reversed(range(size)):
            g = g * (1 - acts[j + 1] ** 2)  # (N/m, d), through tanh
            card.grads[j] += acts[j].T @ g  # (d, d), summed over microbatches
            g = g @ card.weights[j].T  # (N/m, d)
        wire["B", c - 1, i] = g
        card.hold(-rows)
    return cards


def chain(x: Array, weights: list[Array]) -> list[Array]:
    """The input and the output of every layer, (n, d) each."""
    acts = [x]
    for w in weights:
        acts.append(np.tanh(acts[-1] @ w))
    return acts


# --8<-- [end:run]


# --8<-- [start:peak]
def gpipe_peak(n: float, layers: int, stages: int, micro: int) -> float:
    """GPipe with re-materialisation: N stage inputs, and the layers of one stage for one microbatch."""
    return n + layers / stages * n / micro


# --8<-- [end:peak]
