r"""The game of 24 as a tree of thoughts: propose a step, judge the state, keep the best few.

Source: Yao et al., *Tree of Thoughts* (arXiv:2305.10601), section 4.1. A state is the multiset of numbers left; a
thought combines two of them. The judge knows the truth and errs with a given probability, in place of a language model.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np

State = tuple[Fraction, ...]
TARGET = Fraction(24)


# --8<-- [start:states]
@cache
def thoughts(state: State) -> tuple[State, ...]:
    """All states one operation away, without repeats."""
    out = set()
    for i, a in enumerate(state):
        for j, b in enumerate(state):
            if i != j:
                rest = [x for k, x in enumerate(state) if k not in (i, j)]
                results = [a - b] + ([a + b, a * b] if i < j else []) + ([a / b] if b else [])
                out |= {tuple(sorted([*rest, r])) for r in results}
    return tuple(sorted(out))


@cache
def solvable(state: State) -> bool:
    """Can 24 still be reached?"""
    return state == (TARGET,) if len(state) == 1 else any(map(solvable, thoughts(state)))


@cache
def blind(state: State) -> float:
    """Chance of 24 if each step is drawn uniformly from the distinct next states: a chain without looking ahead."""
    if len(state) == 1:
        return float(state == (TARGET,))
    return sum(map(blind, thoughts(state))) / len(thoughts(state))


# --8<-- [end:states]


# --8<-- [start:search]
def beam(state: State, width: int, error: float, rng: np.random.Generator) -> bool:
    """Keep `width` states by the judge's verdict, wrong with chance `error` each; ties by lot."""
    level = [state]
    while len(level[0]) > 1:
        fresh = sorted({s for old in level for s in thoughts(old)})
        if len(fresh[0]) == 1:  # arithmetic settles the last step, no judge is needed
            return (TARGET,) in fresh
        verdict = [solvable(s) != (rng.random() < error) for s in fresh]
        order = sorted(range(len(fresh)), key=lambda i: (not verdict[i], rng.random()))
        level = [fresh[i] for i in order[:width]]
    return level[0] == (TARGET,)


# --8<-- [end:search]


def hand(*numbers: int) -> State:
    """A state from integers."""
    return tuple(sorted(Fraction(n) for n in numbers))
