r"""Making a softmax model forget some of its facts: task arithmetic, gradient ascent, and a test by relearning.

Task arithmetic: Ilharco et al. (arXiv:2212.04089), section 2; subtracting before new knowledge is taught: Ni et al.
(arXiv:2311.08011). The generic targets: Eldan and Russinovich (arXiv:2310.02238), section 2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Facts = tuple[Array, Labels]  # x (n, d), y (n,)


def make_facts(seed: int, n_forget: int = 20, n_keep: int = 60, d: int = 48, classes: int = 10) -> tuple[Facts, Facts]:
    """Random question → answer pairs. The facts to forget share one direction: they are about the same subject."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n_forget + n_keep, d)) / np.sqrt(d)  # (n, d)
    subject = rng.standard_normal(d)  # (d,)
    subject /= np.linalg.norm(subject)
    x -= np.outer(x @ subject, subject)  # nothing else points along it
    x[:n_forget] += subject
    y = rng.integers(0, classes, n_forget + n_keep)  # (n,)
    return (x[:n_forget], y[:n_forget]), (x[n_forget:], y[n_forget:])


# --8<-- [start:gradient]
def gradient(w: Array, facts: Facts) -> Array:
    """Gradient of the mean cross-entropy of softmax(x w) with `w` (d, classes)."""
    x, y = facts
    error = softmax(x @ w)  # (n, classes)
    error[np.arange(len(y)), y] -= 1
    return x.T @ error / len(y)  # (d, classes)


def train(w: Array, facts: Facts, steps: int, rate: float) -> Array:
    """Gradient descent; a negative `rate` is ascent."""
    for _ in range(steps):
        w = w - rate * gradient(w, facts)
    return w


# --8<-- [end:gradient]


def accuracy(w: Array, facts: Facts) -> float:
    """Share of questions whose most likely answer is right."""
    return float(np.mean((facts[0] @ w).argmax(axis=1) == facts[1]))


# --8<-- [start:unlearn]
def negate(base: Array, tuned: Array, scale: float) -> Array:
    """Task arithmetic: go from the base model against the direction that fine-tuning took."""
    return base - scale * (tuned - base)


def forget_until(step: Callable[[Array], Array], w: Array, forget: Facts, goal: float, cap: int = 400) -> Array:
    """Repeat a step until the accuracy on the facts to forget is down to `goal`: unbounded ascent needs a stop."""
    for _ in range(cap):
        if accuracy(w, forget) <= goal:
            break
        w = step(w)
    return w


def unlearn(base: Array, forget: Facts, keep: Facts, goal: float = 0.2) -> dict[str, Array]:
    """Four models without the facts: three edits of `base`, stopped at the same accuracy, and honest retraining."""
    tuned = train(base, forget, 200, 2.0)  # knows the facts even better
    scale = next(s for s in np.arange(0, 20, 0.1) if accuracy(negate(base, tuned, s), forget) <= goal)
    return {
        "negation": negate(base, tuned, scale),
        "ascent": forget_until(lambda w: w + gradient(w, forget), base, forget, goal),
        "ascent+keep": forget_until(lambda w: w + gradient(w, forget) - 3 * gradient(w, keep), base, forget, goal),
        "retrained": train(np.zeros_like(base), keep, 300, 4.0),
    }


# --8<-- [end:unlearn]


# --8<-- [start:relearn]
def relearn(w: Array, forget: Facts, steps: int) -> tuple[float, float]:
    """Fine-tune on half of the forgotten facts: accuracy on that half, and on the half that is not shown."""
    half = len(forget[1]) // 2
    shown = (forget[0][:half], forget[1][:half])
    hidden = (forget[0][half:], forget[1][half:])
    w = train(w, shown, steps, 0.5)
    return accuracy(w, shown), accuracy(w, hidden)


# --8<-- [end:relearn]


def experiment(seeds: int, steps: int = 40) -> dict[str, Array]:
    """Means over seeds for each method: forgotten, kept, hidden half before, hidden after, shown half after."""
    rows: dict[str, list[list[float]]] = {}
    for seed in range(seeds):
        forget, keep = make_facts(seed)
        both = (np.vstack([forget[0], keep[0]]), np.concatenate([forget[1], keep[1]]))
        base = train(np.zeros((48, 10)), both, 300, 4.0)
        for name, w in unlearn(base, forget, keep).items():
            (_, before), (shown, after) = relearn(w, forget, 0), relearn(w, forget, steps)
            rows.setdefault(name, []).append([accuracy(w, forget), accuracy(w, keep), before, after, shown])
    return {name: np.mean(values, axis=0) for name, values in rows.items()}


# --8<-- [start:generic]
def generic_logits(base: Array, reinforced: Array, alpha: float) -> Array:
    """Lower each logit that reinforcement raised, leave the rest: (vocab,) → (vocab,)."""
    lowered: Array = base - alpha * np.maximum(reinforced - base, 0.0)
    return lowered


# --8<-- [end:generic]
