r"""F-Learning: train a little on the outdated facts, subtract that change, then learn the new facts.

Source: Ni et al., *Forgetting before Learning* (arXiv:2311.08011), section 3; the subtraction is the negated task vector of
Ilharco et al. (arXiv:2212.04089).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.finetuning.fact_memory import accuracy, accuracy_mask, facts, train

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:f_learning]
def forget(w: Array, keys: Array, old: Ints, strength: float, steps: int, rate: float) -> Array:
    """w - strength · (w_old - w), w_old being `w` (V, d) trained further on the outdated answers."""
    return w - strength * (train(w, keys, old, steps, rate) - w)


def forget_then_learn(w: Array, keys: Array, old: Ints, new: Ints, strength: float, steps: int, rate: float) -> Array:
    """Both stages; strength 0 is plain fine-tuning on the new answers."""
    return train(forget(w, keys, old, strength, steps, rate), keys, new, steps, rate)


# --8<-- [end:f_learning]


def experiment(strength: float, seeds: int = 10) -> tuple[float, float, float]:
    """Rates after updating 10 of 120 facts: new answers given, old answers given, other facts still right."""
    rows = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        keys, answers = facts(rng, 120, 48, 12)
        w = train(np.zeros((12, 48)), keys, answers, 150, 20.0)
        update, rest = np.arange(10), np.arange(10, 120)
        new = (answers[update] + rng.integers(1, 12, size=10)) % 12  # always a different answer
        rest = np.intersect1d(rest, accuracy_mask(w, keys, answers))
        out = forget_then_learn(w, keys[update], answers[update], new, strength, 12, 5.0)
        rows.append(
            (
                accuracy(out, keys[update], new),
                accuracy(out, keys[update], answers[update]),
                accuracy(out, keys[rest], answers[rest]),
            )
        )
    a, b, c = np.mean(rows, axis=0)
    return float(a), float(b), float(c)
