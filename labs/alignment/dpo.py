r"""DPO: the loss, its gradient and the implicit reward; with length terms and with an NLL term.

Sources: Rafailov et al. (arXiv:2305.18290), sections 4 and 5 and appendix A; Park et al. (arXiv:2403.19159) for the
length margin; Pang et al. (arXiv:2404.19733) for the NLL term.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def sigmoid(x: Array) -> Array:
    """1/(1+e^{−x}), elementwise."""
    y: Array = 1 / (1 + np.exp(-x))
    return y


# --8<-- [start:loss]
def implicit_reward(logp: Array, ref_logp: Array, beta: float = 0.1) -> Array:
    r"""$\hat r=\beta\log(\pi_\theta/\pi_{ref})$ of whole responses (n,): log-probabilities summed over their tokens."""
    return beta * (logp - ref_logp)


def dpo(
    chosen: Array,
    rejected: Array,
    ref_chosen: Array,
    ref_rejected: Array,
    beta: float = 0.1,
    shift: Array | float = 0.0,
) -> tuple[float, Array, Array]:
    r"""Mean of $-\log\sigma(\hat r_w-\hat r_l+\text{shift})$ over n pairs; its gradients in `chosen`, `rejected` (n,).

    All arguments are log-probabilities of responses (n,). `shift` = α(|y_w|−|y_l|) gives R-DPO.
    """
    margin = implicit_reward(chosen, ref_chosen, beta) - implicit_reward(rejected, ref_rejected, beta) + shift  # (n,)
    loss = float(np.logaddexp(0.0, -margin).mean())  # −log σ(m) = log(1+e^{−m}), safe for large |m|
    pull = beta * sigmoid(-margin) / len(margin)  # (n,): large where the implicit rewards are in the wrong order
    return loss, -pull, pull  # equal and opposite


# --8<-- [end:loss]


# --8<-- [start:variants]
def normalised_dpo(
    chosen: Array, rejected: Array, ref_chosen: Array, ref_rejected: Array, n_w: Array, n_l: Array, beta: float
) -> tuple[float, Array, Array]:
    """DPO on log-probabilities per token: every response is divided by its own length `n_w`, `n_l` (n,)."""
    loss, g_w, g_l = dpo(chosen / n_w, rejected / n_l, ref_chosen / n_w, ref_rejected / n_l, beta)
    return loss, g_w / n_w, g_l / n_l  # the two pulls on log π(y) are no longer equal


def dpo_nll(
    chosen: Array, rejected: Array, ref_chosen: Array, ref_rejected: Array, n_w: Array, beta: float, alpha: float
) -> tuple[float, Array, Array]:
    r"""DPO + $\alpha\cdot\frac{-\log\pi_\theta(y_w)}{|y_w|}$: adds a constant pull up on the chosen response."""
    loss, g_w, g_l = dpo(chosen, rejected, ref_chosen, ref_rejected, beta)
    return loss - alpha * float((chosen / n_w).mean()), g_w - alpha / n_w / len(chosen), g_l


# --8<-- [end:variants]


# --8<-- [start:optimum]
def closed_form(ref: Array, reward: Array, beta: float) -> tuple[Array, float]:
    r"""$\pi^*=\pi_{ref}\,e^{r/\beta}/Z$ over K responses (K,), and Z: the policy that maximises E[r] − β·KL."""
    weight = ref * np.exp(reward / beta)  # (K,)
    z = float(weight.sum())
    return weight / z, z


def population_loss(pi: Array, ref: Array, reward: Array, beta: float) -> float:
    """Expected DPO loss when both responses are drawn from ref (K,) and a Bradley-Terry annotator picks by reward."""
    log_ratio = np.log(pi / ref)  # (K,)
    margin = beta * (log_ratio[:, None] - log_ratio[None, :])  # (K, K): row against column
    row_wins = sigmoid(reward[:, None] - reward[None, :])  # (K, K)
    each = row_wins * np.logaddexp(0.0, -margin) + (1 - row_wins) * np.logaddexp(0.0, margin)  # (K, K)
    return float((ref[:, None] * ref[None, :] * each).sum())


# --8<-- [end:optimum]
