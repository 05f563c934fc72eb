r"""Speculative decoding: a small model guesses, the large one checks all guesses at once, and nothing changes.

Sources: Leviathan et al. (arXiv:2211.17192), sections 2.2, 3 and appendix A.1; Chen et al. (arXiv:2302.01318).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Model = Callable[[tuple[int, ...]], Array]  # prefix → probabilities (V,) of the next token


# --8<-- [start:accept]
def accept_probability(p: Array, q: Array) -> Array:
    """min(1, p/q) for each token the draft may have drawn; (V,). Where q is 0 the draft never asks."""
    return np.minimum(1, p / np.where(q > 0, q, 1))


def residual(p: Array, q: Array) -> Array:
    """What to draw from after a rejection: the part of p (V,) that q (V,) does not cover, renormalised."""
    rest = np.maximum(p - q, 0)  # (V,)
    return rest / rest.sum() if rest.sum() > 0 else p


def acceptance_rate(p: Array, q: Array) -> float:
    """Chance that a token drawn from q is accepted: the overlap Σ min(p, q), one minus total variation."""
    return float(np.minimum(p, q).sum())


# --8<-- [end:accept]


# --8<-- [start:round]
def draw(p: Array, rng: np.random.Generator) -> int:
    """One token from p (V,)."""
    return int(rng.choice(len(p), p=p))


def speculative_round(
    target: Model, draft: Model, prefix: tuple[int, ...], gamma: int, rng: np.random.Generator
) -> list[int]:
    """1 to γ + 1 new tokens for one pass of the target."""
    guess: list[int] = []
    q = []
    for _ in range(gamma):  # the draft is serial, but cheap
        q.append(draft((*prefix, *guess)))
        guess.append(draw(q[-1], rng))
    p = [target((*prefix, *guess[:i])) for i in range(gamma + 1)]  # one parallel pass in a real model
    for i, x in enumerate(guess):
        if rng.random() >= accept_probability(p[i], q[i])[x]:
            return [*guess[:i], draw(residual(p[i], q[i]), rng)]  # the later guesses are thrown away
    return [*guess, draw(p[gamma], rng)]  # all accepted: one more token for free


# --8<-- [end:round]


# --8<-- [start:exact]
def outcomes(
    target: Model, draft: Model, gamma: int, done: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Every possible result of a round and its probability, summed over all drafts: no random numbers."""
    p = target(done)  # (V,)
    if len(done) == gamma:
        yield from (((*done, y), float(p[y])) for y in range(len(p)))
        return
    q = draft(done)  # (V,)
    overlap = np.minimum(p, q)  # (V,): drawn by the draft and accepted
    for x in range(len(p)):
        for tokens, chance in outcomes(target, draft, gamma, (*done, x)):
            yield tokens, float(overlap[x]) * chance
    rest = residual(p, q) * (1 - overlap.sum())  # (V,): some guess was rejected here, and y drawn instead
    yield from (((*done, y), float(rest[y])) for y in range(len(p)))


# --8<-- [end:exact]


# --8<-- [start:speed]
def expected_tokens(alpha: float, gamma: int) -> float:
    """Mean new tokens per round if every guess is accepted with the same chance α, independently."""
    return gamma + 1.0 if alpha == 1 else (1 - alpha ** (gamma + 1)) / (1 - alpha)


def speedup(alpha: float, gamma: int, c: float) -> float:
    """Against plain decoding, when a draft step costs `c` target steps and checking γ + 1 costs one."""
    return expected_tokens(alpha, gamma) / (gamma * c + 1)


def extra_arithmetic(alpha: float, gamma: int, c: float) -> float:
    """How many times the arithmetic of plain decoding; `c` is the ratio of FLOPs here."""
    return (gamma * c + gamma + 1) / expected_tokens(alpha, gamma)


def best_gamma(alpha: float, c: float, most: int = 50) -> int:
    """The γ with the largest speed-up; 0 means: do not speculate."""
    return max(range(most + 1), key=lambda g: speedup(alpha, g, c))


# --8<-- [end:speed]
