r"""What RLHF would reach with unlimited optimisation, $\pi^*\propto\pi_{ref}\,e^{r/\beta}$, on a short list of answers.

Sources: Rafailov et al. (arXiv:2305.18290), section 4 and appendix A.1; Stiennon et al. (arXiv:2009.01325).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.foundations.cross_entropy_kl import kl

Array = npt.NDArray[np.float64]


# --8<-- [start:optimum]
def objective(pi: Array, ref: Array, reward: Array, beta: float) -> float:
    r"""$J(\pi)=\mathbb E_\pi[r]-\beta\,D_{KL}(\pi\|\pi_{ref})$ for distributions and rewards (A,)."""
    return float(pi @ reward) - beta * kl(pi, ref)


def log_partition(ref: Array, reward: Array, beta: float) -> float:
    r"""$\log Z=\log\sum_y\pi_{ref}(y)e^{r(y)/\beta}$; the largest value of J is $\beta\log Z$."""
    return float(np.logaddexp.reduce(np.log(ref) + reward / beta))


def optimum(ref: Array, reward: Array, beta: float) -> Array:
    r"""$\pi^*(y)=\pi_{ref}(y)e^{r(y)/\beta}/Z$: (A,)."""
    pi: Array = np.exp(np.log(ref) + reward / beta - log_partition(ref, reward, beta))
    return pi


# --8<-- [end:optimum]
