r"""F-Learning: train a little on the outdated facts, subtract that change, then learn the new facts.

Source: Ni et al., *Forgetting before Learning* (arXiv:2311.08011), section 3; the subtraction is the negated task
vector of Ilharco et al. (arXiv:2212.04089).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.finetuning.fact_memory import accuracy, facts, right, train

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:f_learning]
def forget(w: Array, keys: Array, old: Ints, strength: float, steps: int, rate: float) -> Array:
    """w - strength · (w_old - w), w_old being `w` (V, d) trained further on the outdated answers."""
    return w - strength * (train(w, keys, old, steps, rate) - w)


def update(w: Array, keys: Array, old: Ints, new: Ints, strength: float, rate: float = 5.0) -> Array:
    """Forget, then a few steps on the new answers; strength 0 is plain fine-tuning. `keys` (n, d) → (V, d)."""
    return train(forget(w, keys, old, strength, 40, rate), keys, new, 6, rate)


# --8<-- [end:f_learning]


def experiment(strength: float, seeds: int = 10) -> dict[str, float]:
    """After updating 10 of 120 facts: share given the new answer, the old one, and of other facts still right."""
    rows = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        keys, answers = facts(rng, 120, 48, 12)
        w = train(np.zeros((12, 48)), keys, answers, 60, 20.0)
        new = (answers[:10] + rng.integers(1, 12, size=10)) % 12  # always a different answer
        known = right(w, keys, answers)
        rest = known[known >= 10]
        out = update(w, keys[:10], answers[:10], new, strength)
        rows.append(
            [accuracy(out, keys[i], a) for i, a in ((slice(10), new), (slice(10), answers[:10]), (rest, answers[rest]))]
        )
    return dict(zip(("new", "old", "others"), np.mean(rows, axis=0).tolist(), strict=True))
