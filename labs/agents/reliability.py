r"""Success over many steps: chains, checked retries, fixed flow against free loop, and consistency over repetitions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:chain]
def chain(p: float, steps: int) -> float:
    """All steps must succeed and nothing is ever repaired."""
    return p**steps


def checked(p: float, detect: float, retries: int) -> float:
    """One step whose failures are noticed with probability `detect` and then tried again, at most `retries` times."""
    again = (1 - p) * detect
    return p * sum(again**k for k in range(retries + 1))


def calls(p: float, detect: float, retries: int) -> float:
    """Mean number of attempts of such a step."""
    again = (1 - p) * detect
    return sum(again**k for k in range(retries + 1))


# --8<-- [end:chain]


# --8<-- [start:flow]
def flow_then_agent(covered: float, flow: float, agent: float) -> float:
    """A fixed flow for the cases it covers, the free loop for the others."""
    return covered * flow + (1 - covered) * agent


def worth(covered: float, flow: float, agent: float) -> bool:
    """Does the flow alone beat the free loop alone? It fails on everything it does not cover."""
    return covered * flow > agent


# --8<-- [end:flow]


# --8<-- [start:repeat]
def all_pass(rates: Array, k: int) -> float:
    """pass^k: mean over tasks of the chance that k independent runs all succeed; `rates` (n,) per task."""
    return float((rates**k).mean())


def any_pass(rates: Array, k: int) -> float:
    """pass@k: the chance that at least one of k succeeds."""
    return float((1 - (1 - rates) ** k).mean())


# --8<-- [end:repeat]
